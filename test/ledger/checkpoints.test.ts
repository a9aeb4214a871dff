import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/database/database.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { appendRecords } from '../../src/ledger/append-records.sql.js';
import { isSigned } from '../../src/ledger/checkpoint.js';
import { checkpointsUpTo } from '../../src/ledger/checkpoint.sql.js';
import { Linker } from '../../src/ledger/linker.js';
import { MakeCheckpoints } from '../../src/ledger/make-checkpoints.js';
import { lookAtStart } from '../../src/ledger/look-at-start.js';
import { verifyChain, verifyEnd } from '../../src/ledger/verify.js';
import { keysOfServer, Signer } from '../../src/signing/signer.js';
import { aDatabase } from '../a-database.js';

const opened: Database[] = [];
const folder = mkdtempSync(join(tmpdir(), 'wetread-checkpoints-'));
let database: Database;
let signer: Signer;
beforeEach(async () => {
  opened.push((database = await aDatabase(SERVER_SCOPE)));
  signer = new Signer(folder, database);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

const append = async (count: number): Promise<void> => {
  const events = Array.from({ length: count }, (_, i) => ({
    actor: 'test',
    action: 'data.fetched' as const,
    entity: { type: 'study', id: `${i}` },
    changes: {},
    reason: '',
  }));
  await database.transaction((tx) => appendRecords(tx, events));
  await new Linker(database).link();
};
const made = () => database.statement((tx) => checkpointsUpTo(tx, 0, 1e9));
const sizes = async (): Promise<number[]> => (await made()).map(({ size }) => size);
const keys = () => keysOfServer(folder, database);
const verdict = async () => verifyChain(database, [], await keys());
/** What somebody can do who owns the whole database cluster. */
const tamper = (statement: string): Promise<void> =>
  database.transaction(async (tx) => {
    const tables = ['ledger_record', 'ledger_link', 'ledger_checkpoint'];
    for (const table of tables) await tx.rows(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    await tx.rows(statement);
    for (const table of tables)
      for (const trigger of ['append_only', 'append_only_whole']) await tx.rows(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger}`);
  });

describe('A checkpoint of the ledger', () => {
  it('is made after so many records, and of what is left when the server stops', async () => {
    const checkpoints = new MakeCheckpoints(database, signer, { records: 10, ms: 60_000 });
    await checkpoints.look(); // there is nothing yet
    await append(9);
    await checkpoints.look();
    expect(await sizes()).toEqual([]);
    await append(4);
    await checkpoints.look();
    await append(3);
    await checkpoints.look();
    expect(await sizes()).toEqual([13]);
    await checkpoints.look(true);
    await checkpoints.look(true);
    expect(await sizes()).toEqual([13, 16]);
    expect(await verdict()).toMatchObject({ whole: true, records: 16, checkpoints: 2 });
  });

  it('is made of a single record after a time', async () => {
    const checkpoints = new MakeCheckpoints(database, signer, { records: 1_000, ms: 0 });
    await append(1);
    await checkpoints.look();
    expect(await sizes()).toEqual([1]);
  });

  it('is signed by the server, over its ledger, its size and its root', async () => {
    await append(5);
    await new MakeCheckpoints(database, signer).look(true);
    const [one] = await made();
    const { keys: known } = await keys();
    expect(isSigned(one, { keys: known })).toBe(true);
    for (const changed of [
      { size: 6 },
      { root: Buffer.alloc(32) },
      { origin: `${one.origin}x` },
      { kid: 'other' },
      { signature: Buffer.alloc(64) },
    ])
      expect(isSigned({ ...one, ...changed }, { keys: known })).toBe(false);
    expect(isSigned(one, { keys: [] })).toBe(false);
    expect(isSigned(one, { keys: [{ kid: one.kid, kty: 'OKP', crv: 'Ed25519', x: 'none' }] })).toBe(false);
  });

  it('goes on from the last one after a restart, by whichever server', async () => {
    await append(7);
    await new MakeCheckpoints(database, signer).look(true);
    await append(6);
    await Promise.all([new MakeCheckpoints(database, signer), new MakeCheckpoints(database, signer)].map((one) => one.look(true)));
    expect(await sizes()).toEqual([7, 13]);
    expect(await verdict()).toMatchObject({ whole: true, records: 13, checkpoints: 2 });
  });

  it('is changed and removed by nobody, the tables’ owner included', async () => {
    await append(2);
    await new MakeCheckpoints(database, signer).look(true);
    for (const statement of [
      'UPDATE ledger_checkpoint SET size = 1',
      'DELETE FROM ledger_checkpoint',
      'TRUNCATE ledger_checkpoint',
      `INSERT INTO ledger_checkpoint SELECT * FROM ledger_checkpoint ON CONFLICT (size) DO UPDATE SET root = ''`,
    ])
      await expect(database.statement((tx) => tx.rows(statement))).rejects.toThrow(/append-only/);
    await expect(
      database.transaction(async (tx) => {
        await tx.rows('SET LOCAL ROLE wetread_tenant');
        await tx.rows('SELECT * FROM ledger_checkpoint');
      }),
    ).rejects.toThrow(/permission denied/);
  });

  it('is not made any more where the ledger is not that of the last one', async () => {
    await append(4);
    await new MakeCheckpoints(database, signer).look(true);
    await tamper(`UPDATE ledger_link SET hash = sha256('') WHERE seq = 4`);
    await append(2);
    await new MakeCheckpoints(database, signer).look(true);
    expect(await sizes()).toEqual([4]);
  });
});

describe('The check of the ledger', () => {
  it.each<[what: string, statement: string, code: string, seq: number]>([
    ['with another root', `UPDATE ledger_checkpoint SET root = sha256('') WHERE size = 5`, 'E_CHECKPOINT', 5],
    ['with another head', `UPDATE ledger_checkpoint SET head = sha256('') WHERE size = 5`, 'E_CHECKPOINT', 5],
    ['of another ledger', `UPDATE ledger_checkpoint SET origin = 'wetread/00' WHERE size = 5`, 'E_CHECKPOINT', 5],
    ['from which the next would grow otherwise', `UPDATE ledger_checkpoint SET peaks = peaks || peaks WHERE size = 5`, 'E_CHECKPOINT', 5],
    ['of another size', 'UPDATE ledger_checkpoint SET size = 6 WHERE size = 5', 'E_CHECKPOINT', 6],
    ['signed by nobody', `UPDATE ledger_checkpoint SET signature = decode(repeat('00', 64), 'hex') WHERE size = 5`, 'E_SIGNATURE', 5],
    ['of more than there is', 'UPDATE ledger_checkpoint SET size = 99 WHERE size = 8', 'E_CUT', 9],
  ])('finds a checkpoint %s', async (_, statement, code, seq) => {
    await append(5);
    await new MakeCheckpoints(database, signer).look(true);
    await append(3);
    await new MakeCheckpoints(database, signer).look(true);
    expect(await verdict()).toMatchObject({ whole: true, checkpoints: 2 });
    await tamper(statement);
    expect(await verdict()).toMatchObject({ whole: false, code, seq });
  });

  it('finds a past that was written anew, hash by hash, by its checkpoint', async () => {
    await append(5);
    await new MakeCheckpoints(database, signer).look(true);
    await tamper(`
      WITH gone AS (DELETE FROM ledger_link), again AS (UPDATE ledger_record SET event = replace(event, '"test"', '"else"'), actor = 'else')
      INSERT INTO ledger_unlinked SELECT id FROM ledger_record`);
    await new Linker(database).link();
    expect(await verdict()).toMatchObject({ whole: false, code: 'E_CHECKPOINT', seq: 5 });
  });
});

describe('What a server looks at when it starts', () => {
  const alerts = () =>
    database.statement((tx) => tx.rows<{ event: string }>(`SELECT event FROM ledger_record WHERE event LIKE '%security.alert%'`));

  it('is the ledger since its last checkpoint, which is whole', async () => {
    await append(5);
    await new MakeCheckpoints(database, signer).look(true);
    await append(3);
    expect(await verifyEnd(database)).toMatchObject({ whole: true, records: 3 });
    expect(await verifyEnd(database, 2)).toMatchObject({ whole: true, records: 2 });
    await lookAtStart(database);
    expect(await alerts()).toEqual([]);
  });

  it.each<[what: string, statement: string, code: string, seq: number]>([
    ['a record that was changed', `UPDATE ledger_record SET event = replace(event, '"test"', '"else"') WHERE id = 7`, 'E_HASH', 7],
    ['a record that is gone', 'DELETE FROM ledger_record WHERE id = 8', 'E_REMOVED', 8],
    ['an end that was cut off, checkpoint and all', 'DELETE FROM ledger_link WHERE seq > 3', 'E_CUT', 4],
    ['another chain than that of the checkpoint', `UPDATE ledger_link SET hash = sha256('') WHERE seq = 5`, 'E_OTHER', 5],
  ])('finds %s, and puts it on record for the auditors', async (_, statement, code, seq) => {
    await append(5);
    await new MakeCheckpoints(database, signer).look(true);
    await append(3);
    await tamper(statement);
    expect(await verifyEnd(database)).toMatchObject({ whole: false, code, seq });
    await lookAtStart(database);
    const [{ event }] = await alerts();
    expect(JSON.parse(event)).toMatchObject({ tenant: 1, entity: { type: 'ledger', id: `${seq}` }, changes: { code } });
  });
});
