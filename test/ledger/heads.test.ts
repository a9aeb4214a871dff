import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../src/database/database.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { appendRecords } from '../../src/ledger/append-records.sql.js';
import { fewer, HEADS_FILE, HeadsFile } from '../../src/ledger/heads-file.js';
import { KeepHeads } from '../../src/ledger/keep-heads.js';
import { Linker } from '../../src/ledger/linker.js';
import { Signer } from '../../src/signing/signer.js';
import { aDatabase } from '../a-database.js';

const CHECK = fileURLToPath(new URL('../../src/ledger/commands/verify.js', import.meta.url));
const opened: Database[] = [];
let database: Database;
let folder: string;
beforeEach(async () => {
  opened.push((database = await aDatabase(SERVER_SCOPE)));
  folder = aFolder();
});
afterAll(() => Promise.all(opened.map((one) => one.close())));

const aFolder = (): string => mkdtempSync(join(tmpdir(), 'wetread-heads-'));
const sql = (text: string) => database.statement((tx) => tx.rows<Record<string, unknown>>(text));
const path = (): string => join(folder, HEADS_FILE);
const count = (): number => readFileSync(path(), 'utf8').split('\n').length - 1;
/** What a server of a data folder does every second. */
const aServer = (of = folder): KeepHeads => new KeepHeads(database, new HeadsFile(of), new Signer(of, database));
async function append(records: number): Promise<void> {
  const one = { actor: 'test', action: 'data.fetched' as const, entity: { type: 'study', id: '1' }, changes: {}, reason: '' };
  await database.transaction((tx) =>
    appendRecords(
      tx,
      Array.from({ length: records }, () => one),
    ),
  );
  await new Linker(database).link();
}
/** What whoever owns the tables can do, so that nothing of it is seen afterwards. */
async function unguarded(...statements: string[]): Promise<void> {
  const tables = ['ledger_record', 'ledger_link'];
  for (const table of tables) await sql(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
  for (const statement of statements) await sql(statement);
  for (const table of tables)
    for (const trigger of ['append_only', 'append_only_whole']) await sql(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger}`);
}
const cut = (last: number) =>
  unguarded(
    `DELETE FROM ledger_record WHERE id IN (SELECT record_id FROM ledger_link ORDER BY seq DESC LIMIT ${last})`,
    'DELETE FROM ledger_link l WHERE NOT EXISTS (SELECT 1 FROM ledger_record r WHERE r.id = l.record_id)',
  );
const check = (of = folder): { code: number | null; said: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHECK], {
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url, WETREAD_DATA: of },
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
};

const ALL_GUARDS = ['checkpoint', 'link', 'record'].map((one) => `ledger_${one}.append_only, ledger_${one}.append_only_whole`).join(', ');

describe('What a server has seen of the ledger', () => {
  it('is kept where it went on, and the check says so', async () => {
    const server = aServer();
    await server.look();
    expect(check().said).toContain('No server has kept');
    for (let i = 0; i < 3; i++) {
      await append(4);
      await server.look();
      await server.look(); // nothing came meanwhile
    }
    expect(count()).toBe(3);
    const { code, said } = check();
    expect([code, said]).toEqual([0, expect.stringContaining(`The server of ${folder} had seen its end 3 times, last number 12 at 20`)]);
  });

  it('names the records that are cut off the end', async () => {
    await append(9);
    await aServer().look();
    await cut(5);
    expect(check()).toMatchObject({
      code: 1,
      said: expect.stringMatching(/BROKEN: E_CUT: records 5–9 are gone: the server had seen number 9 at 20\S+Z; 4 records before it are/),
    });
  });

  it('names them though others have their numbers by now, and a server that goes on does not lose sight of them', async () => {
    const before = aServer();
    await append(4);
    await before.look();
    await append(5);
    await before.look();
    await cut(5);
    for (const server of [before, aServer()])
      for (let i = 0; i < 2; i++) {
        await append(4);
        await server.look();
      }
    expect(count()).toBe(2);
    const { code, said } = check();
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/BROKEN: E_OTHER: from number 5 to 9 are others than the server had seen at 20\S+Z; 4 records before it are/),
    ]);
  });

  it.each([
    ['emptied', [], 'E_CUT: records 1–3 are gone'],
    ['emptied and begun again', [3], 'E_OTHER: it begins otherwise than the ledger that the server had seen up to number 3 at 20'],
  ])('never lets a ledger pass that was %s', async (_, since, words) => {
    await append(3);
    await aServer().look();
    await unguarded('DELETE FROM ledger_record', 'DELETE FROM ledger_link', 'DELETE FROM ledger_unlinked');
    for (const records of since) await append(records);
    expect(check()).toMatchObject({ code: 1, said: expect.stringContaining(`BROKEN: ${words}`) });
  });

  it('of several servers of a database each keeps its own', async () => {
    const folders = [aFolder(), aFolder()];
    const servers = folders.map(aServer);
    for (let i = 0; i < 2; i++) {
      await append(1);
      await Promise.all(servers.map((server) => server.look()));
    }
    for (const one of folders) expect(check(one)).toMatchObject({ code: 0, said: expect.stringContaining('2 times, last number 2 at') });
    await cut(1);
    for (const one of folders) expect(check(one)).toMatchObject({ code: 1, said: expect.stringContaining('E_CUT: record 2 is gone') });
  });

  it('counts only where a key of the server has signed it', async () => {
    await append(2);
    await aServer().look();
    opened.push(await aDatabase(SERVER_SCOPE));
    const stranger = new Signer(aFolder(), opened[opened.length - 1]);
    appendFileSync(
      path(),
      `${await stranger.sign({ seq: 1, hash: '0'.repeat(64), ledger: '0'.repeat(64), time: new Date().toISOString() })}\n`,
    );
    expect(check()).toMatchObject({ code: 1, said: expect.stringMatching(/BROKEN: E_HEADS: line 2 of .* signed by no key/) });
  });

  it('counts though its key is gone from the database', async () => {
    await append(2);
    await aServer().look();
    await sql('DELETE FROM signing_key');
    await cut(1);
    expect(check().said).toContain('E_CUT: record 2 is gone');
  });

  it('goes on after a line that a power cut has torn', async () => {
    await append(1);
    await aServer().look();
    writeFileSync(path(), 'eyJ', { flag: 'a' });
    expect(check()).toMatchObject({ code: 0 });
    await append(1);
    await aServer().look();
    expect(count()).toBe(2);
    expect(check()).toMatchObject({ code: 0, said: expect.stringContaining('2 times, last number 2 at') });
  });

  it('stays small: after years the last ones, and one of each of the hours before them', () => {
    const line = (i: number): string => {
      const head = { seq: i + 1, hash: '0'.repeat(64), ledger: '0'.repeat(64), time: new Date(i * 60_000).toISOString() };
      return `x.${Buffer.from(JSON.stringify(head)).toString('base64url')}.x`;
    };
    const all = Array.from({ length: 600_000 }, (_, i) => line(i)); // a year of minutes
    const kept = fewer(all);
    expect(kept.length).toBe(3_072);
    expect(kept.slice(-1_024)).toEqual(all.slice(-1_024));
    expect(kept[2_000]).toBe(all[all.indexOf(kept[2_001]) - 60]);
    expect(fewer(all.slice(0, 4_096))).toHaveLength(4_096);
  });
});

describe('Beside the chain the check finds', () => {
  it.each([
    [
      'triggers that are off',
      'ALTER TABLE ledger_record DISABLE TRIGGER ALL',
      'ledger_record.append_only, ledger_record.append_only_whole',
    ],
    ['a trigger that replicas skip', 'ALTER TABLE ledger_link ENABLE TRIGGER append_only', 'ledger_link.append_only'],
    ['a trigger that is gone', 'DROP TRIGGER append_only_whole ON ledger_link', 'ledger_link.append_only_whole'],
    [
      'triggers that refuse nothing any more',
      'CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      ALL_GUARDS,
    ],
    [
      'triggers that refuse and take it back',
      `CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'x'; EXCEPTION WHEN raise_exception THEN RETURN OLD; END $$`,
      ALL_GUARDS,
    ],
    ['triggers that run as somebody else', 'ALTER FUNCTION ledger_is_append_only() SECURITY DEFINER', ALL_GUARDS],
    ['triggers that run with settings of their own', "ALTER FUNCTION ledger_is_append_only() SET search_path = 'elsewhere'", ALL_GUARDS],
    [
      'a trigger that refuses less',
      `DROP TRIGGER append_only ON ledger_record;
       CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_record FOR EACH ROW WHEN (OLD.id > 9) EXECUTE FUNCTION ledger_is_append_only();
       ALTER TABLE ledger_record ENABLE ALWAYS TRIGGER append_only`,
      'ledger_record.append_only',
    ],
    [
      'a trigger that refuses one of two things',
      `DROP TRIGGER append_only ON ledger_record;
       CREATE TRIGGER append_only BEFORE DELETE ON ledger_record FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
       ALTER TABLE ledger_record ENABLE ALWAYS TRIGGER append_only`,
      'ledger_record.append_only',
    ],
  ])('%s', async (_, statement, guards) => {
    await append(2);
    await sql(statement);
    expect(check()).toMatchObject({
      code: 1,
      said: expect.stringContaining(`E_UNGUARDED: changes are not refused any more: ${guards} must`),
    });
  });

  it('nothing of the kind where the triggers are as the migrations make them, however their text is laid out', async () => {
    expect(check()).toMatchObject({ code: 0 });
    const [{ body }] = await sql(`SELECT prosrc AS body FROM pg_proc WHERE proname = 'ledger_is_append_only'`);
    const laidOut = (body as string).trim().replaceAll(/\s+/g, '\n\t');
    await sql(`CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ ${laidOut} $$`);
    expect(check()).toMatchObject({ code: 0 });
  });

  it('that a receiver has taken what is not there', async () => {
    await append(7);
    await sql(`INSERT INTO audit_forwarding (receiver, sent_seq, holder, lease_until) VALUES ('tls://x:1', 7, 'x', now())`);
    expect(check()).toMatchObject({ code: 0 });
    await cut(2);
    expect(check()).toMatchObject({ code: 1, said: expect.stringContaining('E_CUT: records 6–7 are gone: a receiver of audit messages') });
  });

  it('that there is no record of what is there', async () => {
    expect(check()).toMatchObject({ code: 0, said: expect.stringContaining('whole: 0 records') });
    await sql(
      `INSERT INTO account (id, username, name, password_hash, roles, since, tenant) VALUES (gen_random_uuid(), 'a', 'A', 'x', '{}', now(), 1)`,
    );
    expect(check()).toMatchObject({ code: 1, said: expect.stringContaining('E_EMPTY: there is no record, and yet') });
  });
});
