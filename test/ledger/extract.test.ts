import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/database/database.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { appendRecords } from '../../src/ledger/append-records.sql.js';
import { checkpointsUpTo } from '../../src/ledger/checkpoint.sql.js';
import { LedgerNotWhole } from '../../src/ledger/export-lines.js';
import { extractLedger, type ExtractOf } from '../../src/ledger/extract.js';
import { MakeCheckpoints } from '../../src/ledger/make-checkpoints.js';
import { Signer } from '../../src/signing/signer.js';
import { aDatabase } from '../a-database.js';
import { anEvent, append, linesOf, textsOf } from './a-ledger.js';

const opened: Database[] = [];
const folder = mkdtempSync(join(tmpdir(), 'wetread-extract-'));
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

const checkpoint = () => new MakeCheckpoints(database, signer).look(true);
const sizes = async () => (await database.statement((tx) => checkpointsUpTo(tx, 0, 1e9))).map(({ size }) => size);
const taken = async (of: ExtractOf) => textsOf(await extractLedger(database, signer, of));
interface Line {
  readonly event: { readonly seq: number; readonly tenant: number; readonly entity: { readonly id: string } };
  readonly before: string;
  readonly hash: string;
}
const eventsIn = (text: string): Line[] => linesOf(text).map((line) => JSON.parse(line) as Line);
/** Records 1 to 12 of two organisations in turn: study 7 of the first has the odd ones that are left by four with 1. */
const twoOrganisations = () =>
  append(
    database,
    Array.from({ length: 12 }, (_, i) => anEvent(1 + (i % 2), 'validation-study', i % 4 === 0 ? '7' : '8')),
  );

describe('An extract of the ledger', () => {
  it('has the records of a study and no other: neither another study’s nor another organisation’s', async () => {
    await twoOrganisations();
    const texts = await taken({ tenant: 1, about: [['validation-study', '7']] });
    expect(eventsIn(texts.events).map(({ event }) => [event.seq, event.tenant, event.entity.id])).toEqual([
      [1, 1, '7'],
      [5, 1, '7'],
      [9, 1, '7'],
    ]);
    expect(texts.events + texts.checkpoints + texts.proofs).not.toMatch(/of-2|"id":"8"/);
  });

  it('is refused another organisation’s records, whether asked for by their thing or by their number', async () => {
    await twoOrganisations();
    await expect(taken({ tenant: 2, about: [['validation-study', '7']] })).rejects.toThrow(LedgerNotWhole);
    await expect(taken({ tenant: 1, numbers: [1, 2] })).rejects.toThrow('the organisation has no record 2');
    await expect(taken({ tenant: 1, numbers: [13] })).rejects.toThrow('the organisation has no record 13');
    await expect(taken({ tenant: 3 })).rejects.toThrow(LedgerNotWhole);
  });

  it('has records by their numbers too, and none of its things after a number', async () => {
    await twoOrganisations();
    const numbers = async (of: ExtractOf) => eventsIn((await taken(of)).events).map(({ event }) => event.seq);
    expect(await numbers({ tenant: 1, about: [['validation-study', '7']], numbers: [3, 5] })).toEqual([1, 3, 5, 9]);
    expect(await numbers({ tenant: 1, about: [['validation-study', '7']], last: 8 })).toEqual([1, 5]);
  });

  it('gives the hash before each record, and its own', async () => {
    await append(
      database,
      [1, 2, 3].map((n) => anEvent(1, 'validation-study', n === 2 ? '8' : '7')),
    );
    const [first, third] = eventsIn((await taken({ tenant: 1, about: [['validation-study', '7']] })).events);
    const [second] = eventsIn((await taken({ tenant: 1, numbers: [2] })).events);
    expect(first.before).toBe('00'.repeat(32));
    expect(second.before).toBe(first.hash);
    expect(third.before).toBe(second.hash);
  });

  it('makes a checkpoint where the last is too old, and else takes the first that has all of its records', async () => {
    await twoOrganisations();
    const of: ExtractOf = { tenant: 1, about: [['validation-study', '7']] };
    expect((await extractLedger(database, signer, of)).size).toBe(12);
    await append(database, [anEvent(2, 'validation-study', '7')]);
    await checkpoint();
    expect((await extractLedger(database, signer, of)).size).toBe(12);
    expect(await sizes()).toEqual([12, 13]);
  });

  it('is the same text for the same records, however long the ledger has become', async () => {
    await twoOrganisations();
    const of: ExtractOf = { tenant: 1, about: [['validation-study', '7']] };
    const before = await taken(of);
    await append(
      database,
      Array.from({ length: 30 }, () => anEvent(2, 'validation-study', '9')),
    );
    await checkpoint();
    expect(await taken(of)).toEqual(before);
  });

  it('has each checkpoint that was the first with one of its records, and no others', async () => {
    for (const id of ['7', '8', '7', '7']) {
      await append(database, [anEvent(1, 'validation-study', id), anEvent(1, 'validation-study', '9')]);
      await checkpoint();
    }
    const { checkpoints, proofs } = await taken({ tenant: 1, about: [['validation-study', '7']] });
    const said = linesOf(checkpoints).map((line) => JSON.parse(line) as { checkpoint: string; proof: string[] });
    expect(said.map((one) => one.checkpoint.split('\n')[1])).toEqual(['2', '6', '8']);
    expect(said.at(-1)?.proof).toEqual([]);
    expect(linesOf(proofs).map((line) => (JSON.parse(line) as { size: number }).size)).toEqual([8, 8, 8]);
  });

  it('has what was committed a moment ago and is not linked yet', async () => {
    await database.transaction((tx) => appendRecords(tx, [anEvent(1, 'validation-study', '7')]));
    expect(eventsIn((await taken({ tenant: 1, about: [['validation-study', '7']] })).events)).toHaveLength(1);
  });

  it('is not made of a ledger whose records or links were changed', async () => {
    await twoOrganisations();
    await checkpoint();
    const tamper = (statement: string) =>
      database.transaction(async (tx) => {
        for (const table of ['ledger_record', 'ledger_link']) await tx.rows(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
        await tx.rows(statement);
      });
    const of: ExtractOf = { tenant: 1, about: [['validation-study', '7']] };
    await tamper(
      `UPDATE ledger_record SET event = replace(event, 'share', 'shard') WHERE id = (SELECT record_id FROM ledger_link WHERE seq = 5)`,
    );
    await expect(taken(of)).rejects.toThrow('record 5 is not what was linked');
    await tamper(`UPDATE ledger_link SET hash = decode(repeat('ab', 32), 'hex') WHERE seq = 2`);
    await expect(taken(of)).rejects.toThrow('the checkpoint of 12 records is of others');
    await tamper(`DELETE FROM ledger_link WHERE seq = 3`);
    await expect(taken(of)).rejects.toThrow('has not all of the links 1 to 12');
  });
});
