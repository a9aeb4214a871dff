import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Scrubber } from '../../src/archive/scrubber.js';
import { DiskStorage } from '../../src/archive/storage/disk.js';
import type { Database } from '../../src/database/database.js';
import { aDatabase } from '../a-database.js';
import { eventually } from '../e2e/wetread.js';

const KIB = 1_024;
let database: Database;
let storage: DiskStorage;
let folder: string;
const hashes: string[] = [];
beforeEach(async () => {
  database = await aDatabase();
  folder = mkdtempSync(join(tmpdir(), 'wetread-scrub-'));
  storage = new DiskStorage(folder, 0);
  hashes.length = 0;
  for (let i = 0; i < 40; i++) {
    const bytes = Buffer.alloc(KIB, `object ${i}`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(storage.pathOf(sha256), bytes);
    hashes.push(sha256);
    await database.statement((tx) =>
      tx.run(
        `INSERT INTO instance (study_row, series_row, sop_instance_uid, sop_class_uid, transfer_syntax_uid, sha256, bytes, metadata, bulk_data, data_set_offset)
         VALUES (1, 1, $1, '1', '1', decode($2, 'hex'), $3, '{}', '[]', 0)`,
        [`1.${i}`, sha256, bytes.length],
      ),
    );
  }
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const progress = async () =>
  (
    await database.statement((tx) =>
      tx.rows<{ round: number; objects: number; afterRow: number }>(`SELECT round, objects, after_row AS "afterRow" FROM scrub_progress`),
    )
  )[0];
const damaged = () => database.statement((tx) => tx.rows<{ what: string }>(`SELECT what FROM damaged_object`));
const scrubber = (kibPerSecond: number) => new Scrubber(database, storage, { bytesPerSecond: kibPerSecond * KIB, restMs: 20 });

describe('The scrubber in the background', () => {
  it('reads all objects in a round, finds what is damaged, and rests until the next day', async () => {
    writeFileSync(storage.pathOf(hashes[7]), Buffer.alloc(KIB));
    const one = scrubber(10_000);
    one.start();
    await eventually(async () => ((await progress()).round === 2 ? true : undefined), 'end of the round');
    await sleep(100);
    await one.stop();
    expect(await progress()).toMatchObject({ round: 2, objects: 0, afterRow: 0 });
    expect(await damaged()).toEqual([{ what: 'damaged' }]);
  });

  it('stops in the middle at once, and goes on from there when it is started again', async () => {
    rmSync(storage.pathOf(hashes[0]));
    rmSync(storage.pathOf(hashes[39]));
    const slow = scrubber(20); // the round would take two seconds
    slow.start();
    await eventually(async () => ((await damaged()).length === 1 ? true : undefined), 'first finding');
    await sleep(200);
    await slow.stop();
    const before = await progress();
    expect(before.round).toBe(1);
    expect(before.objects).toBeGreaterThan(0);
    expect(before.objects).toBeLessThan(40);
    await database.forServer().statement((tx) => tx.run(`UPDATE scrub_progress SET lease_until = now() - interval '1 s'`)); // as after a while
    const next = scrubber(10_000);
    next.start();
    await eventually(async () => ((await progress()).round === 2 ? true : undefined), 'end of the round');
    await next.stop();
    expect((await damaged()).length).toBe(2);
  });

  it('leaves the round to the server that has it', async () => {
    const [first, second] = [scrubber(20), scrubber(10_000)];
    first.start();
    await eventually(async () => ((await progress()).objects >= 0 ? true : undefined), 'start');
    await sleep(100);
    second.start();
    await sleep(200);
    await second.stop();
    await first.stop();
    expect((await progress()).round).toBe(1);
  });

  it('does nothing when it is turned off', async () => {
    const off = scrubber(0);
    off.start();
    await sleep(100);
    await off.stop();
    expect(await progress()).toMatchObject({ round: 1, objects: 0 });
  });
});
