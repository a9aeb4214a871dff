import type { Transaction } from '../database/transaction.js';
import type { SignedRoot } from './checkpoint.js';

/** Which records of an organisation are asked for: those of things (`type/id`), and those of numbers. */
export interface RecordsAsked {
  readonly tenant: number;
  readonly about: readonly (readonly [type: string, id: string])[];
  readonly numbers: readonly number[];
  /** None after this number; null where there is no such end. */
  readonly last: number | null;
}

const ABOUT = `r.tenant = $1 AND r.entity_id = ANY($3::text[])
        AND (r.entity_type, r.entity_id) IN (SELECT type, id FROM unnest($2::text[], $3::text[]) AS a (type, id))`;
const about = (asked: RecordsAsked): readonly unknown[] => [
  asked.tenant,
  asked.about.map(([type]) => type),
  asked.about.map(([, id]) => id),
];

/** Numbers of the records that are asked for, ascending: of those asked for by their number only the organisation's own. */
export const numbersAsked = async (tx: Transaction, asked: RecordsAsked): Promise<number[]> =>
  (
    await tx.rows<{ seq: number }>(
      `SELECT l.seq FROM ledger_record r JOIN ledger_link l ON l.record_id = r.id WHERE ${ABOUT} AND ($5::bigint IS NULL OR l.seq <= $5)
        UNION
       SELECT l.seq FROM ledger_link l JOIN ledger_record r ON r.id = l.record_id WHERE l.seq = ANY($4::bigint[]) AND r.tenant = $1
        ORDER BY seq`,
      [...about(asked), asked.numbers, asked.last],
    )
  ).map(({ seq }) => seq);

/** Whether a record of those things is still to be linked. */
export const isStillToLink = async (tx: Transaction, asked: RecordsAsked): Promise<boolean> =>
  (
    await tx.rows<{ open: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM ledger_unlinked u JOIN ledger_record r ON r.id = u.record_id
                       WHERE ${ABOUT} AND NOT EXISTS (SELECT 1 FROM ledger_link l WHERE l.record_id = r.id)) AS open`,
      about(asked),
    )
  )[0].open;

/** Records of numbers, ascending, with the hash of the link before each: null of the first, and where that is gone. */
export const linksWithTexts = (tx: Transaction, numbers: readonly number[]) =>
  tx.rows<{ seq: number; hash: Buffer; before: Buffer | null; event: string | null }>(
    `SELECT l.seq, l.hash, p.hash AS before, r.event FROM ledger_link l LEFT JOIN ledger_link p ON p.seq = l.seq - 1
       LEFT JOIN ledger_record r ON r.id = l.record_id WHERE l.seq = ANY($1::bigint[]) ORDER BY l.seq`,
    [numbers],
  );

/** Of each of these numbers the smallest checkpoint that has it, in order, none twice. */
export const firstCheckpointsWith = (tx: Transaction, numbers: readonly number[]) =>
  tx.rows<SignedRoot & Record<string, unknown>>(
    `SELECT DISTINCT c.size, c.root, c.origin, c.kid, c.signature
       FROM unnest($1::bigint[]) AS n (seq)
       CROSS JOIN LATERAL (SELECT * FROM ledger_checkpoint WHERE size >= n.seq ORDER BY size LIMIT 1) AS c ORDER BY c.size`,
    [numbers],
  );
