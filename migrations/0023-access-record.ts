import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsOf } from '../src/ledger/record-columns.js';

const COLUMNS = {
  actor: 'text COLLATE "C"',
  agent: 'text COLLATE "C"',
  action: 'text COLLATE "C"',
  type: 'text COLLATE "C"',
  subtype: 'text COLLATE "C"',
  entity_type: 'text COLLATE "C"',
  entity_id: 'text COLLATE "C"',
  outcome: 'smallint',
} as const;
const NAMES = Object.keys(COLUMNS);
const AT_ONCE = 5_000;

/**
 * Why: records of accesses are searched as AuditEvents (who, when, what, whose, how it ended) and given to each patient; and what
 * was asked for is kept, sealed beside the event; `audit_forwarding` says how far receivers of audit messages have them. The records that are there are not touched in their text nor in the chain:
 * their columns are filled from it, by the same function that `ledger:verify` compares by. Locks: `ledger_record` while it is
 * filled, some 35 s a million records. Back: drops the columns, and with them what was sealed.
 */
export class AccessRecords implements MigrationInterface {
  readonly name = 'access-record-0000000000023';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE ledger_record
        ADD COLUMN occurred_at timestamptz, ${NAMES.map((name) => `ADD COLUMN ${name} ${COLUMNS[name as keyof typeof COLUMNS]}`).join(', ')},
        ADD COLUMN patients text[] COLLATE "C", ADD COLUMN sealed bytea`);
    await db.query('ALTER TABLE ledger_record DISABLE TRIGGER append_only');
    for (let after = '0'; ;) {
      const rows = (await db.query('SELECT id, event FROM ledger_record WHERE id > $1 ORDER BY id LIMIT $2', [after, AT_ONCE])) as {
        id: string;
        event: string;
      }[];
      if (rows.length === 0) break;
      await fill(db, rows);
      after = rows[rows.length - 1].id;
    }
    await db.query('ALTER TABLE ledger_record ENABLE ALWAYS TRIGGER append_only');
    await db.query(`
      ALTER TABLE ledger_record ${['occurred_at', 'patients', ...NAMES].map((name) => `ALTER COLUMN ${name} SET NOT NULL`).join(', ')}`);
    await db.query('CREATE INDEX ledger_record_by_time ON ledger_record (tenant, occurred_at, id)');
    await db.query('CREATE INDEX ledger_record_by_actor ON ledger_record (actor, occurred_at, id)');
    await db.query('CREATE INDEX ledger_record_by_entity ON ledger_record (entity_id, entity_type, id)');
    await db.query('CREATE INDEX ledger_record_by_patient ON ledger_record USING gin (patients) WITH (gin_pending_list_limit = 512)');
    await db.query(`
      CREATE TABLE audit_forwarding (
        receiver text NOT NULL,
        sent_seq bigint NOT NULL DEFAULT 0,
        holder text NOT NULL,
        lease_until timestamptz NOT NULL,
        CONSTRAINT audit_forwarding_key PRIMARY KEY (receiver))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE audit_forwarding');
    await db.query('DROP INDEX ledger_record_by_patient, ledger_record_by_entity, ledger_record_by_actor, ledger_record_by_time');
    await db.query(
      `ALTER TABLE ledger_record ${['occurred_at', ...NAMES, 'patients', 'sealed'].map((name) => `DROP COLUMN ${name}`).join(', ')}`,
    );
  }
}

/** A record that is no JSON, as only somebody who owns the cluster could make it, is left for the check to name. */
async function fill(db: QueryRunner, rows: readonly { readonly id: string; readonly event: string }[]): Promise<void> {
  const given = rows.map(({ id, event }) => ({ id, ...columnsOf(parsed(event)) }));
  await db.query(
    `UPDATE ledger_record r SET occurred_at = f.occurred_at, patients = string_to_array(f.patients, ' '), ${NAMES.map((name) => `${name} = f.${name}`).join(', ')}
       FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], ${NAMES.map((name, i) => `$${i + 4}::${COLUMNS[name as keyof typeof COLUMNS].split(' ')[0]}[]`).join(', ')})
         AS f (id, occurred_at, patients, ${NAMES.join(', ')}) WHERE r.id = f.id`,
    [
      given.map(({ id }) => id),
      given.map(({ occurredAt }) => (occurredAt === '' ? '-infinity' : occurredAt)),
      given.map(({ patients }) => patients.join(' ')),
      given.map(({ actor }) => actor),
      given.map(({ agent }) => agent),
      given.map(({ action }) => action),
      given.map(({ type }) => type),
      given.map(({ subtype }) => subtype),
      given.map(({ entityType }) => entityType),
      given.map(({ entityId }) => entityId),
      given.map(({ outcome }) => outcome),
    ],
  );
}

function parsed(event: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(event);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
