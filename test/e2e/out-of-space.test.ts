import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aChestXray } from './instances.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ FREE_SPACE_FLOOR_MIB: '1073741824' }); // a pebibyte: no disk has it
});
afterAll(() => wetread.remove());

describe('Too little free space', () => {
  it('refuses to store, by status and code, keeps nothing, and says so in its health', async () => {
    const { bytes, path } = aChestXray();
    const answer = await wetread.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'content-type': 'application/dicom' },
      body: bytes,
    });
    expect(answer.status).toBe(507);
    expect(await answer.json()).toMatchObject({ code: 'out-of-space', status: 507 });
    expect((await wetread.fetch(path)).status).toBe(404);
    const health = await wetread.fetch('/health');
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ live: true, ready: false, checks: { storage: { ok: false } } });
  });
});
