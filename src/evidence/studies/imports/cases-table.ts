import { readTable } from '../../analysis/csv-tables.js';
import { TableMalformed } from '../../analysis/faults.js';
import { instantOf } from './instant.js';

/** A row of a table that somebody brings, about one case. */
export interface CaseRow {
  /** In the file, its head being 1. */
  readonly number: number;
  readonly caseKey: string;
  text(column: string): string;
  /** Null where the field is empty. @throws TableMalformed */
  binaryOrNull(column: string): 0 | 1 | null;
  /** Of four digits at most. @throws TableMalformed */
  wholeOrNull(column: string): number | null;
  /** An ISO 8601 time with its offset, in UTC. @throws TableMalformed */
  timeOrNull(column: string): string | null;
  /** The columns that were not asked for, and their values; empty ones are not known and left out. */
  others(): [name: string, value: string][];
}

/** Of what people bring. */
const LIMITS = { rows: 200_000, columns: 200, field: 10_000 };
const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * A CSV table (RFC 4180) of cases, by the column `case_id`.
 * @param needed  columns that must be there beside it
 * @throws TableMalformed
 */
export function casesTable(csv: string, needed: readonly string[]): CaseRow[] {
  const known = new Set(['case_id', ...needed]);
  return readTable(csv, [...known], LIMITS).map(({ number, fields }) => {
    const text = (column: string): string => {
      const value = fields.get(column) ?? '';
      if (value.includes('\0') || !value.isWellFormed()) throw new TableMalformed(number, `${column} is no text.`);
      return value;
    };
    const caseKey = text('case_id');
    if (caseKey === '') throw new TableMalformed(number, 'case_id is empty.');
    const refuse = (column: string, what: string): never => {
      throw new TableMalformed(number, `${column} is ${what}.`);
    };
    return {
      number,
      caseKey,
      text,
      binaryOrNull: (column) =>
        text(column) === '' ? null : text(column) === '1' ? 1 : text(column) === '0' ? 0 : refuse(column, 'neither 0 nor 1'),
      wholeOrNull: (column) =>
        text(column) === '' ? null : /^-?\d{1,4}$/.test(text(column)) ? Number(text(column)) : refuse(column, 'no whole number'),
      timeOrNull: (column) =>
        text(column) === '' ? null : (instantOf(text(column)) ?? refuse(column, 'no time with its offset from UTC')),
      others: () =>
        [...fields.keys()].flatMap((name): [string, string][] => {
          if (known.has(name)) return [];
          if (!NAME.test(name)) throw new TableMalformed(1, 'a column’s name has small letters, digits and underscores.');
          const value = text(name);
          return value === '' ? [] : [[name, value]];
        }),
    };
  });
}
