import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { aChestXray } from './instances.js';
import { eventually, Wetread } from './wetread.js';

/** What an injection could run by organisation 2's connections, while those of its role: another's data and the ledger are safe from it. */
let wetread: Wetread;
let tenant: pg.Client;
let administration: pg.Client;
const kept = aChestXray();
beforeAll(async () => {
  wetread = await Wetread.start();
  await wetread.store(kept.bytes);
  await wetread.sql(`INSERT INTO tenant (name) VALUES ('Elsewhere')`);
  [tenant, administration] = ['wetread_tenant', 'wetread_accounts'].map(
    (role) => new pg.Client({ connectionString: wetread.databaseUrl, options: `-c role=${role} -c wetread.tenant=2` }),
  );
  await tenant.connect();
  await administration.connect();
});
afterAll(async () => {
  await tenant.end();
  await administration.end();
  await wetread.remove();
});

describe('A statement that is none of the server’s', () => {
  const get = async (): Promise<Buffer> => {
    const answer = await wetread.fetch(kept.path, { headers: { accept: 'application/dicom' } });
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };

  it.each([
    ['says that it is to go', `INSERT INTO doomed_object (sha256) VALUES (decode($1, 'hex'))`],
    [
      'says that it had it and deleted it',
      `WITH d AS (INSERT INTO deletion (level, study_instance_uid, deleted_by, reason, deleted_at) VALUES ('instance', '1.2', 'x', '', now() - interval '99 days') RETURNING id),
            i AS (INSERT INTO deleted_instance (id, deletion, series_row, sop_instance_uid, sha256, bytes, content)
                  SELECT 999999, id, 1, '1.2.3.4', decode($1, 'hex'), 1, '{}' FROM d)
       INSERT INTO work (kind, subject) SELECT 'purge-deletion', id::text FROM d`,
    ],
  ])('removes no file that another organisation’s instance refers to: who %s', async (_, statement) => {
    await tenant.query(statement, [kept.sha256]);
    await tenant.query(`INSERT INTO work (kind, subject) VALUES ('purge-deletion', '999')`);
    await eventually(async () => {
      const [{ left }] = await wetread.sql<{ left: number }>(
        `SELECT (SELECT count(*)::int FROM doomed_object) + (SELECT count(*)::int FROM work WHERE kind = 'purge-deletion' AND tenant = 2) AS left`,
      );
      return left === 0 ? true : undefined;
    }, 'end of the purge');
    expect((await get()).equals(kept.bytes)).toBe(true);
  });

  it('stops no record of anybody’s, nor the chain: by marks, by ids that others are due, by what is no record', async () => {
    const [{ last }] = await wetread.sql<{ last: number }>('SELECT max(id)::int AS last FROM ledger_record');
    await tenant.query('INSERT INTO ledger_unlinked SELECT generate_series(1, $1::int) ON CONFLICT DO NOTHING', [last + 5]);
    await administration.query('INSERT INTO ledger_unlinked VALUES ($1::int + 6)', [last]);
    const record = `ledger_record (event, occurred_at, actor, agent, action, type, subtype, entity_type, entity_id, patients, outcome)`;
    const values = `'no JSON', now(), 'x', '', 'R', '', '', '', '', '{}', 0`;
    for (const client of [tenant, administration])
      await expect(
        client.query(`INSERT INTO ${record.replace('(', '(id, ')} OVERRIDING SYSTEM VALUE VALUES (${last + 7}, ${values})`),
      ).rejects.toThrow(/permission denied/);
    await tenant.query(
      `WITH r AS (INSERT INTO ${record} VALUES (${values}) RETURNING id) INSERT INTO ledger_unlinked SELECT id FROM r ON CONFLICT DO NOTHING`,
    );
    for (let i = 0; i < 10; i++) await get();
    await eventually(async () => {
      const [{ linked }] = await wetread.sql<{ linked: boolean }>(
        `SELECT NOT EXISTS (SELECT 1 FROM ledger_record r WHERE NOT EXISTS (SELECT 1 FROM ledger_link l WHERE l.record_id = r.id)) AS linked`,
      );
      return linked ? true : undefined;
    }, 'links of all records');
  });

  it('puts no key among those that signatures are checked by', async () => {
    for (const client of [tenant, administration])
      await expect(client.query(`INSERT INTO signing_key (kid, jwk, since) VALUES ('x', '{}', now())`)).rejects.toThrow(
        /permission denied/,
      );
  });

  it('gives no token back that was taken: takes more, changes and reads none', async () => {
    const take = `INSERT INTO revoked_token (mark, expires) VALUES ('a-token', now() + $1::interval)`;
    for (const lasts of ['1 hour', '1 minute']) await administration.query(take, [lasts]);
    for (const statement of ['UPDATE revoked_token SET expires = now()', 'DELETE FROM revoked_token', 'SELECT mark FROM revoked_token'])
      await expect(administration.query(statement)).rejects.toThrow(/permission denied/);
    await expect(tenant.query(take, ['1 hour'])).rejects.toThrow(/permission denied/);
  });
});
