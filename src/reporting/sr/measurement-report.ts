import { derivedUid } from '../../dicom/derived-uid.js';
import { firstText, items, tag, type DicomJson } from '../../dicom/dicom-json.js';
import type { ImageReading } from '../../inference/reading.js';
import type { CodedConcept } from '../coded-concept.js';
import { dataElements } from '../data-elements.js';
import { derivedInstance, imageReference } from '../derived-instance.js';
import type { PreliminaryReport } from '../preliminary-report.js';
import * as concept from './concepts.js';
import { code, container, image as imageItem, text, uidReference } from './content-items.js';
import { findingGroup, qualityGroup } from './measurement-groups.js';

/** Comprehensive SR, not 3D: no coordinates, and every viewer of measurement reports takes it. */
const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';
const SERIES_NUMBER = 9901;
const PROCEDURE_CODE_SEQUENCE = tag(0x0008, 0x1032);

/**
 * A report as a Measurement Report (PS3.16 TID 1500) in a Comprehensive SR (PS3.3 A.35.3): preliminary, partial and
 * unverified, as long as no physician has seen it. The same report and version always give the same data set and UIDs.
 */
export function measurementReport(report: PreliminaryReport): DicomJson {
  return {
    ...derivedInstance(report),
    ...seriesAndDocument(report),
    ...container(undefined, concept.IMAGING_MEASUREMENT_REPORT, '1500', [
      code('HAS CONCEPT MOD', concept.LANGUAGE, concept.ENGLISH), // TID 1204
      ...observer(report),
      ...proceduresReported(report).map((procedure) => code('HAS CONCEPT MOD', concept.PROCEDURE_REPORTED, procedure)),
      imageLibrary(report),
      container('CONTAINS', concept.IMAGING_MEASUREMENTS, undefined, [
        ...report.findings.map((finding) => findingGroup(report, finding)),
        ...report.images.map((image, index) => qualityGroup(report, image, index + 1)),
      ]),
      container('CONTAINS', concept.QUALITATIVE_EVALUATIONS, undefined, [text('CONTAINS', concept.CONCLUSION, report.conclusion)]),
    ]),
  };
}

const documentUid = ({ id }: PreliminaryReport, version: number): string => derivedUid('sr', id, String(version));

/** SOP Common, SR Document Series and SR Document General (PS3.3 C.12.1, C.17.1, C.17.2). */
function seriesAndDocument(report: PreliminaryReport): DicomJson {
  return dataElements({
    SOPClassUID: COMPREHENSIVE_SR,
    SOPInstanceUID: documentUid(report, report.version),
    CodingSchemeIdentificationSequence: dataElements({
      CodingSchemeDesignator: concept.PRIVATE_SCHEME,
      CodingSchemeName: 'wetread measures and verdicts',
      CodingSchemeResponsibleOrganization: 'wetread project',
    }),
    Modality: 'SR',
    SeriesInstanceUID: derivedUid('sr-series', report.id),
    SeriesNumber: SERIES_NUMBER,
    SeriesDescription: 'wetread preliminary report',
    ReferencedPerformedProcedureStepSequence: null,
    InstanceNumber: report.version,
    PreliminaryFlag: 'PRELIMINARY',
    CompletionFlag: 'PARTIAL',
    VerificationFlag: 'UNVERIFIED',
    PerformedProcedureCodeSequence: null,
    PredecessorDocumentsSequence: report.version > 1 ? predecessor(report) : undefined,
    CurrentRequestedProcedureEvidenceSequence: evidence(report),
  });
}

/** The version that this one takes the place of. */
const predecessor = (report: PreliminaryReport): DicomJson =>
  hierarchicalReference(report, [
    [
      derivedUid('sr-series', report.id),
      [dataElements({ ReferencedSOPClassUID: COMPREHENSIVE_SR, ReferencedSOPInstanceUID: documentUid(report, report.version - 1) })],
    ],
  ]);

/** Every image of the document once, by series (PS3.3 C.17.2.3): frames are named in the content only. */
function evidence(report: PreliminaryReport): DicomJson {
  const bySeries = Map.groupBy(report.images, ({ seriesInstanceUID }) => seriesInstanceUID);
  return hierarchicalReference(
    report,
    [...bySeries].map(([series, images]) => [series, instancesOf(images)]),
  );
}

const instancesOf = (images: readonly ImageReading[]): DicomJson[] =>
  [...new Map(images.map((image) => [image.sopInstanceUID, image])).values()].map((image) =>
    dataElements({ ReferencedSOPClassUID: image.sopClassUID, ReferencedSOPInstanceUID: image.sopInstanceUID }),
  );

/** Hierarchical SOP Instance Reference Macro (PS3.3 Table C.17-3). */
const hierarchicalReference = ({ study }: PreliminaryReport, series: readonly (readonly [string, readonly DicomJson[]])[]): DicomJson =>
  dataElements({
    StudyInstanceUID: study.studyInstanceUID,
    ReferencedSeriesSequence: series.map(([seriesInstanceUID, references]) =>
      dataElements({ SeriesInstanceUID: seriesInstanceUID, ReferencedSOPSequence: references }),
    ),
  });

/** The model version as the observer (PS3.16 TID 1001, 1002, 1004): a device, no person. */
function observer({ model }: PreliminaryReport): DicomJson[] {
  return [
    code('HAS OBS CONTEXT', concept.OBSERVER_TYPE, concept.DEVICE),
    uidReference('HAS OBS CONTEXT', concept.DEVICE_OBSERVER_UID, derivedUid('device', model.name, model.version, model.sha256)),
    text('HAS OBS CONTEXT', concept.DEVICE_OBSERVER_NAME, model.title),
    text('HAS OBS CONTEXT', concept.DEVICE_OBSERVER_MANUFACTURER, model.manufacturer),
    text('HAS OBS CONTEXT', concept.DEVICE_OBSERVER_MODEL_NAME, `${model.name} ${model.version}`),
  ];
}

/** As the study's Procedure Code Sequence says; items without a whole code are passed over. */
function proceduresReported({ study }: PreliminaryReport): CodedConcept[] {
  const stated = items(study.attributes, PROCEDURE_CODE_SEQUENCE).flatMap((item) => {
    const value = firstText(item, tag(0x0008, 0x0100)) ?? firstText(item, tag(0x0008, 0x0119));
    const scheme = firstText(item, tag(0x0008, 0x0102));
    const meaning = firstText(item, tag(0x0008, 0x0104));
    return value !== undefined && scheme !== undefined && meaning !== undefined ? [{ scheme, code: value, meaning }] : [];
  });
  return stated.length > 0 ? stated : [concept.IMAGING_STUDY];
}

/** PS3.16 TID 1600, 1601: the images that the model read. */
const imageLibrary = (report: PreliminaryReport): DicomJson =>
  container('CONTAINS', concept.IMAGE_LIBRARY, '1600', [
    container(
      'CONTAINS',
      concept.IMAGE_LIBRARY_GROUP,
      undefined,
      report.images.map((image) => imageItem('CONTAINS', undefined, imageReference(report, image))),
    ),
  ]);
