import { TableMalformed } from '../../analysis/faults.js';
import { ARMS } from '../../analysis/study-tables.js';
import type { BroughtLabel, BroughtReading } from './brought.js';
import { casesTable } from './cases-table.js';

/**
 * Readings as a CSV table with `reader_id` (the member's key), `case_id`, `arm`, `rating`, `clinical_action`, `submitted_at`;
 * neither rating nor action: not evaluable, and why in `reason`.
 * @throws TableMalformed
 */
export const readingsFromCsv = (csv: string): BroughtReading[] =>
  casesTable(csv, ['reader_id', 'arm', 'rating', 'clinical_action', 'submitted_at', 'reason']).map((row) => {
    const arm = ARMS.find((one) => one === row.text('arm'));
    const submittedAt = row.timeOrNull('submitted_at');
    if (arm === undefined || submittedAt === null) throw new TableMalformed(row.number, 'arm or submitted_at is not there.');
    const [rating, clinicalAction] = [row.wholeOrNull('rating'), row.binaryOrNull('clinical_action')];
    const status = rating === null && clinicalAction === null ? 'not-evaluable' : 'read';
    const said = { rating, clinicalAction, status, submittedAt, reason: row.text('reason') } as const;
    return { place: `Row ${row.number}`, of: { caseKey: row.caseKey }, reader: row.text('reader_id'), arm, ...said };
  });

/** Labels as a CSV table with `case_id`, `label` (0, 1, or nothing: not to be told) and `method`. @throws TableMalformed */
export const labelsFromCsv = (csv: string): BroughtLabel[] =>
  casesTable(csv, ['label', 'method']).map((row) => ({
    place: `Row ${row.number}`,
    of: { caseKey: row.caseKey },
    label: row.binaryOrNull('label'),
    method: row.text('method'),
  }));
