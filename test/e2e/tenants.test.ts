import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { getMetadataArgsStorage } from 'typeorm';
import { SCHEMA } from '../../src/schema.js';
import { aChestXray } from './instances.js';
import { aWorkitem } from './a-workitem.js';
import { fillStudies } from './filled-studies.js';
import { eventually, Wetread } from './wetread.js';

/** Tables that are no organisation's, with what a tenant's connection may do there: nothing of a patient's stands in them. */
const NOBODYS: Readonly<Record<string, readonly string[]>> = {
  audit_forwarding: [],
  damaged_object: ['SELECT'],
  doomed_object: ['INSERT'],
  first_admin_code: [],
  issuer_key: [],
  ledger_link: [],
  ledger_checkpoint: [],
  ledger_unlinked: ['INSERT'],
  migration: [],
  revoked_token: [],
  scrub_progress: ['SELECT'],
  signing_key: [],
  tenant: ['SELECT'],
  watched_type: ['INSERT', 'SELECT'],
};

/** Tables of an organisation's that nobody changes: a tenant's connection reads and adds, and may do nothing else. */
const APPEND_ONLY: readonly string[] = [
  'regulatory_record',
  ...getMetadataArgsStorage()
    .tables.filter(({ target }) => SCHEMA.entities.includes(target as never))
    .flatMap(({ name }) => (name?.startsWith('validation_') === true ? [name] : [])),
];

/** Where a policy holds for administrators' transactions (role wetread_accounts), and the role that serves data has no right at all. */
const OWN_ROWS = '(tenant = ( SELECT acting_tenant() AS acting_tenant))';
const ADMINISTERED: Readonly<Record<string, string | RegExp>> = {
  account: OWN_ROWS,
  oauth_client: OWN_ROWS,
  oidc_state: /account_id IN \( SELECT .*FROM account\).*client_id IN \( SELECT .*FROM oauth_client\)/s,
  login_attempt: /username IN \( SELECT .*FROM account\)/s,
};
/** What an administrator's transaction may do: nothing where patients' data is. To the ledger it appends, column by column, and reads back the id alone. */
const ADMINISTRATION: Readonly<Record<string, readonly string[]>> = {
  account: ['DELETE', 'INSERT', 'SELECT', 'UPDATE'],
  ledger_unlinked: ['INSERT'],
  login_attempt: ['DELETE', 'SELECT'],
  oauth_client: ['DELETE', 'INSERT', 'SELECT', 'UPDATE'],
  oidc_state: ['DELETE', 'SELECT'],
  revoked_token: ['INSERT'],
};
/** Statements that ask whose rows are, and why. */
const ASKING: Readonly<Record<string, string>> = {
  'issuer/accounts.sql.ts': 'the server itself asks whether the first organisation has an account, to give a code for one',
  'ledger/audit/audit-search.sql.ts': 'the index begins with it; the policy holds below',
  'ledger/extract.sql.ts': 'links and checkpoints are of all organisations together: an extract is told whose records it may hold',
  'work/work.sql.ts': 'the queue is the server’s own, and two organisations may have work alike',
};

let wetread: Wetread;
let tenant: pg.Client;
let administration: pg.Client;
let filled: string[];
const tables = async (): Promise<string[]> =>
  (
    await wetread.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
  ).map(({ name }) => name);
const owned = async (): Promise<string[]> => (await tables()).filter((name) => !(name in NOBODYS) && !(name in ADMINISTERED));
const json = (path: string, body: object) =>
  wetread.fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

