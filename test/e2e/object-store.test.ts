import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { aChestXray, type TestInstance } from './instances.js';
import { ObjectStore } from './object-store.js';
import { Wetread } from './wetread.js';

const HAND = { BodyPartExamined: 'HAND' }; // nothing for the models

let store: ObjectStore;
let wetread: Wetread;
beforeAll(async () => {
  store = await ObjectStore.start();
  wetread = await Wetread.start(store.settings);
});
afterAll(async () => {
  await wetread.remove();
  await store.stop();
});
afterEach(() => void Object.assign(store, { delayMs: 0, failure: undefined, spoils: false, cuts: false }));

const sent = ({ bytes }: TestInstance): Promise<Response> =>
  wetread.fetch('/dicom-web/studies', { method: 'POST', headers: { 'content-type': 'application/dicom' }, body: bytes });
const given = ({ path }: TestInstance): Promise<Response> => wetread.fetch(path, { headers: { accept: 'application/dicom' } });
const isThere = async (one: TestInstance): Promise<boolean> => Buffer.from(await (await given(one)).arrayBuffer()).equals(one.bytes);

/** Refused as what may be tried again, and nothing of it is anywhere; once the store is well it is stored. */
async function isRefusedAndThenStored(): Promise<boolean> {
  const one = aChestXray(HAND);
  const before = store.objects.size;
  const answer = await sent(one);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await answer.json()).toMatchObject({ code: 'storage-away' });
  expect([(await given(one)).status, store.objects.size]).toEqual([404, before]);
  expect(readdirSync(join(wetread.folder, 'archive', 'incoming'))).toEqual([]);
  expect((await wetread.fetch('/health/live')).status).toBe(200);
  Object.assign(store, { failure: undefined, spoils: false });
  return (await sent(one)).status === 200 && (await isThere(one));
}

describe('An object store that', () => {
  it('is slow is waited for', async () => {
    store.delayMs = 1_500;
    const one = aChestXray(HAND);
    expect((await sent(one)).status).toBe(200);
    expect(await isThere(one)).toBe(true);
  }, 30_000);

  it.each([500, 502, 503])(
    'answers %s to everything has nothing stored, and is tried again',
    async (status) => {
      store.failure = status;
      expect(await isRefusedAndThenStored()).toBe(true);
    },
    60_000,
  );

  it('gets other bytes than were sent has nothing stored', async () => {
    store.spoils = true;
    expect(await isRefusedAndThenStored()).toBe(true);
  }, 60_000);

  it('breaks off what it gives is 503 before the first byte, and no half of a file passes for the whole', async () => {
    const one = aChestXray(HAND);
    expect((await sent(one)).status).toBe(200);
    store.cuts = true;
    expect((await given(one)).status).toBe(503);
    store.cuts = false;
    store.failure = 500;
    expect((await given(one)).status).toBe(503);
    store.failure = undefined;
    expect(await isThere(one)).toBe(true);
  }, 60_000);
});
