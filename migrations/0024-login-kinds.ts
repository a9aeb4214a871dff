import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsOf } from '../src/ledger/record-columns.js';

const AT_ONCE = 5_000;

/**
 * Why: logins, and changes of accounts, apps and keys, were found as what has no kind of its own (DCM 110100). They are found now as
 * what they are, those from before too, as `ledger:verify` compares a record's columns with its text; text and chain stay. Locks:
 * `ledger_record` while it is read once. Back: nothing; the columns follow from the text.
 */
export class LoginKinds implements MigrationInterface {
  readonly name = 'login-kinds-0000000000024';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE ledger_record DISABLE TRIGGER append_only');
    for (let after = '0'; ;) {
      const rows = (await db.query(`SELECT id, event FROM ledger_record WHERE type = '110100' AND id > $1 ORDER BY id LIMIT $2`, [
        after,
        AT_ONCE,
      ])) as { id: string; event: string }[];
      if (rows.length === 0) break;
      await refill(db, rows);
      after = rows[rows.length - 1].id;
    }
    await db.query('ALTER TABLE ledger_record ENABLE ALWAYS TRIGGER append_only');
  }

  async down(): Promise<void> {
    // The columns follow from the text.
  }
}

async function refill(db: QueryRunner, rows: readonly { readonly id: string; readonly event: string }[]): Promise<void> {
  const kinds = rows.flatMap(({ id, event }) => {
    const columns = kindIn(event);
    return columns === undefined ? [] : [{ id, ...columns }];
  });
  await db.query(
    `UPDATE ledger_record r SET type = k.type, subtype = k.subtype, action = k.action, outcome = k.outcome
       FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::smallint[]) AS k (id, type, subtype, action, outcome)
      WHERE r.id = k.id`,
    [
      kinds.map(({ id }) => id),
      kinds.map(({ type }) => type),
      kinds.map(({ subtype }) => subtype),
      kinds.map(({ action }) => action),
      kinds.map(({ outcome }) => outcome),
    ],
  );
}

/** Undefined of what is no JSON, as only somebody who owns the cluster could make it: it is left for the check to name. */
function kindIn(event: string) {
  try {
    return columnsOf(JSON.parse(event) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}
