import type { DicomElement, DicomValue, PersonName, Tag } from './dicom-json.js';
import { UnwritableValue } from './faults.js';
import { READER_LIMITS } from './reader-limits.js';
import { isUid } from './uid.js';
import { DECIMAL_STRING, valueBytes } from './value-bytes.js';

/** Most characters of a value, and of a component group of a name (PS3.5 Table 6.2-1). */
const LONGEST: Readonly<Record<string, number>> = { AE: 16, CS: 16, LO: 64, LT: 10_240, PN: 64, SH: 16, ST: 1_024, UI: 64 };
const TIME = String.raw`([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?`;
/** What values look like, of the VRs that have a form of their own (PS3.5 Table 6.2-1). */
const FORMS: Readonly<Record<string, RegExp>> = {
  AE: /^[\x20-\x5b\x5d-\x7e]+$/,
  AS: /^\d{3}[DWMY]$/,
  CS: /^[A-Z0-9_ ]+$/,
  DA: /^\d{8}$/,
  DS: DECIMAL_STRING,
  DT: new RegExp(String.raw`^\d{4}((0[1-9]|1[0-2])((0[1-9]|[12]\d|3[01])(${TIME})?)?)?([+-](0\d|1[0-4])[0-5]\d)? *$`),
  IS: /^ *[+-]?\d{1,10} *$/,
  TM: new RegExp(`^${TIME} *$`),
  UR: /^[\x21-\x7e]+ *$/,
};
const ANY = /^/;
/** Texts in lines may have TAB, LF, FF and CR (PS3.5 6.1.3); other texts have no control characters. */
const IN_LINES = new Set(['LT', 'ST', 'UT']);
// eslint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;
// eslint-disable-next-line no-control-regex -- as above
const CONTROL_IN_LINES = /[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]/;

/**
 * Requires of an element that is no sequence what PS3.5 Table 6.2-1 asks of its VR, not only that it can be written: stored
 * files may have other values, but none is made here.
 * @throws UnwritableValue
 */
export function requireConforming(element: DicomElement, at: Tag): void {
  requireForms(element, at);
  if (valueBytes(element, at).length > READER_LIMITS.inlineBytes) throw new UnwritableValue('it is too long', at);
}

/**
 * The same of its texts only: nothing else of a value that can be written can be against its VR.
 * @throws UnwritableValue
 */
export function requireForms(element: DicomElement, at: Tag): void {
  for (const value of element.Value ?? []) for (const text of textsOf(value)) if (text.trim() !== '') requireForm(element.vr, text, at);
}

/** The texts that a value has: of a name one for each component group; binary numbers have none. */
function textsOf(value: DicomValue): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  const { Alphabetic, Ideographic, Phonetic } = value as PersonName; // items of sequences do not come here
  return [Alphabetic, Ideographic, Phonetic].filter((group) => group !== undefined);
}

function requireForm(vr: string, text: string, at: Tag): void {
  if (isLonger(text, LONGEST[vr] ?? Infinity)) throw new UnwritableValue('it is longer than its VR allows', at);
  const malformed =
    (vr === 'DS' && text.length > 16) ||
    !(FORMS[vr] ?? ANY).test(text) ||
    (vr === 'IS' && Math.abs(Number(text)) > 2 ** 31 - 1) ||
    (vr === 'UI' && !isUid(text)) ||
    (vr === 'DA' && !isDay(text)) ||
    (vr === 'PN' && text.split('^').length > 5) ||
    (IN_LINES.has(vr) ? CONTROL_IN_LINES : CONTROL).test(text);
  if (malformed) throw new UnwritableValue('it is not of the form that its VR has', at);
}

/** In characters, of which none is more than two units; whole texts of many mebibytes are not taken apart for it. */
const isLonger = (text: string, most: number): boolean => text.length > 2 * most || (text.length > most && Array.from(text).length > most);

/** True for a day of the calendar, YYYYMMDD. */
function isDay(text: string): boolean {
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  const time = Date.parse(`${date}T00:00:00Z`); // rolls 30 February over to March
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