beforeAll(async () => {
  wetread = await Wetread.start();
  const kept = aChestXray();
  const gone = aChestXray();
  await wetread.store(kept.bytes, gone.bytes);
  await eventually(async () => {
    const [{ count }] = await wetread.sql<{ count: number }>(`SELECT count(*)::int AS count FROM report`);
    return count === 2 ? true : undefined;
  }, 'reports');
  await wetread.fetch(`/dicom-web/studies/${gone.studyInstanceUID}`, { method: 'DELETE' });
  await wetread.fetch('/dicom-web/workitems', {
    method: 'POST',
    headers: { 'content-type': 'application/dicom+json' },
    body: JSON.stringify([aWorkitem()]),
  });
  await wetread.fetch('/fhir/$export', { headers: { prefer: 'respond-async' } });
  await json('/access/accounts', { username: 'ada', name: 'Ada', password: 'a long enough password', roles: ['administrator'] });
  await json('/evidence/records/device', { content: { name: 'A device', manufacturer: 'Works', basicUdiDi: null, udiDi: null } });
  await fillStudies(wetread);
  await json('/access/clients', { clientId: 'an-app', name: 'An app', scope: 'openid', redirectUris: ['https://app.example/'] });
  await wetread.sql(`INSERT INTO login_attempt (username, failures, last_at) VALUES ('ada', 1, now())`);
  await wetread.sql(`INSERT INTO oidc_state (model, id, payload, client_id) VALUES ('Grant', 'a', '{}', 'an-app')`);
  await wetread.sql(`INSERT INTO oidc_state (model, id, payload, account_id) SELECT 'Session', 'b', '{}', id FROM account`);
  [tenant, administration] = ['wetread_tenant', 'wetread_accounts'].map(
    (role) => new pg.Client({ connectionString: wetread.databaseUrl, options: `-c role=${role}` }),
  );
  await tenant.connect();
  await administration.connect();
  filled = [];
  for (const name of await owned()) {
    const [{ there }] = await wetread.sql<{ there: boolean }>(`SELECT EXISTS (SELECT FROM ${name}) AS there`);
    if (there) filled.push(name);
  }
});
afterAll(async () => {
  await tenant.end();
  await administration.end();
  await wetread.remove();
});

