import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../src/database/database.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { appendRecords } from '../../src/ledger/append-records.sql.js';
import { canonicalEvent } from '../../src/ledger/chain.js';
import { ExportCheck, FORM, verifyExport, type ExportVerdict, type Trusted } from '../../src/ledger/verify-export.js';
import { aDatabase } from '../a-database.js';

const EXPORT = fileURLToPath(new URL('../../src/ledger/commands/export.js', import.meta.url));
const REFERENCE = new URL('../../../../shared/stats/audit_chain.json', import.meta.url);
const present = existsSync(REFERENCE);
if (!present) console.warn('5 tests of the reference’s tampering are skipped: there is no ../shared/stats/audit_chain.json');

const folder = mkdtempSync(join(tmpdir(), 'wetread-export-'));
const [data, out] = [join(folder, 'data'), join(folder, 'out')];
let database: Database;
const append = (count: number): Promise<void> =>
  database.transaction((tx) =>
    appendRecords(
      tx,
      Array.from({ length: count }, (_, i) => ({
        actor: 'test',
        action: 'data.fetched' as const,
        entity: { type: 'study', id: `${i}` },
        changes: { what: 'search', words: '"grün" \u2028 \\ ,"seq":3,' },
        reason: '',
        sealed: { query: 'Patient?name=Quixote' },
      })),
    ),
  );
