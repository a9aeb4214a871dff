import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { booleanArray, numberArray, textArray } from '../../src/database/array-text.js';
import type { Database } from '../../src/database/database.js';
import { aDatabase } from '../a-database.js';

let database: Database;
beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.close());

const asRead = async (type: string, array: string): Promise<unknown[]> =>
  (await database.statement((tx) => tx.rows<{ v: unknown }>(`SELECT v FROM unnest($1::${type}[]) AS v`, [array]))).map(({ v }) => v);

describe('An array as a text', () => {
  it('is read by Postgres as it was given, whatever the texts have in them', async () => {
    const texts = [
      '',
      'NULL',
      'null',
      null,
      '"',
      '\\',
      '\\"',
      '{a,b}',
      'a,b',
      ' blank ',
      'line\nline\ttab',
      '\u0001',
      '\u001e',
      'Größe 雪 🩻',
      "it's",
    ];
    expect(await asRead('text', textArray(texts))).toEqual(texts);
    expect(await asRead('text', textArray([]))).toEqual([]);
  });

  it('holds numbers and booleans', async () => {
    expect(await asRead('bigint', numberArray([0, -1, Number.MAX_SAFE_INTEGER]))).toEqual([0, -1, Number.MAX_SAFE_INTEGER]);
    expect(await asRead('boolean', booleanArray([true, false]))).toEqual([true, false]);
  });
});
