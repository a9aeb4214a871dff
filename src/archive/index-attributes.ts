import { tag, type DicomElement, type DicomJson, type Tag, allTexts, firstNumber, firstText } from '../dicom/dicom-json.js';
import { dicomJsonText } from '../dicom/dicom-json-text.js';
import { patientResourceId } from './fhir/patient.js';
import { levelOf, type Level } from './attribute-levels.js';
import type { IndexedInstance } from './insert-instances.sql.js';
import { answerText } from './search-answer.js';
import { requestsOf } from './request-attributes.js';
import { soundsOf } from './name-sounds.js';
import { searchableName } from './searchable-name.js';

const PATIENT_NAME = tag(0x0010, 0x0010);
const PATIENT_ID = tag(0x0010, 0x0020);
const STUDY_DATE = tag(0x0008, 0x0020);
const STUDY_TIME = tag(0x0008, 0x0030);
const ACCESSION_NUMBER = tag(0x0008, 0x0050);
const REFERRING_PHYSICIAN_NAME = tag(0x0008, 0x0090);
const STUDY_ID = tag(0x0020, 0x0010);
const MODALITY = tag(0x0008, 0x0060);
const SERIES_NUMBER = tag(0x0020, 0x0011);
const INSTANCE_NUMBER = tag(0x0020, 0x0013);
const STUDY_DESCRIPTION = tag(0x0008, 0x1030);
const TIMEZONE_OFFSET = tag(0x0008, 0x0201);
const PERFORMED_DATE = tag(0x0040, 0x0244);
const PERFORMED_TIME = tag(0x0040, 0x0245);
/** Of answers (PS3.18 10.4.3.3.2), never of an instance: `storedDataset` takes it out. */
export const AVAILABLE_TRANSFER_SYNTAX_UID = tag(0x0008, 0x3002);

/**
 * What the index keeps of an instance: three levels out of one data set. Pure, and all that the rows of study, series
 * and instance hold, so that a changed data set gives its changed rows.
 */
export function indexAttributes(
  dataset: DicomJson,
  instance: Pick<
    IndexedInstance['instance'],
    'sopInstanceUID' | 'sopClassUID' | 'transferSyntaxUID' | 'sha256' | 'bytes' | 'frameTable' | 'bulkData' | 'derived' | 'dataSetOffset'
  >,
  uids: { readonly studyInstanceUID: string; readonly seriesInstanceUID: string },
): IndexedInstance {
  const text = (at: Tag): string => firstText(dataset, at)?.trim() ?? '';
  const integer = (at: Tag): number | null => {
    const value = firstNumber(dataset, at);
    return value !== undefined && Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : null;
  };
  const answered = { ...instance, ...uids };
  const level = (wanted: Level): string =>
    dicomJsonText(Object.fromEntries(Object.entries(dataset).filter(([at, element]) => levelOf(at) === wanted && isSmall(element))));
  const study = (): IndexedInstance['study'] => {
    const patientName = searchableName(dataset, PATIENT_NAME);
    return {
      studyInstanceUID: uids.studyInstanceUID,
      patientID: text(PATIENT_ID),
      patientNameSearch: patientName,
      patientNameSounds: soundsOf(patientName),
      studyDate: normalDate(text(STUDY_DATE)),
      studyTime: normalTime(text(STUDY_TIME)),
      accessionNumber: text(ACCESSION_NUMBER),
      referringPhysicianSearch: searchableName(dataset, REFERRING_PHYSICIAN_NAME),
      studyID: text(STUDY_ID),
      studyDescription: text(STUDY_DESCRIPTION),
      timezoneOffset: text(TIMEZONE_OFFSET),
      attributes: level('study'),
      answer: answerText('study', dataset, answered),
    };
  };
  const series = (): IndexedInstance['series'] => ({
    seriesInstanceUID: uids.seriesInstanceUID,
    modality: allTexts(dataset, MODALITY)[0]?.trim() ?? '',
    seriesNumber: integer(SERIES_NUMBER),
    performedDate: normalDate(text(PERFORMED_DATE)),
    performedTime: normalTime(text(PERFORMED_TIME)),
    requests: requestsOf(dataset),
    attributes: level('series'),
    answer: answerText('series', dataset, answered),
  });
  const { studyInstanceUID, seriesInstanceUID } = uids; // of more, perhaps, than these two
  return {
    uids: { studyInstanceUID, seriesInstanceUID },
    patient: patientResourceId(dataset, studyInstanceUID),
    // Made when they are asked for: of many instances of a study only the first one's go in.
    get study() {
      return study();
    },
    get series() {
      return series();
    },
    instance: {
      ...instance,
      instanceNumber: integer(INSTANCE_NUMBER),
      metadata: dicomJsonText({ ...dataset, [AVAILABLE_TRANSFER_SYNTAX_UID]: { vr: 'UI', Value: [instance.transferSyntaxUID] } }),
      answer: answerText('instance', dataset, answered),
    },
  };
}

/** Bulk values are not repeated at study and series level. */
const isSmall = (element: DicomElement): boolean => element.BulkDataURI === undefined;

/** DA as YYYYMMDD; the old form YYYY.MM.DD (PS3.5 6.2, note) is read too; what is no date is left as it is. */
const normalDate = (text: string): string => (/^\d{4}\.\d{2}\.\d{2}$/.test(text) ? text.replaceAll('.', '') : text);

/** TM as HHMMSS.FFFFFF; the old form with colons is read too. */
const normalTime = (text: string): string => (/^\d{2}:\d{2}/.test(text) ? text.replaceAll(':', '') : text);
