import { createHash } from 'node:crypto';
import { ARMS, type Arm } from '../../analysis/study-tables.js';
import { EntryMalformed } from './faults.js';

/** The codes that no standard has (docs/evidence.md, "Reader study: imports"), as FHIR names their system. */
export const READING_SYSTEM = 'urn:wetread:codesystem:reading';
/** And as DICOM does (PS3.3 8.2): the private scheme of all our documents. */
export const READING_SCHEME = '99WETREAD';
export const CASE_SYSTEM = 'urn:wetread:case';
export const READER_SYSTEM = 'urn:wetread:reader';

export type ReadingCode = 'rating' | 'clinical-action' | 'arm' | 'reason' | 'label' | 'method' | Arm;

const MOST_CHARACTERS = 10_000;
/** No scale of readers is wider. */
const WIDEST = 1_000;

/** @throws EntryMalformed */
export function fitText(place: string, text: unknown, what: string): string {
  if (typeof text !== 'string' || text.trim() === '') throw new EntryMalformed(place, `lacks ${what}`);
  if (text.length > MOST_CHARACTERS || text.includes('\0'))
    throw new EntryMalformed(place, `is no text of ${MOST_CHARACTERS.toLocaleString('en')} characters at most`);
  return text;
}

/** @throws EntryMalformed */
export function armOf(place: string, code: string | undefined): Arm {
  const arm = ARMS.find((one) => one === code);
  if (arm === undefined) throw new EntryMalformed(place, `must be one of the arms ${ARMS.join(', ')}`);
  return arm;
}

/** @throws EntryMalformed */
export function ratingOf(place: string, value: number): number {
  if (!Number.isInteger(value) || Math.abs(value) > WIDEST)
    throw new EntryMalformed(place, `must be a whole number from -${WIDEST} to ${WIDEST}`);
  return value;
}

/** @throws EntryMalformed */
export function binaryOf(place: string, value: unknown): 0 | 1 {
  if (value === 0 || value === false) return 0;
  if (value === 1 || value === true) return 1;
  throw new EntryMalformed(place, 'must be true or false, 1 or 0');
}

/** As a dataset's manifest has it. */
export const instanceHashOf = (sopInstanceUID: string): string => createHash('sha256').update(sopInstanceUID).digest('hex');
