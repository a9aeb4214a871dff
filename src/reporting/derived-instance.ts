import type { DicomJson, Tag } from '../dicom/dicom-json.js';
import { firstText, tag } from '../dicom/dicom-json.js';
import type { ImageReading } from '../inference/reading.js';
import { codeItem } from './coded-concept.js';
import { dataElements, line } from './data-elements.js';
import type { PreliminaryReport } from './preliminary-report.js';

/** Patient (PS3.3 C.7.1.1) and General Study (C.7.2.1): type 2, so there and empty where the study has none. */
const PATIENT_AND_STUDY: readonly (readonly [Tag, string])[] = [
  [tag(0x0010, 0x0010), 'PN'],
  [tag(0x0010, 0x0020), 'LO'],
  [tag(0x0010, 0x0030), 'DA'],
  [tag(0x0010, 0x0040), 'CS'],
  [tag(0x0008, 0x0020), 'DA'],
  [tag(0x0008, 0x0030), 'TM'],
  [tag(0x0008, 0x0050), 'SH'],
  [tag(0x0008, 0x0090), 'PN'],
  [tag(0x0020, 0x0010), 'SH'],
];
/** Issuer of Patient ID, Study Description: type 3, so only where the study has them. */
const WHERE_PRESENT: readonly Tag[] = [tag(0x0010, 0x0021), tag(0x0008, 0x1030)];

const TIMEZONE_OFFSET_FROM_UTC = tag(0x0008, 0x0201);

/**
 * What every instance that a report makes has: patient and study as the source images have them, the equipment, and
 * when it was made (PS3.3 C.7.1.1, C.7.2.1, C.7.5.1, C.12.1).
 */
export function derivedInstance(report: PreliminaryReport): DicomJson {
  const { date, time } = contentTime(report);
  return {
    ...dataElements({ SpecificCharacterSet: 'ISO_IR 192', StudyInstanceUID: report.study.studyInstanceUID }),
    ...patientAndStudy(report.study.attributes),
    ...dataElements({
      ContentDate: date,
      ContentTime: time,
      TimezoneOffsetFromUTC: statedZone(report),
      Manufacturer: 'wetread',
      ManufacturerModelName: 'wetread',
      SoftwareVersions: line(report.softwareVersion),
      ContributingEquipmentSequence: contribution(report),
    }),
  };
}

function patientAndStudy(attributes: DicomJson): DicomJson {
  return Object.fromEntries([
    ...PATIENT_AND_STUDY.map(([at, vr]) => [at, attributes[at] ?? { vr }] as const),
    ...WHERE_PRESENT.flatMap((at) => (attributes[at] ? [[at, attributes[at]] as const] : [])),
  ]);
}

/** The model as the equipment that contributed (PS3.3 C.12.1.1.5). A DT names its own zone, so this moment is never in doubt. */
function contribution({ model, issued }: PreliminaryReport): DicomJson {
  return dataElements({
    PurposeOfReferenceCodeSequence: codeItem({ scheme: 'DCM', code: '109102', meaning: 'Processing Equipment' }),
    Manufacturer: line(model.manufacturer),
    ManufacturerModelName: line(model.name),
    SoftwareVersions: line(model.version),
    ContributionDateTime: `${digits(issued)}+0000`,
    ContributionDescription: line(model.title, 1024),
  });
}

/**
 * When the report was issued, in the zone that the study names, in UTC where it names none.
 * @returns date as DA, time as TM
 */
export function contentTime(report: PreliminaryReport): { readonly date: string; readonly time: string } {
  const zone = /^([+-])(\d{2})(\d{2})$/.exec(statedZone(report) ?? '+0000');
  const minutes = zone ? Number(`${zone[1]}1`) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
  const local = digits(new Date(report.issued.getTime() + minutes * 60_000));
  return { date: local.slice(0, 8), time: local.slice(8) };
}

/**
 * Timezone Offset From UTC holds for every date and time of the instance, the study's own among them (PS3.3 C.12.1.1):
 * to state UTC beside a Study Time of unknown zone would move the study. So it is stated only where the study states it.
 */
function statedZone({ study }: PreliminaryReport): string | undefined {
  const zone = firstText(study.attributes, TIMEZONE_OFFSET_FROM_UTC)?.trim() ?? '';
  return /^[+-](0\d|1[0-4])[0-5]\d$/.test(zone) ? zone : undefined;
}

/** YYYYMMDDHHMMSS.FFFFFF in UTC */
const digits = (moment: Date): string => `${moment.toISOString().replace(/[-:TZ]/g, '')}000`;

/** The SOP Instance Reference Macro (PS3.3 Table 10-11) of an image; with its frame where the model takes images of many (Table 10-3). */
export function imageReference({ model }: PreliminaryReport, image: ImageReading): DicomJson {
  return dataElements({
    ReferencedSOPClassUID: image.sopClassUID,
    ReferencedSOPInstanceUID: image.sopInstanceUID,
    ReferencedFrameNumber: model.input.maximumFrames > 1 ? image.frameNumber : undefined,
  });
}
