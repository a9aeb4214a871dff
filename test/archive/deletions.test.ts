import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Deletions } from '../../src/archive/deletions.js';
import type { Database } from '../../src/database/database.js';
import { aCaller } from '../a-caller.js';
import { aDatabase } from '../a-database.js';

let database: Database;
beforeAll(async () => {
  database = await aDatabase();
});
afterAll(() => database.close());

describe('A caller whose roles may not do archive.delete', () => {
  const caller = aCaller('radiologist');
  const missing = { code: 'not-permitted', status: 403 };

  it('deletes, restores and lists nothing: the answer is the same whether or not it is there', async () => {
    const deletions = new Deletions(database, { purgeAfterDays: 30 });
    await expect(deletions.delete(caller, { study: '1.2.3' }, '')).rejects.toMatchObject(missing);
    await expect(deletions.restore(caller, 1)).rejects.toMatchObject(missing);
    await expect(Promise.resolve().then(() => deletions.list(caller))).rejects.toMatchObject(missing);
    const allowed = aCaller('system');
    await expect(deletions.delete(allowed, { study: '1.2.3' }, '')).rejects.toMatchObject({ code: 'not-in-archive', status: 404 });
    expect(await deletions.list(allowed)).toEqual([]);
  });
});
