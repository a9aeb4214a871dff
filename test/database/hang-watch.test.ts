import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { FIRST_TENANT } from '../../src/access/caller.js';
import { Database } from '../../src/database/database.js';
import { aDatabase } from '../a-database.js';
import { Way } from '../e2e/way-to-postgres.js';
import { eventually } from '../e2e/wetread.js';

const another = (database: Database) => database.statement((tx) => tx.rows('SELECT 2 AS other'));

/** The watch's own question, as the wire has it. */
const QUESTION = 'SELECT 1\0';

/** A database behind a way of its own. */
async function behindAWay(): Promise<{ database: Database; way: Way; close: () => Promise<void> }> {
  const made = await aDatabase();
  await made.close();
  const { way, url } = await Way.to(made.url);
  const database = new Database(url, FIRST_TENANT);
  return { database, way, close: () => database.close().then(() => way.cut()) };
}

it('What takes long is left alone while the database answers others', async () => {
  const database = await aDatabase();
  const long = database.statement((tx) => tx.rows<{ done: number }>('SELECT 1 AS done FROM pg_sleep(8)'));
  for (let i = 0; i < 3; i++) {
    await sleep(2_000);
    expect(await another(database)).toEqual([{ other: 2 }]);
  }
  expect(await long).toEqual([{ done: 1 }]);
  await database.close();
}, 30_000);

it('What takes long is left alone where our own process stood still while it asked', async () => {
  const { database, way, close } = await behindAWay();
  let stoodStill = 0;
  way.passes = (asked) => {
    if (asked.includes('wetread-watch') && stoodStill++ === 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_500);
    return true;
  };
  const long = database.statement((tx) => tx.rows<{ done: number }>('SELECT 1 AS done FROM pg_sleep(9)'));
  await eventually(() => Promise.resolve(stoodStill > 0 || undefined), 'question');
  for (let i = 0; i < 4; i++) {
    expect(await another(database)).toEqual([{ other: 2 }]);
    await sleep(200);
  }
  expect(await long).toEqual([{ done: 1 }]);
  await close();
}, 30_000);

it('A question of the watch’s that is lost costs what waits at most, and is asked again: then all goes on', async () => {
  const { database, way, close } = await behindAWay();
  let lost = 0;
  way.passes = (asked) => !(asked.includes(QUESTION) && lost++ === 0);
  const long = database.statement((tx) => tx.rows('SELECT 1 FROM pg_sleep(20)')).catch((error: unknown) => error);
  await eventually(() => Promise.resolve(lost > 0 || undefined), 'question');
  expect(await long).toMatchObject({ code: 'database-away' });
  expect(await eventually(() => another(database).catch(() => undefined), 'answer', 4_000)).toEqual([{ other: 2 }]);
  await close();
}, 30_000);

it('nor does it cost anything where others were answered meanwhile', async () => {
  const { database, way, close } = await behindAWay();
  let lost = 0;
  way.passes = (asked) => !(asked.includes(QUESTION) && lost++ === 0);
  const long = database.statement((tx) => tx.rows<{ done: number }>('SELECT 1 AS done FROM pg_sleep(9)'));
  await eventually(() => Promise.resolve(lost > 0 || undefined), 'question');
  for (let i = 0; i < 8; i++, await sleep(500)) expect(await another(database)).toEqual([{ other: 2 }]);
  expect(await long).toEqual([{ done: 1 }]);
  await close();
}, 30_000);
