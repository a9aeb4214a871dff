import {
  tag,
  type DicomElement,
  type DicomJson,
  type PersonName,
  type Tag,
  allTexts,
  firstNumber,
  firstText,
} from '../dicom/dicom-json.js';
import { dicomJsonText } from '../dicom/dicom-json-text.js';
import type { IndexedInstance } from './insert-instances.sql.js';

export const PATIENT_NAME = tag(0x0010, 0x0010);
export const PATIENT_ID = tag(0x0010, 0x0020);
export const STUDY_DATE = tag(0x0008, 0x0020);
export const STUDY_TIME = tag(0x0008, 0x0030);
export const ACCESSION_NUMBER = tag(0x0008, 0x0050);
export const REFERRING_PHYSICIAN_NAME = tag(0x0008, 0x0090);
export const STUDY_ID = tag(0x0020, 0x0010);
export const STUDY_INSTANCE_UID = tag(0x0020, 0x000d);
export const MODALITY = tag(0x0008, 0x0060);
export const SERIES_INSTANCE_UID = tag(0x0020, 0x000e);
export const SERIES_NUMBER = tag(0x0020, 0x0011);
export const INSTANCE_NUMBER = tag(0x0020, 0x0013);
const PERFORMED_DATE = tag(0x0040, 0x0244);
const PERFORMED_TIME = tag(0x0040, 0x0245);

/** Attributes of the Patient, Clinical Trial, General Study and Patient Study modules (PS3.3 C.7.1, C.7.2). */
const STUDY_LEVEL = new Set(
  `00080005 00080020 00080030 00080050 00080051 00080090 00080096 00081030 00081032 00081048 00081049
   00081060 00081062 00081080 00081084 00081110 0020000D 00200010 00080201 00101010 00101020 00101030
   001021B0 00101021 00101022 00102180 00102000 00102110 001021C0 00380010 00380014 00380060 00380064
   00321034 00401012 0032000A 00321032 00321033 00321060`.split(/\s+/),
);
/** Attributes of the General Series and General Equipment modules (PS3.3 C.7.3.1, C.7.5.1). */
const SERIES_LEVEL = new Set(
  `00080060 0020000E 00200011 00200060 00080021 00080031 00081050 00081052 00181030 0008103E 0008103F
   00081070 00081072 00081111 00081250 00180015 00185100 00280108 00280109 00400275 00400253 00400244
   00400245 00400254 00400260 00400280 00102210 00080070 00080080 00080081 00081010 00081040 00081090
   00181000 00181020 00181050 00181200 00181201 00280120 00200052 00201040`.split(/\s+/),
);

export type Level = 'study' | 'series' | 'instance';

/** The level an attribute belongs to; patient attributes (group 0010) count to the study. */
export function levelOf(at: string): Level {
  if (STUDY_LEVEL.has(at) || (at.startsWith('0010') && !SERIES_LEVEL.has(at))) return 'study';
  return SERIES_LEVEL.has(at) ? 'series' : 'instance';
}

/** All component groups of a name, lower case and without diacritics, joined by `=`: what a person name key matches. */
export function searchableName(dataset: DicomJson, at: Tag): string {
  return (dataset[at]?.Value ?? [])
    .map((value) => {
      if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value : '';
      const name = value as PersonName;
      return [name.Alphabetic, name.Ideographic, name.Phonetic].filter((group) => group !== undefined).join('=');
    })
    .map(foldName)
    .join('\\');
}

/**
 * Person names match without regard to case and accent (PS3.4 C.2.2.2.1 allows both). Other scripts' marks make other
 * letters (た is not だ): they stay.
 */
export const foldName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase();

/** What the index keeps of an instance: three levels out of one data set. */
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
  const level = (wanted: Level): string =>
    dicomJsonText(Object.fromEntries(Object.entries(dataset).filter(([at, element]) => levelOf(at) === wanted && isSmall(element))));
  return {
    study: {
      studyInstanceUID: uids.studyInstanceUID,
      patientID: text(PATIENT_ID),
      patientNameSearch: searchableName(dataset, PATIENT_NAME),
      studyDate: normalDate(text(STUDY_DATE)),
      studyTime: normalTime(text(STUDY_TIME)),
      accessionNumber: text(ACCESSION_NUMBER),
      referringPhysicianSearch: searchableName(dataset, REFERRING_PHYSICIAN_NAME),
      studyID: text(STUDY_ID),
      attributes: level('study'),
    },
    series: {
      seriesInstanceUID: uids.seriesInstanceUID,
      modality: allTexts(dataset, MODALITY)[0]?.trim() ?? '',
      seriesNumber: integer(SERIES_NUMBER),
      performedDate: normalDate(text(PERFORMED_DATE)),
      performedTime: normalTime(text(PERFORMED_TIME)),
      attributes: level('series'),
    },
    instance: { ...instance, instanceNumber: integer(INSTANCE_NUMBER), metadata: dicomJsonText(dataset) },
  };
}

/** Bulk values are not repeated at study and series level. */
const isSmall = (element: DicomElement): boolean => element.BulkDataURI === undefined;

/** DA as YYYYMMDD; the old form YYYY.MM.DD (PS3.5 6.2, note) is read too; what is no date is left as it is. */
const normalDate = (text: string): string => (/^\d{4}\.\d{2}\.\d{2}$/.test(text) ? text.replaceAll('.', '') : text);

/** TM as HHMMSS.FFFFFF; the old form with colons is read too. */
const normalTime = (text: string): string => (/^\d{2}:\d{2}/.test(text) ? text.replaceAll(':', '') : text);
