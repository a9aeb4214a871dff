import { tagOf, vrOf } from './data-dictionary.js';
import { writeDataSet } from './data-set-writer.js';
import { firstText, items, type DicomElement, type DicomJson, type Tag } from './dicom-json.js';
import type { LeafType } from './directory-record-types.js';
import { EXPLICIT_LITTLE_ENDIAN } from './encoding.js';
import { UnwritableValue } from './faults.js';

/** The keys of a directory record by keyword, as PS3.3 F.5 types them. */
interface Keys {
  /** Type 1: there is always a value. */
  readonly valued?: readonly string[];
  /** Type 2: always there, empty perhaps. */
  readonly present?: readonly string[];
  /** Type 1C and 3: there where the instance has it. */
  readonly optional?: readonly string[];
}

export type RecordType = 'PATIENT' | 'STUDY' | 'SERIES' | LeafType;

const CONTENT_TIME = ['ContentDate', 'ContentTime'];
/** PS3.3 Table 10-12 with the times that go along. */
const IDENTIFIED_CONTENT: Keys = {
  valued: [...CONTENT_TIME, 'InstanceNumber', 'ContentLabel'],
  present: ['ContentDescription', 'ContentCreatorName'],
};

/** PS3.3 F.5. */
const KEYS: Readonly<Record<RecordType, Keys>> = {
  PATIENT: { valued: ['PatientID'], present: ['PatientName'], optional: ['IssuerOfPatientID', 'PatientBirthDate', 'PatientSex'] },
  STUDY: { valued: ['StudyDate', 'StudyTime', 'StudyInstanceUID', 'StudyID'], present: ['StudyDescription', 'AccessionNumber'] },
  SERIES: { valued: ['Modality', 'SeriesInstanceUID', 'SeriesNumber'], optional: ['SeriesDescription'] },
  IMAGE: { valued: ['InstanceNumber'], optional: ['ImageType', 'NumberOfFrames'] },
  'RT DOSE': { valued: ['InstanceNumber', 'DoseSummationType'], optional: ['DoseComment'] },
  'RT STRUCTURE SET': { valued: ['InstanceNumber', 'StructureSetLabel'], present: ['StructureSetDate', 'StructureSetTime'] },
  'RT PLAN': { valued: ['InstanceNumber', 'RTPlanLabel'], present: ['RTPlanDate', 'RTPlanTime'] },
  'RT TREAT RECORD': { valued: ['InstanceNumber'], present: ['TreatmentDate', 'TreatmentTime'] },
  PRESENTATION: {
    valued: ['PresentationCreationDate', 'PresentationCreationTime', 'InstanceNumber', 'ContentLabel'],
    present: ['ContentDescription', 'ContentCreatorName'],
    optional: ['ReferencedSeriesSequence', 'BlendingSequence'],
  },
  WAVEFORM: { valued: ['InstanceNumber', ...CONTENT_TIME] },
  'SR DOCUMENT': {
    valued: ['InstanceNumber', 'CompletionFlag', 'VerificationFlag', ...CONTENT_TIME, 'ConceptNameCodeSequence'],
    optional: ['VerificationDateTime', 'ContentSequence'],
  },
  'KEY OBJECT DOC': { valued: ['InstanceNumber', ...CONTENT_TIME, 'ConceptNameCodeSequence'], optional: ['ContentSequence'] },
  SPECTROSCOPY: {
    valued: ['ImageType', ...CONTENT_TIME, 'InstanceNumber', 'NumberOfFrames', 'Rows', 'Columns', 'DataPointRows', 'DataPointColumns'],
    optional: ['ReferencedImageEvidenceSequence'],
  },
  'RAW DATA': { valued: CONTENT_TIME, present: ['InstanceNumber'] },
  REGISTRATION: IDENTIFIED_CONTENT,
  FIDUCIAL: IDENTIFIED_CONTENT,
  'VALUE MAP': IDENTIFIED_CONTENT,
  MEASUREMENT: IDENTIFIED_CONTENT,
  SURFACE: IDENTIFIED_CONTENT,
  TRACT: IDENTIFIED_CONTENT,
  ANNOTATION: IDENTIFIED_CONTENT,
  'SURFACE SCAN': { valued: CONTENT_TIME },
  'ENCAP DOC': {
    valued: ['InstanceNumber', 'MIMETypeOfEncapsulatedDocument'],
    present: [...CONTENT_TIME, 'DocumentTitle', 'ConceptNameCodeSequence'],
    optional: ['HL7InstanceIdentifier'],
  },
  ASSESSMENT: { valued: ['InstanceNumber', 'InstanceCreationDate'], present: ['InstanceCreationTime'] },
  RADIOTHERAPY: {
    valued: ['InstanceNumber'],
    present: ['ContentDescription', 'ContentCreatorName'],
    optional: ['UserContentLabel', 'UserContentLongLabel'],
  },
  STEREOMETRIC: {},
  PLAN: {},
  PRIVATE: {},
};

