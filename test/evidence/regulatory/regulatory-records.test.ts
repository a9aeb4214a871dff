import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '../../../src/database/scope.js';
import type { Database } from '../../../src/database/database.js';
import { RegulatoryRecords } from '../../../src/evidence/regulatory/regulatory-records.js';
import type { Models } from '../../../src/inference/models.js';
import { AccessLog } from '../../../src/ledger/access-log.js';
import { aCaller } from '../../a-caller.js';
import { aDatabase } from '../../a-database.js';
import { A_DEVICE, AN_INTENDED_USE } from '../../e2e/regulatory-file.js';

let database: Database;
let records: RegulatoryRecords;
const officer = aCaller('regulatory');
beforeAll(async () => {
  database = await aDatabase();
  records = new RegulatoryRecords(database, {} as Models, new AccessLog(database)); // no model is named here
});
afterAll(() => database.close());

describe('A room that builds on the regulatory file', () => {
  it('is told which of its references are met, by that very content', async () => {
    const first = await records.add(officer, 'device', { content: A_DEVICE });
    const changed = { content: { ...A_DEVICE, name: 'another' }, reason: 'a new name' };
    const second = await records.addVersion(officer, 'device', first.id, changed, () => true);
    const asked = [second, first, { ...first, sha256: second.sha256 }, { ...first, version: 3 }, { ...first, id: 'none' }];
    const found = await database.transaction((tx) => records.recordsByReference(tx, asked));
    expect(found.toSorted((a, b) => a.version - b.version)).toEqual([first, second]);
    expect(await database.transaction((tx) => records.recordsByReference(tx, []))).toEqual([]);
  });

  it('finds a record by the hash of its content, among those of the type alone', async () => {
    const use = await records.add(officer, 'intended-use', { content: AN_INTENDED_USE });
    await records.add(officer, 'intended-use', { content: AN_INTENDED_USE });
    const by = (type: Parameters<RegulatoryRecords['oneByHash']>[1], sha256: string) =>
      database.transaction((tx) => records.oneByHash(tx, type, sha256));
    expect(await by('intended-use', use.sha256)).toEqual(use); // of two alike the first
    expect(await by('device', use.sha256)).toBeUndefined();
    expect(await by('intended-use', '0'.repeat(64))).toBeUndefined();
  });

  it('is given what a signature of a version is of, in its own organisation', async () => {
    const { id, sha256 } = await records.add(officer, 'device', { content: A_DEVICE });
    const signable = (version: number, of = id) => database.transaction((tx) => records.signable(tx, 'device', of, version));
    expect(await signable(1)).toBe(sha256);
    await expect(signable(2)).rejects.toMatchObject({ code: 'record-absent', status: 404 });
    await expect(signable(1, 'none')).rejects.toMatchObject({ code: 'record-absent' });
    await expect(inTenant(2, () => signable(1))).rejects.toMatchObject({ code: 'record-absent' });
  });

  it('writes nothing where the ledger cannot have its record', async () => {
    const owner = (statement: string) => database.forServer().statement((tx) => tx.run(statement));
    await owner('REVOKE INSERT ON ledger_unlinked FROM wetread_tenant');
    await expect(records.add(officer, 'device', { id: 'nobodys', content: A_DEVICE })).rejects.toThrow(/ledger_unlinked/);
    await owner('GRANT INSERT ON ledger_unlinked TO wetread_tenant');
    await expect(records.read(officer, 'device', 'nobodys')).rejects.toMatchObject({ code: 'record-absent' });
  });
});
