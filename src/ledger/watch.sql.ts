import type { Transaction } from '../database/transaction.js';

/** The chain's end, with the hash of its first link and of the one of a number, if there is one; undefined where there is no link. */
export const chainSight = async (tx: Transaction, seq: number) =>
  (
    await tx.rows<{ seq: number; hash: string; ledger: string; known: string | null }>(
      `SELECT seq, encode(hash, 'hex') AS hash, coalesce((SELECT encode(hash, 'hex') FROM ledger_link WHERE seq = 1), '') AS ledger,
              (SELECT encode(hash, 'hex') FROM ledger_link WHERE seq = $1) AS known
         FROM ledger_link ORDER BY seq DESC LIMIT 1`,
      [seq],
      'database.chain-sight',
    )
  )[0];

/**
 * SHA-256 of the body of `ledger_is_append_only` as the migration 0002 makes it, each run of white space as one blank. One that only
 * begins as it does may refuse nothing: an EXCEPTION block takes the refusal back.
 */
const REFUSAL = '71b0e29cb73aad786b127407367988789d77fa512fd5912640c5aafaaade6ded';

/** `table.trigger` of what refuses changes to the ledger and is not there, not always on, or is another than the migrations make it. */
export const missingGuards = async (tx: Transaction): Promise<string[]> =>
  (
    await tx.rows<{ guard: string }>(
      // tgtype (catalog pg_trigger): 27 before UPDATE or DELETE, each row; 34 before TRUNCATE.
      `SELECT w.relation || '.' || w.name AS guard
         FROM (VALUES ('ledger_record', 'append_only', 27), ('ledger_record', 'append_only_whole', 34),
                      ('ledger_link', 'append_only', 27), ('ledger_link', 'append_only_whole', 34),
                      ('ledger_checkpoint', 'append_only', 27), ('ledger_checkpoint', 'append_only_whole', 34)) AS w (relation, name, type)
        WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang
                           WHERE t.tgrelid = w.relation::regclass AND t.tgname = w.name AND t.tgtype = w.type AND t.tgenabled = 'A'
                             AND t.tgqual IS NULL AND t.tgattr = ''::int2vector AND t.tgnargs = 0 AND t.tgconstraint = 0
                             AND l.lanname = 'plpgsql' AND NOT p.prosecdef AND p.proconfig IS NULL
                             AND encode(sha256(convert_to(btrim(regexp_replace(p.prosrc, '\\s+', ' ', 'g')), 'UTF8')), 'hex') = $1)
        ORDER BY 1`,
      [REFUSAL],
    )
  ).map(({ guard }) => guard);

/** The chain's last number, and the highest that a receiver of audit messages has taken; 0 where there is none. */
export const endAndTaken = async (tx: Transaction) =>
  (
    await tx.rows<{ end: number; taken: number }>(
      `SELECT coalesce((SELECT max(seq) FROM ledger_link), 0) AS "end", coalesce((SELECT max(sent_seq) FROM audit_forwarding), 0) AS taken`,
    )
  )[0];

/**
 * Whether there is what nobody brings in without a record: studies, deletions, accounts, resources. The definitions that a server puts
 * among the resources at its start are on no record.
 */
export const isInUse = async (tx: Transaction): Promise<boolean> =>
  (
    await tx.rows<{ used: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM study) OR EXISTS (SELECT 1 FROM deletion) OR EXISTS (SELECT 1 FROM account)
           OR EXISTS (SELECT 1 FROM resource WHERE type NOT IN ('StructureDefinition', 'CodeSystem', 'SearchParameter')) AS used`,
    )
  )[0].used;
