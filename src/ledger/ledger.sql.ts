import type { Transaction } from '../database/transaction.js';
import type { RecordColumns } from './record-columns.js';

/** Takes the linker's lock for this transaction; false while another linker holds it. */
export const takeLinkerLock = async (tx: Transaction): Promise<boolean> =>
  (await tx.rows<{ taken: boolean }>(`SELECT pg_try_advisory_xact_lock(7337102) AS taken`))[0].taken;

/** The chain's last link. */
export const chainHead = async (tx: Transaction): Promise<{ seq: number; hash: Buffer } | undefined> =>
  (await tx.rows<{ seq: number; hash: Buffer }>(`SELECT seq, hash FROM ledger_link ORDER BY seq DESC LIMIT 1`))[0];

/**
 * Committed records that are marked as having no link yet, oldest first. Whoever may append may mark: one that has its link is none
 * of the linker's. A mark without a record stays: the record may be on its way.
 */
export const markedRecords = (tx: Transaction, limit: number) =>
  tx.rows<{ id: number; event: string; isLinked: boolean }>(
    `SELECT r.id, r.event, EXISTS (SELECT 1 FROM ledger_link l WHERE l.record_id = r.id) AS "isLinked"
       FROM ledger_unlinked u JOIN ledger_record r ON r.id = u.record_id ORDER BY r.id LIMIT $1`,
    [limit],
  );

export const dropMarks = (tx: Transaction, ids: readonly number[]) =>
  tx.run('DELETE FROM ledger_unlinked WHERE record_id = ANY($1::bigint[])', [ids]);

export const insertLinks = (tx: Transaction, links: readonly { seq: number; recordId: number; hash: Buffer }[]) =>
  tx.run(
    `WITH gone AS (DELETE FROM ledger_unlinked WHERE record_id = ANY($2::bigint[]))
     INSERT INTO ledger_link (seq, record_id, hash)
     SELECT seq, record_id, decode(hash, 'hex') FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS l (seq, record_id, hash)`,
    [links.map((link) => link.seq), links.map((link) => link.recordId), links.map((link) => link.hash.toString('hex'))],
  );

/** A record as it lies: what it says, and what it is found by. */
export interface LyingRecord {
  /** Null where the record is gone. */
  readonly event: string | null;
  /** As RecordColumns has them; null where the record is gone. */
  readonly columns: RecordColumns | null;
  readonly sealed: Buffer | null;
}

/** ISO 8601, as to_char writes it. */
const TIME = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"';

/** Expression of the columns of `ledger_record`, under the name it has there, as RecordColumns has them. */
export const lyingColumns = (r: string): string =>
  `json_build_object('occurredAt', to_char(${r}.occurred_at AT TIME ZONE 'UTC', '${TIME}'), 'tenant', ${r}.tenant,
              'actor', ${r}.actor, 'agent', ${r}.agent, 'action', ${r}.action, 'type', ${r}.type, 'subtype', ${r}.subtype,
              'entityType', ${r}.entity_type, 'entityId', ${r}.entity_id, 'patients', ${r}.patients, 'outcome', ${r}.outcome)`;

/** A link with its record as it lies: the columns by themselves, null where the record is gone. */
export type LinkedRecord = { readonly [Column in keyof RecordColumns]: RecordColumns[Column] | null } & {
  readonly seq: number;
  readonly recordId: number;
  readonly hash: Buffer;
  readonly event: string | null;
  readonly sealed: Buffer | null;
};

/** A stretch of the chain with its records. */
export const chainFrom = (tx: Transaction, afterSeq: number, limit: number) =>
  tx.rows<LinkedRecord>(
    `SELECT l.seq, l.record_id AS "recordId", l.hash, r.event, r.sealed, to_char(r.occurred_at AT TIME ZONE 'UTC', '${TIME}') AS "occurredAt", r.tenant,
            r.actor, r.agent, r.action, r.type, r.subtype, r.entity_type AS "entityType", r.entity_id AS "entityId", r.patients, r.outcome
       FROM ledger_link l LEFT JOIN ledger_record r ON r.id = l.record_id WHERE l.seq > $1 ORDER BY l.seq LIMIT $2`,
    [afterSeq, limit],
  );

/** The same, of records their texts alone. */
export const chainTexts = (tx: Transaction, afterSeq: number, limit: number) =>
  tx.rows<{ seq: number; hash: Buffer; event: string | null }>(
    `SELECT l.seq, l.hash, r.event FROM ledger_link l LEFT JOIN ledger_record r ON r.id = l.record_id WHERE l.seq > $1 ORDER BY l.seq LIMIT $2`,
    [afterSeq, limit],
  );

/** Records that are neither in the chain nor waiting for it: somebody removed their link. */
export const strayRecords = (tx: Transaction) =>
  tx.rows<{ id: number }>(
    `SELECT r.id FROM ledger_record r
      WHERE NOT EXISTS (SELECT 1 FROM ledger_link l WHERE l.record_id = r.id)
        AND NOT EXISTS (SELECT 1 FROM ledger_unlinked u WHERE u.record_id = r.id) ORDER BY r.id LIMIT 20`,
  );
