import { TableMalformed } from './faults.js';
import { ARMS, type Arm, type Prediction, type Reading, type StudyCase } from './study-tables.js';

/** A row by its column's names, and where it stands in the file. */
interface Row {
  readonly number: number;
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * A table of comma-separated values (RFC 4180): a head, quotes where a field needs them, LF or CRLF.
 * @throws TableMalformed  a column of `needed` is not there or there twice, a row has another number of fields, a quote is open
 */
export function readTable(text: string, needed: readonly string[]): Row[] {
  const [head, ...records] = recordsOf(text);
  if (head === undefined) throw new TableMalformed(1, 'there is no head.');
  for (const column of needed)
    if (head.filter((name) => name === column).length !== 1) throw new TableMalformed(1, `the column ${column} is not there once.`);
  return records.map((record, i) => {
    if (record.length !== head.length) throw new TableMalformed(i + 2, `${record.length} fields under ${head.length} columns.`);
    return { number: i + 2, fields: new Map(head.map((name, column) => [name, record[column]])) };
  });
}

function recordsOf(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  for (field.lastIndex = start; field.lastIndex < text.length;) {
    const found = field.exec(text);
    if (found === null) throw new TableMalformed(records.length + 1, 'a quote stands where none may, or is not closed.');
    const [, value, end] = found;
    record.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === ',' && field.lastIndex === text.length) record.push('');
    if (end !== ',' || field.lastIndex === text.length) {
      if (record.length > 1 || record[0] !== '') records.push(record);
      record = [];
    }
  }
  return records;
}

/** Which columns of the cases are what; others are left out. */
export interface CaseColumns {
  readonly binary: readonly string[];
  readonly category: readonly string[];
  readonly number: readonly string[];
}

/** @throws TableMalformed */
export function casesOf(text: string, columns: CaseColumns): StudyCase[] {
  const all = [...columns.binary, ...columns.category, ...columns.number];
  return readTable(text, ['case_id', 'patient_id', 'truth', ...all]).map((row) => ({
    caseId: keyOf(row, 'case_id'),
    patientId: keyOf(row, 'patient_id'),
    truth: binaryOf(row, 'truth'),
    binary: Object.fromEntries(columns.binary.map((name) => [name, binaryOf(row, name)])),
    category: Object.fromEntries(columns.category.map((name) => [name, textOf(row, name)])),
    number: Object.fromEntries(columns.number.map((name) => [name, numberOf(row, name)])),
  }));
}

/** @throws TableMalformed  also where a row has both a score and an error, or neither */
export function predictionsOf(text: string): Prediction[] {
  return readTable(text, ['case_id', 'score', 'error']).map((row) => {
    const caseId = keyOf(row, 'case_id');
    const score = numberOf(row, 'score');
    const error = textOf(row, 'error');
    if ((score === null) === (error === '')) throw new TableMalformed(row.number, 'a score or an error, and not both, is needed.');
    return score === null ? { caseId, error } : { caseId, score };
  });
}

/** A table without the column `arm` is of readers without the model. @throws TableMalformed */
export function readingsOf(text: string): Reading[] {
  return readTable(text, ['reader_id', 'case_id', 'rating', 'clinical_action']).map((row) => ({
    arm: armOf(row),
    readerId: keyOf(row, 'reader_id'),
    caseId: keyOf(row, 'case_id'),
    rating: numberOf(row, 'rating'),
    clinicalAction: textOf(row, 'clinical_action') === '' ? null : binaryOf(row, 'clinical_action'),
  }));
}

const textOf = ({ fields }: Row, column: string): string => fields.get(column) ?? '';

function keyOf(row: Row, column: string): string {
  const key = textOf(row, column);
  if (key === '') throw new TableMalformed(row.number, `${column} is empty.`);
  return key;
}

function binaryOf(row: Row, column: string): 0 | 1 {
  const text = textOf(row, column);
  if (text !== '0' && text !== '1') throw new TableMalformed(row.number, `${column} is neither 0 nor 1.`);
  return text === '1' ? 1 : 0;
}

function armOf(row: Row): Arm {
  const text = row.fields.get('arm') ?? 'unaided';
  const arm = ARMS.find((one) => one === text);
  if (arm === undefined) throw new TableMalformed(row.number, `arm is none of ${ARMS.join(', ')}.`);
  return arm;
}

/** Null where the field is empty. */
function numberOf(row: Row, column: string): number | null {
  const text = textOf(row, column);
  if (text === '') return null;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw new TableMalformed(row.number, `${column} is no finite number.`);
  return value;
}
