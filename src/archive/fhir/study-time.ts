import { firstText, tag, type DicomJson } from '../../dicom/dicom-json.js';
import { calendarDay } from './calendar-day.js';

/**
 * When the images were made, as FHIR says it: date and time with their zone where the study names one (0008,0201),
 * otherwise the date alone, since a FHIR dateTime with a time needs a zone (R4 datatypes.html#dateTime).
 */
export function studyTime(study: DicomJson): string | undefined {
  const day = calendarDay(firstText(study, tag(0x0008, 0x0020)));
  if (day === undefined) return undefined;
  const time = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)/.exec(firstText(study, tag(0x0008, 0x0030))?.trim() ?? '');
  const zone = /^([+-])(0\d|1[0-3]|14(?=00))([0-5]\d)$/.exec(firstText(study, tag(0x0008, 0x0201))?.trim() ?? '');
  return time && zone ? `${day}T${time[1]}:${time[2]}:${time[3]}${zone[1]}${zone[2]}:${zone[3]}` : day;
}
