import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { writePart10 } from '../../src/dicom/part10-writer.js';
import type { CodedConcept } from '../../src/reporting/coded-concept.js';
import { dataElements, type Content } from '../../src/reporting/data-elements.js';
import { code, container, image, number, text } from '../../src/reporting/sr/content-items.js';
import { newUid } from '../e2e/instances.js';

export const own = (codeValue: string): CodedConcept => ({ scheme: '99WETREAD', code: codeValue, meaning: codeValue });
const dcm = (codeValue: string, meaning: string): CodedConcept => ({ scheme: 'DCM', code: codeValue, meaning });
const sct = (codeValue: string, meaning: string): CodedConcept => ({ scheme: 'SCT', code: codeValue, meaning });
const YES = sct('373066001', 'Yes');
const NO = sct('373067005', 'No');

export const reference = (uid: string): DicomJson =>
  dataElements({ ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1', ReferencedSOPInstanceUID: uid });
const imageOf = (uid: string): DicomJson => image('CONTAINS', undefined, reference(uid));
/** A NUM that was not measured, and why. */
const unmeasured = (name: CodedConcept, why: string): DicomJson => ({
  ...number(name, NaN),
  ...dataElements({ NumericValueQualifierCodeSequence: codeOf(sct('1', why)) }),
});
const codeOf = ({ scheme, code: CodeValue, meaning }: CodedConcept): DicomJson =>
  dataElements({ CodeValue, CodingSchemeDesignator: scheme, CodeMeaning: meaning });

/** Who reads (PS3.16 TID 1002, 1003). */
export const observer = (key: string): DicomJson[] => [
  code('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121006', 'Person')),
  {
    ...dataElements({
      RelationshipType: 'HAS OBS CONTEXT',
      ValueType: 'PNAME',
      ConceptNameCodeSequence: codeOf(dcm('121008', 'Person Observer Name')),
    }),
    ...dataElements({ PersonName: { Alphabetic: 'Reader^Somebody' } }),
  },
  text('HAS OBS CONTEXT', dcm('128775', "Identifier within Person Observer's Role"), key),
];

export interface ReadingSaid {
  readonly uid: string;
  readonly rating?: number | null;
  readonly clinicalAction?: boolean | null;
  readonly arm?: string;
}

/** A container of one reading; without rating it could not be read. */
export const aReadingGroup = ({ uid, rating = 4, clinicalAction = true, arm = 'unaided' }: ReadingSaid): DicomJson =>
  container('CONTAINS', own('reading'), undefined, [
    rating === null ? unmeasured(own('rating'), 'Motion') : number(own('rating'), rating),
    ...(clinicalAction === null ? [] : [code('CONTAINS', own('clinical-action'), clinicalAction ? YES : NO)]),
    code('CONTAINS', own('arm'), own(arm)),
    imageOf(uid),
  ]);

export const aLabelGroup = (uid: string, label: boolean | null, method = 'biopsy'): DicomJson =>
  container('CONTAINS', own('truth'), undefined, [
    label === null ? unmeasured(own('label'), 'not told') : code('CONTAINS', own('label'), label ? YES : NO),
    text('CONTAINS', own('method'), method),
    imageOf(uid),
  ]);

/** An Enhanced SR of some items in its root. @param more  elements that take the place of its own */
export const aReadingReport = (children: readonly DicomJson[], more: Readonly<Record<string, Content>> = {}): DicomJson => ({
  ...dataElements({
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.22',
    SOPInstanceUID: newUid(),
    StudyInstanceUID: newUid(),
    SeriesInstanceUID: newUid(),
    PatientName: { Alphabetic: 'Doe^Jane' },
    PatientID: 'P1',
    PatientBirthDate: null,
    PatientSex: 'F',
    StudyDate: '20260301',
    StudyTime: '101500',
    ReferringPhysicianName: null,
    StudyID: '1',
    AccessionNumber: null,
    Manufacturer: 'A reading station',
    Modality: 'SR',
    SeriesNumber: 1,
    InstanceNumber: 1,
    ReferencedPerformedProcedureStepSequence: null,
    PerformedProcedureCodeSequence: null,
    ContentDate: '20260302',
    ContentTime: '101530.5',
    TimezoneOffsetFromUTC: '+0100',
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
  }),
  ...container(undefined, own('reading-report'), undefined, children),
  ...dataElements(more),
});

/** As evidence, in a study and series of no matter. */
export const evidence = (...uids: readonly string[]): Record<string, Content> => ({
  CurrentRequestedProcedureEvidenceSequence: dataElements({
    StudyInstanceUID: newUid(),
    ReferencedSeriesSequence: dataElements({ SeriesInstanceUID: newUid(), ReferencedSOPSequence: uids.map(reference) }),
  }),
});

export const inPart10 = (dataset: DicomJson): Buffer => writePart10(dataset);
