import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../../src/database/database.js';
import { SERVER_SCOPE } from '../../../src/database/scope.js';
import { checkLedger } from '../../../src/evidence/package/verify/check-ledger.js';
import { Findings } from '../../../src/evidence/package/verify/findings.js';
import { extractLedger } from '../../../src/ledger/extract.js';
import { linkHash } from '../../../src/ledger/link-hash.js';
import { MakeCheckpoints } from '../../../src/ledger/make-checkpoints.js';
import { GrowingTree } from '../../../src/ledger/merkle.js';
import { Signer } from '../../../src/signing/signer.js';
import { aDatabase } from '../../a-database.js';
import { anEvent, append, linesOf, textsOf, type ExtractTexts } from '../../ledger/a-ledger.js';
import { aBag } from './a-package.js';

const folder = mkdtempSync(join(tmpdir(), 'wetread-check-ledger-'));
let database: Database;
let keys: JsonWebKey[];
let texts: ExtractTexts;
let all: ExtractTexts;

/** Records 1 to 12, those of study 7 the odd ones; checkpoints of 5, 9 and 12. */
beforeAll(async () => {
  database = await aDatabase(SERVER_SCOPE);
  const signer = new Signer(folder, database);
  const events = Array.from({ length: 12 }, (_, i) => anEvent(1, 'validation-study', i % 2 === 0 ? '7' : '8'));
  for (const [from, to] of [
    [0, 5],
    [5, 9],
    [9, 12],
  ]) {
    await append(database, events.slice(from, to));
    await new MakeCheckpoints(database, signer).look(true);
  }
  texts = await textsOf(await extractLedger(database, signer, { tenant: 1, about: [['validation-study', '7']] }));
  all = await textsOf(
    await extractLedger(database, signer, {
      tenant: 1,
      about: [
        ['validation-study', '7'],
        ['validation-study', '8'],
      ],
    }),
  );
  ({ keys } = (await signer.publicKeys()) as { keys: JsonWebKey[] });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const filesOf = (of: Partial<ExtractTexts>): Record<string, string> =>
  Object.fromEntries(Object.entries(of).map(([name, text]) => [`data/10-audit/${name}.jsonl`, text]));
const found = async (files: Readonly<Record<string, string | Buffer>>, checkpoint?: string) => {
  const findings = new Findings();
  await checkLedger(aBag(files), { keys, ...(checkpoint !== undefined && { checkpoint }) }, findings);
  return { exit: findings.exit, found: findings.all.map(({ where, words }) => `${where.slice(14)}: ${words}`), checked: findings.checked };
};
const check = (of: Partial<ExtractTexts>, checkpoint?: string) => found(filesOf(of), checkpoint);
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const changed = (name: keyof ExtractTexts, change: (lines: string[]) => string[]): ExtractTexts => ({
  ...texts,
  [name]: text(change(linesOf(texts[name]))),
});
const checkpointText = (of: ExtractTexts, place: number): string =>
  (JSON.parse(linesOf(of.checkpoints)[place]) as { checkpoint: string }).checkpoint;

describe('The ledger of a package', () => {
  it('holds: records that lie apart, and those that follow each other', async () => {
    expect(await check(texts)).toEqual({
      exit: 0,
      found: [],
      checked: [
        'the ledger: 6 records of its first 12, each hash, and its proof to the last of 3 signed checkpoints, which begins with the others',
      ],
    });
    expect((await check(all)).checked).toEqual([expect.stringMatching(/^the ledger: 12 records of its first 12/)]);
  });

  it('is not spoken of where there is none', async () => {
    expect(await check({})).toEqual({ exit: 0, found: [], checked: [] });
    expect((await check({}, checkpointText(texts, 0))).found).toEqual([
      expect.stringMatching(/events\.jsonl: it is not there, and must be held/),
    ]);
  });

  it('is changed in no byte unseen', async () => {
    for (const of of [texts, all])
      for (const name of ['events', 'checkpoints', 'proofs'] as const) {
        const files: Record<string, string | Buffer> = filesOf(of);
        const bytes = Buffer.from(of[name]);
        files[`data/10-audit/${name}.jsonl`] = bytes;
        const unseen: number[] = [];
        for (let at = 0; at < bytes.length; at++) {
          const flip = [0x01, 0x20, 0x80][at % 3];
          bytes[at] ^= flip;
          if ((await found(files)).exit === 0) unseen.push(at);
          bytes[at] ^= flip;
        }
        expect(unseen.map((at) => [name, bytes.toString('utf8', Math.max(0, at - 30), at + 10)])).toEqual([]);
        expect(bytes.length).toBeGreaterThan(900);
      }
  });

  it.each<[what: string, change: () => Partial<ExtractTexts>, exit: number, said: RegExp]>([
    ['a record left out', () => changed('events', (all) => all.toSpliced(2, 1)), 1, /proofs\.jsonl: its line 3 is no proof of record 7/],
    ['its last record left out', () => changed('events', (all) => all.slice(0, -1)), 1, /proofs\.jsonl: it has more proofs than there are/],
    [
      'a record twice',
      () => changed('events', (all) => all.toSpliced(2, 0, all[2])),
      1,
      /record 4 in it has number 5, and the one before it 5/,
    ],
    [
      'two records swapped',
      () => changed('events', (all) => all.with(1, all[2]).with(2, all[1])),
      1,
      /proofs\.jsonl: its line 2 is no proof/,
    ],
    ['a proof left out', () => changed('proofs', (all) => all.slice(0, -1)), 1, /proofs\.jsonl: its line 6 is no proof of record 11/],
    ['two proofs swapped', () => changed('proofs', (all) => all.with(1, all[2]).with(2, all[1])), 1, /its line 2 is no proof of record 3/],
    [
      'a proof of another record under its number',
      () => changed('proofs', (all) => all.with(1, all[2].replace('"seq":5', '"seq":3'))),
      1,
      /proofs\.jsonl: what it has of record 3 does not lead to the root/,
    ],
    [
      'a record of which the hash was made anew',
      () => changed('events', (all) => all.with(1, rehashed(all[1].replace('"share":0.25', '"share":0.75')))),
      1,
      /proofs\.jsonl: what it has of record 3 does not lead to the root/,
    ],
    ['no checkpoint', () => ({ ...texts, checkpoints: '' }), 1, /checkpoints\.jsonl: it has no checkpoint/],
    ['an older checkpoint alone', () => changed('checkpoints', (all) => all.slice(0, 1)), 1, /nothing proves that the last checkpoint/],
    ['checkpoints in another order', () => changed('checkpoints', (all) => all.toReversed()), 1, /is not a later one/],
    ['a checkpoint with another’s proof', () => changed('checkpoints', swapProofs), 1, /nothing proves that the last checkpoint begins/],
    [
      'a checkpoint signed by another key of the same name',
      () => changed('checkpoints', (all) => all.map(resigned)),
      3,
      /checkpoints\.jsonl: the signature of the checkpoint of 5 records holds by no known key/,
    ],
    ['a line cut off', () => ({ ...texts, events: texts.events.slice(0, -9) }), 1, /events\.jsonl: its line 6 is cut off/],
    ['a line that is none', () => changed('events', (all) => all.with(2, '{}')), 1, /events\.jsonl: record 3 in it is not of the form/],
    ['no proofs', () => ({ events: texts.events, checkpoints: texts.checkpoints }), 2, /proofs\.jsonl: it is not there, and the rest/],
  ])('with %s is told from what was taken', async (_, change, exit, said) => {
    expect(await check(change())).toEqual({ exit, found: [expect.stringMatching(said)], checked: [] });
  });

  it('made anew as a whole, with a tree of its own, is signed by nobody', async () => {
    const record = rehashed(linesOf(texts.events)[0].replace('"share":0.25', '"share":0.75'));
    const tree = new GrowingTree();
    tree.add(Buffer.from(record.slice(-66, -2), 'hex'));
    const said = JSON.parse(linesOf(texts.checkpoints)[0]) as { checkpoint: string; kid: string };
    const forged = `wetread/${record.slice(-66, -2)}\n1\n${tree.root().toString('base64')}\n`;
    const forgery: ExtractTexts = {
      events: text([record]),
      checkpoints: text([resigned(JSON.stringify({ checkpoint: forged, kid: said.kid, signature: '', proof: [] }))]),
      proofs: '{"seq":1,"size":1,"proof":[]}\n',
    };
    expect(await check(forgery)).toMatchObject({ exit: 3, found: [expect.stringMatching(/holds by no known key/)] });
  });

  it('is held to a checkpoint that was kept elsewhere: to any of its own, and it says in words what it cannot tell', async () => {
    for (const place of [0, 1, 2])
      expect((await check(texts, checkpointText(texts, place))).checked).toEqual([
        expect.stringMatching(/one of them is the checkpoint given$/),
      ]);
    const kept = checkpointText(texts, 1);
    expect(await check(texts, kept.replace(/\n9\n/, '\n8\n'))).toMatchObject({
      exit: 2,
      found: [expect.stringMatching(/begins with the checkpoint given \(8 records\) cannot be told: it has those of 5, 9, 12 records/)],
    });
    expect(await check(texts, kept.replace(/\n9\n/, '\n99\n'))).toMatchObject({ exit: 2, found: [expect.stringMatching(/goes on to/)] });
    const [origin, size] = kept.split('\n');
    expect(await check(texts, `${origin}\n${size}\n${Buffer.alloc(32).toString('base64')}\n`)).toMatchObject({
      exit: 1,
      found: [expect.stringMatching(/the first 9 records are others than when the checkpoint given was kept/)],
    });
    expect(await check(texts, kept.replace('wetread/', 'wetread/0'))).toMatchObject({
      exit: 1,
      found: [expect.stringMatching(/is of another ledger/)],
    });
    await expect(check(texts, 'no checkpoint')).rejects.toThrow('what is to be trusted is no checkpoint');
  });
});

/** A record's line with the hash that follows from what stands before it. */
function rehashed(line: string): string {
  const [, event, before] = /^\{"event":(.*),"before":"([0-9a-f]{64})","hash":"[0-9a-f]{64}"\}$/s.exec(line) as unknown as string[];
  return `{"event":${event},"before":"${before}","hash":"${linkHash(Buffer.from(before, 'hex'), event).toString('hex')}"}`;
}

/** A checkpoint's line signed by somebody else, under the name of the server's key. */
function resigned(line: string): string {
  const said = JSON.parse(line) as { checkpoint: string };
  return JSON.stringify({ ...said, signature: sign(null, Buffer.from(said.checkpoint), other).toString('hex') });
}
const other = generateKeyPairSync('ed25519').privateKey;

function swapProofs(lines: string[]): string[] {
  const [first, second, last] = lines.map((line) => JSON.parse(line) as { proof: string[] });
  return [{ ...first, proof: second.proof }, { ...second, proof: first.proof }, last].map((one) => JSON.stringify(one));
}