const show = (who: string, client = tenant) => client.query(`SELECT set_config('wetread.tenant', $1, false)`, [who]);
const countIn = async (name: string, client = tenant): Promise<number> =>
  (await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`)).rows[0].n;
const rightsOf = async (role: string): Promise<Record<string, string[]>> => {
  const rights = await wetread.sql<{ name: string; privileges: string[] }>(
    `SELECT table_name AS name, array_agg(privilege_type::text ORDER BY privilege_type) AS privileges
       FROM information_schema.role_table_grants WHERE grantee = $1 GROUP BY 1`,
    [role],
  );
  return Object.fromEntries(rights.map(({ name, privileges }) => [name, privileges]));
};

describe('Rows of an organisation', () => {
  it('lie in tables that each know whose they are, by a policy that holds for reading and writing', async () => {
    const policies = await wetread.sql<{ name: string; secured: boolean; using: string; checked: string | null; kinds: string }>(
      `SELECT c.relname AS name, c.relrowsecurity AS secured, pg_get_expr(p.polqual, c.oid) AS using, pg_get_expr(p.polwithcheck, c.oid) AS checked,
              p.polcmd::text AS kinds
         FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    );
    const of = new Map(policies.map((one) => [one.name, one]));
    for (const name of await owned())
      expect(of.get(name)).toEqual({
        name,
        secured: true,
        using: OWN_ROWS,
        checked: null, // the same as for reading
        kinds: '*',
      });
    expect((await owned()).length).toBeGreaterThan(25);
    for (const [name, whose] of Object.entries(ADMINISTERED)) {
      const using = typeof whose === 'string' ? whose : expect.stringMatching(whose);
      expect(of.get(name)).toEqual({ name, secured: true, using, checked: null, kinds: '*' });
    }
  });

  it('and nobody’s tables give an organisation’s connection no more than they say', async () => {
    const rights = await rightsOf('wetread_tenant');
    for (const [name, expected] of Object.entries(NOBODYS)) expect([name, rights[name] ?? []]).toEqual([name, expected]);
    for (const name of Object.keys(ADMINISTERED)) expect([name, rights[name]]).toEqual([name, undefined]);
    expect(rights['ledger_record']).toEqual(['SELECT']); // and appends, column by column
    for (const name of APPEND_ONLY) expect([name, filled.includes(name), rights[name]]).toEqual([name, true, ['INSERT', 'SELECT']]);
  });

  it('are shown to no other, though no statement asks whose they are', async () => {
    expect(filled.length).toBeGreaterThan(15); // the test has something to hide
    for (const name of filled) {
      await show('2');
      expect([name, await countIn(name)]).toEqual([name, 0]);
      await show('1');
      expect([name, (await countIn(name)) > 0]).toEqual([name, true]);
    }
  });

  it('are shown to nobody whose organisation nobody said', async () => {
    for (const said of ['', '0']) {
      await show(said);
      for (const name of filled) expect([name, await countIn(name)]).toEqual([name, 0]);
    }
  });

  it('are changed and deleted by no other, nor put among another’s', async () => {
    for (const name of filled.filter((one) => APPEND_ONLY.includes(one))) {
      await show('1');
      await expect(tenant.query(`UPDATE ${name} SET tenant = 2`)).rejects.toThrow(/permission denied/);
      await expect(tenant.query(`DELETE FROM ${name}`)).rejects.toThrow(/permission denied/);
      await expect(wetread.sql(`UPDATE ${name} SET tenant = 2`)).rejects.toThrow(/append-only/); // as the tables' owner
    }
    for (const name of filled.filter((one) => one !== 'ledger_record' && !APPEND_ONLY.includes(one))) {
      await show('2');
      expect([name, (await tenant.query(`UPDATE ${name} SET tenant = 2`)).rowCount]).toEqual([name, 0]);
      expect([name, (await tenant.query(`DELETE FROM ${name}`)).rowCount]).toEqual([name, 0]);
      await show('1');
      await expect(tenant.query(`UPDATE ${name} SET tenant = 2`)).rejects.toThrow(/row-level security/);
    }
    await show('2');
    await expect(
      tenant.query(`INSERT INTO watched_type (type) VALUES ('x'); INSERT INTO work (kind, subject, tenant) VALUES ('x', 'y', 1)`),
    ).rejects.toThrow(/row-level security/);
  });

  it('and its accounts, apps, sessions and failed logins are shown to its administrators alone, who get nothing else', async () => {
    expect(await rightsOf('wetread_accounts')).toEqual(ADMINISTRATION);
    for (const [who, count] of [
      ['2', 0],
      ['', 0],
      ['1', 1],
    ] as const) {
      await show(who, administration);
      for (const name of Object.keys(ADMINISTERED))
        expect([who, name, await countIn(name, administration)]).toEqual([who, name, name === 'oidc_state' ? 2 * count : count]);
    }
    await show('2', administration);
    for (const name of Object.keys(ADMINISTERED))
      expect([name, (await administration.query(`DELETE FROM ${name}`)).rowCount]).toEqual([name, 0]);
    expect((await administration.query(`UPDATE account SET roles = '{}'`)).rowCount).toBe(0);
    await show('1', administration);
    for (const name of ['account', 'oauth_client'])
      await expect(administration.query(`UPDATE ${name} SET tenant = 2`)).rejects.toThrow(/row-level security/);
    for (const name of ['study', 'resource', 'issuer_key'])
      await expect(countIn(name, administration)).rejects.toThrow(/permission denied/);
    await expect(administration.query('SELECT event FROM ledger_record')).rejects.toThrow(/permission denied/);
  });

  it('keep apart what two name alike, by the keys themselves', async () => {
    const keys = await wetread.sql<{ key: string; columns: string[] }>(
      `SELECT i.relname AS key, array_agg(a.attname::text ORDER BY a.attname) AS columns FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
         JOIN pg_class t ON t.oid = x.indrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(x.indkey)
        WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace GROUP BY 1`,
    );
    const by = new Map(keys.map(({ key, columns }) => [key, columns]));
    for (const key of [
      'study_uid',
      'instance_uid',
      'resource_key',
      'resource_version_key',
      'report_key',
      'subscription_key',
      'subscription_owner_key',
      'workitem_uid',
      'work_once',
      'regulatory_record_key',
    ])
      expect([key, by.get(key)?.includes('tenant')]).toEqual([key, true]);
  });
});

describe('The source', () => {
  it('asks whose rows are in no statement but those named here: what keeps them apart can be forgotten in none', () => {
    const source = fileURLToPath(new URL('../../../src/', import.meta.url));
    const asking = sqlFiles(source).filter((path) => /WHERE[^`]*\btenant\s*=\s*\$/.test(readFileSync(path, 'utf8')));
    expect(asking.map((path) => relative(source, path)).sort()).toEqual(Object.keys(ASKING));
  });
});

function sqlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}
