import { readTable } from '../../analysis/csv-tables.js';
import { TableMalformed } from '../../analysis/faults.js';
import { EVENTS_FILE } from './check-ledger.js';
import type { Findings } from './findings.js';
import type { LedgerFacts } from './ledger-facts.js';
import { some, STUDY_FILES } from './study-texts.js';

/**
 * Each prediction has its record in the ledger, the one that it names in its column `ledger_seq` or the last of its case, and is of the case and
 * has the score that this says: who changes a score cannot change that.
 */
export function checkAnswers({ answers, byCase }: LedgerFacts, predictions: string, findings: Findings): void {
  const rows = rowsIn(predictions).map(({ fields }) => {
    const [caseKey, score, seq] = ['case_id', 'score', 'ledger_seq'].map((column) => fields.get(column));
    return {
      caseKey: caseKey ?? '',
      score: score === '' ? null : Number(score),
      record: seq === undefined ? byCase.get(caseKey ?? '') : answers.get(Number(seq)),
    };
  });
  const cases = (of: typeof rows): string => `${of.length} predictions: ${some(of.map(({ caseKey }) => caseKey))}`;
  const lost = rows.filter(({ record }) => record === undefined);
  const differ = (said: unknown, given: unknown): boolean => said !== undefined && said !== given;
  const others = rows.filter(({ record, caseKey, score }) => differ(record?.caseKey, caseKey) || differ(record?.score, score));
  if (lost.length > 0) findings.add('missing', EVENTS_FILE, `it has no record that the model read the case of ${cases(lost)}`);
  if (others.length > 0) findings.add('changed', STUDY_FILES.predictions, `the ledger has another case or score for ${cases(others)}`);
  if (lost.length > 0 || others.length > 0 || rows.length === 0) return;
  const scores = rows.filter(({ record }) => record?.score !== undefined).length;
  findings.checked.push(`the predictions: each of ${rows.length} has its record in the ledger, and ${scores} the score that it says`);
}

/** None where the table is none: that is found by who reads all of it. */
function rowsIn(predictions: string) {
  try {
    return readTable(predictions, ['case_id', 'score']);
  } catch (error) {
    if (error instanceof TableMalformed) return [];
    throw error;
  }
}
