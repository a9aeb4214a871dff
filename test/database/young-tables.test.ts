import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Database } from '../../src/database/database.js';
import { YoungTables } from '../../src/database/young-tables.js';
import { SERVER_SCOPE } from '../../src/database/scope.js';
import { aDatabase } from '../a-database.js';
import { eventually } from '../e2e/wetread.js';

let database: Database;
beforeAll(async () => {
  database = await aDatabase(SERVER_SCOPE);
});
afterAll(() => database.close());

/** How many rows the planner thinks that a table has; -1: it knows nothing of it. */
const known = async (name: string): Promise<number> => {
  const [{ rows }] = await database.statement((tx) =>
    tx.rows<{ rows: number }>(`SELECT reltuples::int AS rows FROM pg_class WHERE oid = $1::regclass`, [name]),
  );
  return rows;
};

it('What outgrew what is known of it is analyzed, also where the counts are lost', async () => {
  const young = new YoungTables(database);
  await database.statement((tx) =>
    tx.run(
      `CREATE TABLE "Young one" AS SELECT i FROM generate_series(1, 700) i;
       CREATE TABLE empty (i int);
       CREATE TABLE same AS SELECT i FROM generate_series(1, 100) i;
       CREATE TABLE doubled AS SELECT i FROM generate_series(1, 100) i;
       CREATE TABLE lost AS SELECT i FROM generate_series(1, 10) i;
       CREATE TABLE large AS SELECT i FROM generate_series(1, 10000) i;
       SELECT pg_stat_force_next_flush()`,
    ),
  );
  expect(await known('"Young one"')).toBe(-1);
  await young.analyze();
  const names = ['"Young one"', 'empty', 'same', 'doubled', 'lost', 'large'];
  expect(await Promise.all(names.map(known))).toEqual([700, -1, 100, 100, 10, 10000]);
  for (const [name, more] of [
    ['same', 60],
    ['doubled', 160],
    ['lost', 10],
    ['large', 200],
  ] as const)
    // prettier-ignore
    await database.statement((tx) => tx.run(`INSERT INTO ${name} SELECT i FROM generate_series(1, ${more}) i; SELECT pg_stat_force_next_flush()`));
  const reset = `SELECT pg_stat_reset_single_table_counters(oid) FROM pg_class WHERE relname IN ('lost', 'large')`; // as a crash does
  await database.statement((tx) => tx.run(reset));
  await eventually(async () => {
    await young.analyze();
    return JSON.stringify(await Promise.all(names.map(known))) === '[700,-1,100,260,20,10000]' || undefined;
  }, 'look at what has doubled and what is not counted, and at nothing else');
});
