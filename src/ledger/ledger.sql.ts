import type { Transaction } from '../database/transaction.js';
import { recordText, type LedgerEvent } from './ledger-event.js';

/** Appends events in the caller's transaction: no record, no change. The linker chains them after the commit. */
export const appendRecords = async (tx: Transaction, events: readonly LedgerEvent[]): Promise<void> => {
  if (events.length === 0) return;
  const now = new Date();
  await tx.run(
    `WITH record AS (INSERT INTO ledger_record (event) SELECT event FROM unnest($1::text[]) WITH ORDINALITY AS e (event, n)
                     ORDER BY n RETURNING id)
     INSERT INTO ledger_unlinked (record_id) SELECT id FROM record`,
    [events.map((event) => recordText(event, now))],
    'ledger.append',
  );
};

/**
 * A statement that reads resources and has each look on record in the same moment, as `fetched` words it. `select` gives type,
 * id, version and actor, and whatever else is wanted; `at` is the time, an ISO 8601 text.
 */
export const readOnRecord = (select: string, at: string): string =>
  `WITH seen AS MATERIALIZED (${select}),
        record AS (INSERT INTO ledger_record (event)
                   SELECT json_build_object('occurred_at', ${at}, 'actor', actor, 'action', 'data.fetched',
                            'entity', json_build_object('type', type, 'id', id),
                            'changes', json_build_object('what', 'resource', 'version', version), 'reason', '')::text
                     FROM seen RETURNING id),
        unlinked AS (INSERT INTO ledger_unlinked (record_id) SELECT id FROM record)
   SELECT * FROM seen`;

/**
 * The same of rows that are given together: each that is not `"isReferred"` is a look, whose record names those of the same `n` that are.
 */
export const readTogetherOnRecord = (select: string, at: string): string =>
  `WITH seen AS MATERIALIZED (${select}),
        record AS (INSERT INTO ledger_record (event)
                   SELECT json_build_object('occurred_at', ${at}, 'actor', actor, 'action', 'data.fetched',
                            'entity', json_build_object('type', type, 'id', id),
                            'changes', json_build_object('what', 'resource', 'version', version, 'referred',
                              ARRAY(SELECT r.type || '/' || r.id FROM seen r WHERE r.n = seen.n AND r."isReferred")),
                            'reason', '')::text
                     FROM seen WHERE NOT "isReferred" RETURNING id),
        unlinked AS (INSERT INTO ledger_unlinked (record_id) SELECT id FROM record)
   SELECT * FROM seen`;

/**
 * A statement that searches and has it on record in the same moment: who searched what type by which parameters, and how many
 * were found, `most` at most. All but `select` are expressions of their types; `parameters` is a JSON list.
 */
export const searchOnRecord = (
  select: string,
  { actor, type, parameters, most, at }: Readonly<Record<'actor' | 'type' | 'parameters' | 'most' | 'at', string>>,
): string =>
  `WITH seen AS MATERIALIZED (${select}),
        record AS (INSERT INTO ledger_record (event)
                   SELECT json_build_object('occurred_at', ${at}, 'actor', ${actor}, 'action', 'data.fetched',
                            'entity', json_build_object('type', ${type}, 'id', 'search'),
                            'changes', json_build_object('what', 'search', 'parameters', ${parameters}, 'matches', least(count(*), ${most}),
                                         'included', 0), 'reason', '')::text
                     FROM seen RETURNING id),
        unlinked AS (INSERT INTO ledger_unlinked (record_id) SELECT id FROM record)
   SELECT * FROM seen`;

/** Takes the linker's lock for this transaction; false while another linker holds it. */
export const takeLinkerLock = async (tx: Transaction): Promise<boolean> =>
  (await tx.rows<{ taken: boolean }>(`SELECT pg_try_advisory_xact_lock(7337102) AS taken`))[0].taken;

/** The chain's last link. */
export const chainHead = async (tx: Transaction): Promise<{ seq: number; hash: Buffer } | undefined> =>
  (await tx.rows<{ seq: number; hash: Buffer }>(`SELECT seq, hash FROM ledger_link ORDER BY seq DESC LIMIT 1`))[0];

/** Committed records that have no link yet, oldest first. */
export const unlinkedRecords = (tx: Transaction, limit: number) =>
  tx.rows<{ id: number; event: string }>(
    `SELECT r.id, r.event FROM ledger_unlinked u JOIN ledger_record r ON r.id = u.record_id ORDER BY r.id LIMIT $1`,
    [limit],
  );

export const insertLinks = (tx: Transaction, links: readonly { seq: number; recordId: number; hash: Buffer }[]) =>
  tx.run(
    `WITH gone AS (DELETE FROM ledger_unlinked WHERE record_id = ANY($2::bigint[]))
     INSERT INTO ledger_link (seq, record_id, hash)
     SELECT seq, record_id, decode(hash, 'hex') FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS l (seq, record_id, hash)`,
    [links.map((link) => link.seq), links.map((link) => link.recordId), links.map((link) => link.hash.toString('hex'))],
  );

/** A stretch of the chain with its records; a record that is gone leaves its event null. */
export const chainFrom = (tx: Transaction, afterSeq: number, limit: number) =>
  tx.rows<{ seq: number; hash: Buffer; event: string | null }>(
    `SELECT l.seq, l.hash, r.event FROM ledger_link l LEFT JOIN ledger_record r ON r.id = l.record_id
      WHERE l.seq > $1 ORDER BY l.seq LIMIT $2`,
    [afterSeq, limit],
  );

/** Records that are neither in the chain nor waiting for it: somebody removed their link. */
export const strayRecords = (tx: Transaction) =>
  tx.rows<{ id: number }>(
    `SELECT r.id FROM ledger_record r
      WHERE NOT EXISTS (SELECT 1 FROM ledger_link l WHERE l.record_id = r.id)
        AND NOT EXISTS (SELECT 1 FROM ledger_unlinked u WHERE u.record_id = r.id) ORDER BY r.id LIMIT 20`,
  );
