import { expect, it } from '@jest/globals';
import { aDatabase } from '../a-database.js';

it('What takes long is left alone while the database answers others', async () => {
  const database = await aDatabase();
  const long = database.statement((tx) => tx.rows<{ done: number }>('SELECT 1 AS done FROM pg_sleep(8)'));
  for (let i = 0; i < 3; i++) {
    await new Promise((later) => setTimeout(later, 2_000));
    expect(await database.statement((tx) => tx.rows('SELECT 2 AS other'))).toEqual([{ other: 2 }]);
  }
  expect(await long).toEqual([{ done: 1 }]);
  await database.close();
}, 30_000);
