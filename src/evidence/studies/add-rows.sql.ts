import type { Transaction } from '../../database/transaction.js';

/** Tables of studies, all of them written in this room alone. */
export type StudyTable = `validation_${string}`;
type Row = Readonly<Record<string, unknown>>;

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Adds rows, the members of each as the columns are called (`caseKey`: case_key), all alike; the database checks each by its table's rule.
 * Answers the names of what it gave itself, if any are asked for.
 */
export async function addRows<Given extends Row = Record<string, never>>(
  tx: Transaction,
  table: StudyTable,
  rows: readonly Row[],
  given = '',
): Promise<Given[]> {
  if (rows.length === 0) return [];
  const columns = Object.keys(rows[0]).map(snake).join(', ');
  const text = JSON.stringify(rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [snake(name), value]))));
  return tx.rows<Given>(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)${given === '' ? '' : ` RETURNING ${given}`}`,
    [text],
  );
}
