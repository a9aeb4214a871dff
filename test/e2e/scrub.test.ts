import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './commands.js';
import { aChestXray, type TestInstance } from './instances.js';
import { onRecord } from './phantoms.js';
import { Wetread } from './wetread.js';

const HAND = { BodyPartExamined: 'HAND' }; // nothing for the models
let wetread: Wetread;
const instances = Array.from({ length: 4 }, () => aChestXray(HAND));
const [whole, rotten, missing, short] = instances;
const objectOf = ({ sha256 }: TestInstance): string => join(wetread.folder, 'archive', 'objects', sha256.slice(0, 2), `${sha256}.dcm`);
beforeAll(async () => {
  wetread = await Wetread.start();
  await wetread.store(...instances.map(({ bytes }) => bytes));
});
afterAll(() => wetread.remove());

const health = async (): Promise<unknown> => (await wetread.json<{ checks: { storage: object } }>('/health')).checks.storage;

describe('Reading stored files again (npm run archive:scrub)', () => {
  it('finds all of them whole', async () => {
    expect(await command(wetread, 'scrub')).toMatchObject({ code: 0, said: '4 objects were read.\n0 objects are damaged or missing.\n' });
    expect(await health()).toMatchObject({ ok: true, damagedObjects: 0 });
  });

  it('finds the flipped bit, the missing file and the short one: listed, counted in health and metrics, once on the ledger', async () => {
    const bytes = readFileSync(objectOf(rotten));
    bytes[bytes.length - 5] ^= 1;
    writeFileSync(objectOf(rotten), bytes);
    rmSync(objectOf(missing));
    writeFileSync(objectOf(short), readFileSync(objectOf(short)).subarray(0, -2));
    for (let i = 0; i < 2; i++) {
      const { code, said } = await command(wetread, 'scrub');
      expect(code).toBe(1);
      expect(said).toContain(`damaged\t${rotten.sha256}`);
      expect(said).toContain(`missing\t${missing.sha256}`);
      expect(said).toContain(`missing\t${short.sha256}`);
      expect(said).not.toContain(whole.sha256);
    }
    expect((await command(wetread, 'scrub', '--list')).said).toContain('3 objects are damaged or missing.');
    expect(await health()).toMatchObject({ ok: true, damagedObjects: 3 });
    expect(await (await wetread.fetch('/metrics')).text()).toMatch(/^wetread_damaged_objects 3$/m);
    const records = await onRecord(wetread, 'archive.damaged');
    expect(records.map(({ reason, changes }) => [reason, changes['sha256']]).sort()).toEqual(
      [
        ['damaged', rotten.sha256],
        ['missing', missing.sha256],
        ['missing', short.sha256],
      ].sort(),
    );
    expect(readFileSync(objectOf(rotten)).length).toBe(rotten.bytes.length); // never removed
  });

  it('tells the auditors of each organisation that has the bytes, of its own instance', async () => {
    await wetread.sql(`INSERT INTO tenant (name) VALUES ('Elsewhere'), ('Far Away')`);
    // The second organisation has the missing one alike, the third is the only one that has the rotten one.
    await wetread.sql(
      `INSERT INTO deleted_instance (id, deletion, series_row, sop_instance_uid, sha256, bytes, content, tenant)
       SELECT id + 1000, 1, series_row, sop_instance_uid, sha256, bytes, '{}', 2 FROM instance WHERE sha256 = $1`,
      [Buffer.from(missing.sha256, 'hex')],
    );
    await wetread.sql('UPDATE instance SET tenant = 3 WHERE sha256 = $1', [Buffer.from(rotten.sha256, 'hex')]);
    await wetread.sql('DELETE FROM damaged_object');
    const [{ last }] = await wetread.sql<{ last: number }>('SELECT max(id)::int AS last FROM ledger_record');
    await command(wetread, 'scrub');
    const told = await wetread.sql<{ tenant: number; sha256: string; own: boolean }>(
      `SELECT r.tenant, event::jsonb #>> '{changes,sha256}' AS sha256, i.tenant = r.tenant AS own
         FROM ledger_record r JOIN (SELECT id, tenant FROM instance UNION SELECT id, tenant FROM deleted_instance) i ON i.id::text = r.entity_id
        WHERE r.id > $1 AND event LIKE '%archive.damaged%' ORDER BY event LIKE '%' || $2 || '%', event LIKE '%' || $3 || '%', r.tenant`,
      [last, rotten.sha256, missing.sha256],
    );
    expect(told.map(({ tenant, sha256, own }) => [tenant, sha256, own])).toEqual([
      [1, short.sha256, true],
      [1, missing.sha256, true],
      [2, missing.sha256, true],
      [3, rotten.sha256, true],
    ]);
    await wetread.sql('UPDATE instance SET tenant = 1');
    await wetread.sql('DELETE FROM deleted_instance');
  });

  it('sees them whole again when the missing ones are stored again and the rotten one is put back', async () => {
    expect((await wetread.store(missing.bytes, short.bytes)).status).toBe(200);
    writeFileSync(objectOf(rotten), rotten.bytes);
    expect(await command(wetread, 'scrub')).toMatchObject({ code: 0 });
    expect(await health()).toMatchObject({ damagedObjects: 0 });
  });

  it('tells of no damage when a file has more than its instance: what is served is whole', async () => {
    appendFileSync(objectOf(whole), 'x');
    expect((await command(wetread, 'scrub')).code).toBe(0);
    const answer = await wetread.fetch(whole.path, { headers: { accept: 'application/dicom' } });
    expect(Buffer.from(await answer.arrayBuffer()).equals(whole.bytes)).toBe(true);
  });
});
