import type { Coding, ImagingStudy, ImagingStudySeries } from 'fhir/r4.js';
import { firstText, tag, type DicomJson } from '../../dicom/dicom-json.js';
import { narrative } from '../../records/narrative.js';
import { resourceId } from '../../records/resource-id.js';
import { endpointId } from './endpoint.js';
import { headerText } from './header-text.js';
import { patientResourceId } from './patient.js';

/** A study with what an ImagingStudy lists of it. */
export interface StudyForFhir {
  readonly studyInstanceUID: string;
  readonly attributes: DicomJson;
  /** FHIR dateTime of the study, where it has one. */
  readonly started: string | undefined;
  readonly series: readonly {
    readonly seriesInstanceUID: string;
    readonly modality: string;
    readonly seriesNumber: number | null;
    readonly description: string | undefined;
    readonly instances: readonly {
      readonly sopInstanceUID: string;
      readonly sopClassUID: string;
      readonly instanceNumber: number | null;
    }[];
  }[];
}

export const imagingStudyId = (studyInstanceUID: string): string => resourceId('ImagingStudy', studyInstanceUID);

/** DICOM's modality codes are DCM codes (PS3.16 CID 29); a series without one, or with what is no code string, is of other modality. */
const modalityCode = (modality: string): string => (/^[A-Z0-9_]+( [A-Z0-9_]+)*$/.test(modality) ? modality : 'OT');

const modalityCoding = (modality: string): Coding => ({
  system: 'http://dicom.nema.org/resources/ontology/DCM',
  code: modalityCode(modality),
});

/** The study as an ImagingStudy (R4 imagingstudy.html; identifiers as IHE RAD IMR asks). */
export function imagingStudy(study: StudyForFhir): ImagingStudy & { id: string } {
  const { attributes, series } = study;
  const accession = headerText(firstText(attributes, tag(0x0008, 0x0050)));
  const description = headerText(firstText(attributes, tag(0x0008, 0x1030)));
  const referrer = headerText(firstText(attributes, tag(0x0008, 0x0090))?.replaceAll('^', ' '));
  const modalities = [...new Set(series.map(({ modality }) => modalityCode(modality)))].sort();
  return {
    resourceType: 'ImagingStudy',
    id: imagingStudyId(study.studyInstanceUID),
    text: narrative(`${modalities.join(', ')} study${description ? `: ${description}` : ''}`),
    identifier: [
      { system: 'urn:dicom:uid', value: `urn:oid:${study.studyInstanceUID}` },
      ...(accession
        ? [
            {
              type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN', display: 'Accession ID' }] },
              value: accession,
            },
          ]
        : []),
    ],
    status: 'available',
    modality: modalities.map(modalityCoding),
    subject: { reference: `Patient/${patientResourceId(attributes, study.studyInstanceUID)}` },
    ...(study.started ? { started: study.started } : {}),
    ...(referrer ? { referrer: { display: referrer } } : {}),
    endpoint: [{ reference: `Endpoint/${endpointId()}` }],
    numberOfSeries: series.length,
    numberOfInstances: series.reduce((sum, { instances }) => sum + instances.length, 0),
    ...(description ? { description } : {}),
    series: series.map(seriesOf),
  };
}

/** A study that was taken out of the archive: nothing of it is available, and there is no endpoint to ask for it. */
export function cancelled(study: ImagingStudy & { id: string }): ImagingStudy & { id: string } {
  const { modality: _modality, endpoint: _endpoint, series: _series, ...rest } = study;
  return { ...rest, text: narrative('Study that was deleted from the archive'), status: 'cancelled' };
}

const seriesOf = ({
  seriesInstanceUID,
  seriesNumber,
  modality,
  description,
  instances,
}: StudyForFhir['series'][number]): ImagingStudySeries => ({
  uid: seriesInstanceUID,
  ...unsigned('number', seriesNumber),
  modality: modalityCoding(modality),
  ...(headerText(description) ? { description: headerText(description) } : {}),
  numberOfInstances: instances.length,
  instance: instances.map((one) => ({
    uid: one.sopInstanceUID,
    sopClass: { system: 'urn:ietf:rfc:3986', code: `urn:oid:${one.sopClassUID}` },
    ...unsigned('number', one.instanceNumber),
  })),
});

/** unsignedInt (R4): DICOM's numbers may be negative, FHIR's not. */
const unsigned = (name: 'number', value: number | null): { number?: number } => (value !== null && value >= 0 ? { [name]: value } : {});