/** Where another date or time of the instance tells as much, best first. */
const DATES = ['SeriesDate', 'AcquisitionDate', 'ContentDate', 'InstanceCreationDate'].map(known);
const TIMES = ['SeriesTime', 'AcquisitionTime', 'ContentTime', 'InstanceCreationTime'].map(known);

/** Enumerated values that claim nothing. */
const SAFE: Readonly<Record<string, string>> = { Modality: 'OT', CompletionFlag: 'PARTIAL', VerificationFlag: 'UNVERIFIED' };

/**
 * The keys of a directory record (PS3.3 F.5), from the data set of an instance. A key that must have a value and has none in
 * the instance gets one, as PS3.3 leaves no other way: another date of the instance or 1900-01-01, the record's place, its name.
 * A value that cannot be written counts as none.
 * @param place  the record's, from 1 among its neighbours
 * @param name  what the record is called where it has no other name; letters A to Z, digits
 */
export function directoryKeys(type: RecordType, dataset: DicomJson, place: number, name: string): DicomJson {
  const { valued = [], present = [], optional = [] } = KEYS[type];
  const found = (keyword: string): DicomElement | undefined => writable(known(keyword), keyElement(keyword, dataset));
  const keys: DicomJson = {};
  for (const keyword of optional) {
    const element = found(keyword);
    if (element !== undefined) keys[known(keyword)] = element;
  }
  for (const keyword of present) keys[known(keyword)] = found(keyword) ?? { vr: vrOf(known(keyword)) };
  for (const keyword of valued) keys[known(keyword)] = found(keyword) ?? inPlace(keyword, dataset, place, name);
  return keys;
}

/** The value of a key in an instance, without what a directory leaves out (PS3.3 Tables F.5-24, F.5-25). */
function keyElement(keyword: string, dataset: DicomJson): DicomElement | undefined {
  if (keyword === 'VerificationDateTime') {
    const times = items(dataset, known('VerifyingObserverSequence')).map((item) => firstText(item, known(keyword)) ?? '');
    const latest = times.sort().at(-1);
    return latest ? { vr: 'DT', Value: [latest] } : undefined;
  }
  if (keyword !== 'ContentSequence') return dataset[known(keyword)];
  const modifiers = items(dataset, known(keyword)).filter((item) => firstText(item, known('RelationshipType')) === 'HAS CONCEPT MOD');
  return modifiers.length > 0 ? { vr: 'SQ', Value: modifiers } : undefined;
}

function writable(at: Tag, element: DicomElement | undefined): DicomElement | undefined {
  if (element?.Value === undefined || element.Value.every((value) => value === null || value === '')) return undefined;
  try {
    writeDataSet({ [at]: element }, EXPLICIT_LITTLE_ENDIAN);
    return element;
  } catch (fault) {
    if (!(fault instanceof UnwritableValue)) throw fault;
    return undefined; // a directory without it is worth more than none
  }
}

function inPlace(keyword: string, dataset: DicomJson, place: number, name: string): DicomElement {
  const vr = vrOf(known(keyword));
  const other = (tags: readonly Tag[]) => tags.map((at) => firstText(dataset, at)).find((text) => text !== undefined);
  if (vr === 'DA') return { vr, Value: [other(DATES) ?? '19000101'] };
  if (vr === 'TM') return { vr, Value: [other(TIMES) ?? '000000'] };
  if (vr === 'IS') return { vr, Value: [place] };
  const value = SAFE[keyword] ?? (['PatientID', 'StudyID', 'ContentLabel'].includes(keyword) ? name : undefined);
  return value === undefined ? { vr } : { vr, Value: [value] };
}

function known(keyword: string): Tag {
  const at = tagOf(keyword);
  if (at === undefined) throw new Error(`PS3.6 has no ${keyword}`);
  return at;
}
