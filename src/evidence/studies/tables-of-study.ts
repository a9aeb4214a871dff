import type { Transaction } from '../../database/transaction.js';
import type { Prediction, Reading, StudyCase, StudyTables } from '../analysis/study-tables.js';
import { VariableUnknown } from './faults.js';
import type { CaseVariables } from './protocol.js';
import { readingsOfStudy } from './reader-study.sql.js';
import { casesWithTruth, predictionsOf, type CaseTableRow } from './results.sql.js';
import { variablesOf } from './truth.sql.js';

/** What a case's image says of itself, by the variable's name. */
const OWN_CATEGORIES: Readonly<Record<string, (row: CaseTableRow) => string>> = {
  site: ({ site }) => site,
  vendor: ({ manufacturer }) => manufacturer,
  model: ({ model }) => model,
  sex: ({ sex }) => sex,
  stratum: ({ stratum }) => stratum,
};
const OWN_NUMBERS: Readonly<Record<string, (row: CaseTableRow) => number | null>> = { age: ({ ageYears }) => ageYears };

/** What is the table's own, and no object's. */
const ownOf = <T>(of: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(of, name) ? of[name] : undefined);

type Known = (caseKey: string, name: string) => string | undefined;

/**
 * The tables that results are computed from: cases with their truth and variables, predictions, readings that could be read.
 * What was told of a case goes before what its image says of itself.
 * @throws VariableUnknown  a case lacks a binary variable or a category, or a value is none of its kind
 */
export async function tablesOfStudy(tx: Transaction, study: string, variables: CaseVariables): Promise<StudyTables> {
  const told = new Map((await variablesOf(tx, study)).map(({ caseKey, name, value }) => [`${name} ${caseKey}`, value]));
  const known: Known = (caseKey, name) => told.get(`${name} ${caseKey}`);
  const rows = await casesWithTruth(tx, study);
  return {
    cases: casesOf(rows, variables, known),
    predictions: (await predictionsOf(tx, study)).map(({ caseKey, score, error }): Prediction =>
      score === null ? { caseId: caseKey, error } : { caseId: caseKey, score },
    ),
    readings: (await readingsOfStudy(tx, study)).map(({ reader, arm, caseKey, rating, clinicalAction }): Reading => ({
      arm,
      readerId: reader,
      caseId: caseKey,
      rating,
      clinicalAction,
    })),
  };
}

function casesOf(rows: readonly CaseTableRow[], { binary, category, number }: CaseVariables, known: Known): StudyCase[] {
  const lacking = new Map<string, string[]>();
  const lacks = (name: string, caseKey: string): undefined => {
    lacking.set(name, [...(lacking.get(name) ?? []), caseKey]);
  };
  const value = <T>(row: CaseTableRow, name: string, read: (text: string) => T | undefined, own: T | undefined): T => {
    const text = known(row.caseKey, name);
    return ((text === undefined ? own : read(text)) ?? lacks(name, row.caseKey)) as T; // what is lacking is thrown below
  };
  const cases = rows.map((row): StudyCase => ({
    caseId: row.caseKey,
    patientId: row.patientKey,
    truth: row.truth,
    binary: Object.fromEntries(binary.map((name) => [name, value(row, name, binaryIn, undefined)])),
    category: Object.fromEntries(
      category.map((name) => [name, value(row, name, (text) => text, ownOf(OWN_CATEGORIES, name)?.(row) || undefined)]),
    ),
    number: Object.fromEntries(number.map((name) => [name, numberOrNull(row, name, known, lacks)])),
  }));
  const [first] = lacking;
  if (first !== undefined) throw new VariableUnknown(...first);
  return cases;
}

const binaryIn = (text: string): 0 | 1 | undefined => (text === '1' ? 1 : text === '0' ? 0 : undefined);

/** A number may be unknown. */
function numberOrNull(row: CaseTableRow, name: string, known: Known, lacks: (name: string, caseKey: string) => void): number | null {
  const text = known(row.caseKey, name);
  if (text === undefined) return ownOf(OWN_NUMBERS, name)?.(row) ?? null;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) lacks(name, row.caseKey);
  return value;
}