const run = (path: string, ...given: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...given], {
    env: { PATH: process.env['PATH'], DATABASE_URL: database.url, WETREAD_DATA: data },
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
};
beforeAll(async () => {
  database = await aDatabase(SERVER_SCOPE);
  mkdirSync(data);
  await append(12);
  expect(run(EXPORT, join(folder, 'first')).code).toBe(0);
  await append(5);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const lines = (): string[] => readFileSync(join(out, 'ledger.ndjson'), 'utf8').split('\n').slice(0, -1);
/** A file of lines somewhere else, with nothing beside it but what checks it. */
const check = (text: string, ...given: readonly string[]) => {
  const away = mkdtempSync(join(folder, 'away-'));
  writeFileSync(join(away, 'ledger.ndjson'), text);
  cpSync(join(out, 'verify-ledger.mjs'), join(away, 'verify-ledger.mjs'));
  return run(join(away, 'verify-ledger.mjs'), join(away, 'ledger.ndjson'), ...given);
};
const textOf = (all: readonly string[]): string => all.map((one) => `${one}\n`).join('');

describe('An export of the ledger', () => {
  it('is written with what checks it, and with no more', () => {
    expect(run(EXPORT, out)).toEqual({
      code: 0,
      said: expect.stringMatching(/^Wrote 17 records to .*ledger\.ndjson\. To check them: node /),
    });
    expect(readdirSync(out).toSorted()).toEqual(['ledger.ndjson', 'verify-ledger.mjs']);
    expect(lines()).toHaveLength(1 + 17 + 2); // the head, the records, a checkpoint of each export
    expect(run(EXPORT, out)).toEqual({ code: 2, said: expect.stringContaining('EEXIST') });
  });

  it('has nothing that is sealed', () => {
    expect(readFileSync(join(out, 'ledger.ndjson'), 'utf8')).not.toMatch(/Quixote/);
  });

  it('is whole by the word of the file alone, where nothing else is', () => {
    expect(check(textOf(lines()))).toEqual({
      code: 0,
      said: expect.stringMatching(
        /^The ledger is whole: 17 records, 2 checkpoints \(signed by keys that the export itself names\), head [0-9a-f]{64}/,
      ),
    });
  });

  it('is held to a checkpoint that was kept elsewhere, and to keys from elsewhere', () => {
    const { checkpoint } = JSON.parse(lines()[13]) as { checkpoint: string };
    const { keys } = JSON.parse(lines()[0]) as { keys: object[] };
    const kept = join(folder, 'kept');
    const [trust, jwks, none] = ['checkpoint', 'keys', 'none'].map((name) => `${kept}-${name}`);
    writeFileSync(trust, checkpoint);
    writeFileSync(jwks, JSON.stringify({ keys }));
    writeFileSync(none, JSON.stringify({ keys: [] }));
    expect(check(textOf(lines()), '--trust', trust, '--keys', jwks)).toEqual({
      code: 0,
      said: expect.stringContaining('(signed by the keys given, as the checkpoint given says)'),
    });
    expect(check(textOf(lines()), '--keys', none)).toEqual({ code: 3, said: expect.stringContaining('E_SIGNATURE at record 12') });
    expect(check(textOf(lines().slice(0, 10)), '--trust', trust)).toEqual({
      code: 2,
      said: expect.stringContaining('E_TRUNCATED at record 12'),
    });
    writeFileSync(trust, checkpoint.replace(/\n12\n/, '\n11\n'));
    expect(check(textOf(lines()), '--trust', trust)).toEqual({ code: 1, said: expect.stringContaining('E_CHECKPOINT at record 11') });
  });

  it.each<[what: string, change: (all: string[]) => string[], code: number, said: string]>([
    ['a value changed', (all) => all.with(4, all[4].replace('"test"', '"else"')), 1, 'E_HASH at record 4:'],
    ['a hash changed', (all) => all.with(4, all[4].replace(/.{3}"}$/, '000"}')), 1, 'E_HASH at record 4:'],
    ['a record gone', (all) => all.toSpliced(5, 1), 1, 'E_GAP at record 5: record 6 stands'],
    ['a record twice', (all) => all.toSpliced(5, 0, all[5]), 1, 'E_GAP at record 6: record 5 stands'],
    ['two records swapped', (all) => all.with(5, all[6]).with(6, all[5]), 1, 'E_GAP at record 5:'],
    ['a checkpoint elsewhere', (all) => [...all.toSpliced(13, 1), all[13]], 1, 'E_CHECKPOINT at record 17'],
    ['a checkpoint of another', (all) => all.with(13, all[19]), 1, 'E_CHECKPOINT at record 12'],
    [
      'a signature changed',
      (all) => all.with(13, all[13].replace(/"signature":"..../, '"signature":"0000')),
      3,
      'E_SIGNATURE at record 12',
    ],
    ['a line that is none', (all) => all.with(3, '{}'), 2, 'E_FORM at record 3'],
    ['no head', (all) => all.slice(1), 2, 'E_FORM at record 0'],
    ['nothing', () => [], 2, 'E_FORM at record 0'],
  ])('with %s is told from a whole one, and where', (_, change, code, said) => {
    expect(check(textOf(change(lines())))).toEqual({ code, said: expect.stringContaining(said) });
  });

  it('changed in any byte is not whole', async () => {
    const bytes = readFileSync(join(out, 'ledger.ndjson'));
    const missed: number[] = [];
    for (let at = 0; at < bytes.length - 1; at++) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 1;
      const verdict = await verified(changed).catch(() => undefined); // a key that is none any more
      if (verdict?.whole === true) missed.push(at);
    }
    expect(missed.map((at) => bytes.toString('utf8', Math.max(0, at - 40), at + 10))).toEqual([]);
  });

  it('that ends in the middle of a line is named as cut', () => {
    expect(check(textOf(lines()).slice(0, -5))).toEqual({ code: 2, said: expect.stringContaining('E_TRUNCATED at record 18') });
  });
});

const verified = (bytes: Buffer, trusted?: Trusted): Promise<ExportVerdict> =>
  verifyExport(
    (async function* () {
      for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
    })(),
    new ExportCheck(trusted),
  );

describe('The reference’s tampering', () => {
  interface Case {
    readonly name: string;
    readonly input: {
      readonly rows: readonly { readonly event: object; readonly hash: string }[];
      readonly trusted_size: number;
      readonly trusted_head: string;
    };
    readonly expected: { readonly error: string; readonly seq: number };
  }
  const cases = (): readonly Case[] => (JSON.parse(readFileSync(REFERENCE, 'utf8')) as { cases: readonly Case[] }).cases.slice(1);
  const NAMES = ['value changed', 'row removed', 'two rows swapped', 'tail cut off', 'rewritten with new hashes'];

  (present ? it : it.skip).each(NAMES)('%s', async (name) => {
    expect(cases().map((one) => one.name)).toEqual(NAMES);
    const { input, expected } = cases()[NAMES.indexOf(name)];
    const head = JSON.stringify({ form: FORM, origin: 'wetread.example/demo', keys: [] });
    const rows = input.rows.map(({ event, hash }) => `{"event":${canonicalEvent(event)},"hash":"${hash}"}`);
    const verdict = await verified(Buffer.from(textOf([head, ...rows])), { size: input.trusted_size, head: input.trusted_head });
    expect(verdict).toMatchObject({ whole: false, code: expected.error, seq: expected.seq });
  });
});
