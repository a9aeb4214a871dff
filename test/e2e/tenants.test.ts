import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { aChestXray } from './instances.js';
import { aWorkitem } from './a-workitem.js';
import { eventually, Wetread } from './wetread.js';

/** Tables that are no organisation's, with what a tenant's connection may do there: nothing of a patient's stands in them. */
const NOBODYS: Readonly<Record<string, readonly string[]>> = {
  account: [],
  audit_forwarding: [],
  damaged_object: ['SELECT'],
  doomed_object: ['INSERT', 'SELECT'],
  first_admin_code: [],
  issuer_key: [],
  ledger_link: [],
  ledger_unlinked: ['INSERT'],
  login_attempt: [],
  migration: [],
  oauth_client: [],
  oidc_state: [],
  revoked_token: [],
  scrub_progress: ['SELECT'],
  signing_key: ['INSERT', 'SELECT'],
  tenant: ['SELECT'],
  watched_type: ['INSERT', 'SELECT'],
};

let wetread: Wetread;
let tenant: pg.Client;
let filled: string[];
const tables = async (): Promise<string[]> =>
  (
    await wetread.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
  ).map(({ name }) => name);
const owned = async (): Promise<string[]> => (await tables()).filter((name) => !(name in NOBODYS));

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
  tenant = new pg.Client({ connectionString: wetread.databaseUrl, options: '-c role=wetread_tenant' });
  await tenant.connect();
  filled = [];
  for (const name of await owned()) {
    const [{ there }] = await wetread.sql<{ there: boolean }>(`SELECT EXISTS (SELECT FROM ${name}) AS there`);
    if (there) filled.push(name);
  }
});
afterAll(async () => {
  await tenant.end();
  await wetread.remove();
});

const show = (who: string) => tenant.query(`SELECT set_config('wetread.tenant', $1, false)`, [who]);
const countIn = async (name: string): Promise<number> =>
  (await tenant.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`)).rows[0].n;

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
        using: '(tenant = ( SELECT acting_tenant() AS acting_tenant))',
        checked: null, // the same as for reading
        kinds: '*',
      });
    expect((await owned()).length).toBeGreaterThan(25);
  });

  it('and nobody’s tables give an organisation’s connection no more than they say', async () => {
    const rights = await wetread.sql<{ name: string; privilege: string }>(
      `SELECT table_name AS name, privilege_type AS privilege FROM information_schema.role_table_grants WHERE grantee = 'wetread_tenant' ORDER BY 1, 2`,
    );
    for (const [name, expected] of Object.entries(NOBODYS))
      expect([name, rights.filter((one) => one.name === name).map(({ privilege }) => privilege)]).toEqual([name, expected]);
    expect(rights.filter(({ name }) => name === 'ledger_record').map(({ privilege }) => privilege)).toEqual(['INSERT', 'SELECT']);
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
    for (const name of filled.filter((one) => one !== 'ledger_record')) {
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
      'workitem_uid',
      'work_once',
    ])
      expect([key, by.get(key)?.includes('tenant')]).toEqual([key, true]);
  });
});

describe('The source', () => {
  it('asks whose rows are in no statement: what keeps them apart can be forgotten in none', () => {
    const source = fileURLToPath(new URL('../../../src/', import.meta.url));
    const asking = ['archive', 'delivery', 'inference', 'records', 'reporting', 'worklist'].flatMap((room) =>
      sqlFiles(join(source, room)).filter((path) => /WHERE[^`]*\btenant\s*=\s*\$/.test(readFileSync(path, 'utf8'))),
    );
    expect(asking).toEqual([]);
  });
});

function sqlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}
