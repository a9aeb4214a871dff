import { TableMalformed } from './faults.js';
import { ARMS, type Arm, type Prediction, type Reading, type StudyCase } from './study-tables.js';

/** A row by its column's names, and where it stands in the file. */
interface Row {
  readonly number: number;
  readonly fields: ReadonlyMap<string, string>;
}

/** How much of a table is taken: of one that anybody may send. */
export interface TableLimits {
  readonly rows: number;
  readonly columns: number;
  /** Characters. */
  readonly field: number;
}
const NO_LIMITS: TableLimits = { rows: Infinity, columns: Infinity, field: Infinity };

/**
 * A table of comma-separated values (RFC 4180): a head, quotes where a field needs them, LF or CRLF.
 * @throws TableMalformed  a column of `needed` is not there or there twice, a row has another number of fields, a quote is open, it is larger
 *   than it may be
 */
export function readTable(text: string, needed: readonly string[], limits = NO_LIMITS): Row[] {
  const rows: Row[] = [];
  let head: readonly string[] | undefined;
  for (const record of recordsOf(text, limits)) {
    const number = rows.length + 2;
    if (head === undefined) {
      head = record;
      for (const column of needed)
        if (record.filter((name) => name === column).length !== 1) throw new TableMalformed(1, `the column ${column} is not there once.`);
      continue;
    }
    if (record.length !== head.length) throw new TableMalformed(number, `${record.length} fields under ${head.length} columns.`);
    if (rows.length === limits.rows) throw new TableMalformed(number, `a table has ${limits.rows} rows at most.`);
    rows.push({ number, fields: new Map(head.map((name, column) => [name, record[column]])) });
  }
  if (head === undefined) throw new TableMalformed(1, 'there is no head.');
  return rows;
}

/** Records, without those that are blank. */
function* recordsOf(text: string, { columns, field: longest }: TableLimits): Generator<string[], void> {
  const plain = /[^",\r\n]*/y;
  let number = 1;
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length;) {
    const record: string[] = [];
    for (;;) {
      const begin = at;
      if (text[at] === '"') at = endOfQuoted(text, at, number);
      else {
        plain.lastIndex = at;
        plain.test(text);
        at = plain.lastIndex;
      }
      if (at - begin > longest) throw new TableMalformed(number, `a field has ${longest} characters at most.`);
      if (record.length === columns) throw new TableMalformed(number, `a table has ${columns} columns at most.`);
      const written = text.slice(begin, at);
      record.push(written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written);
      if (text[at] !== ',') break;
      at += 1;
    }
    if (text.startsWith('\r\n', at)) at += 2;
    else if (text[at] === '\n') at += 1;
    else if (at < text.length) throw new TableMalformed(number, 'a quote stands where none may, or is not closed.');
    if (record.length === 1 && record[0] === '') continue;
    yield record;
    number += 1;
  }
}

/** Behind a quoted field; a quote within it stands twice. */
function endOfQuoted(text: string, begin: number, number: number): number {
  for (let at = text.indexOf('"', begin + 1); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at + 1;
  throw new TableMalformed(number, 'a quote stands where none may, or is not closed.');
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
