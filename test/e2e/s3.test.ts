import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomFillSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { command } from './commands.js';
import { aChestXray, bytesRamp, deflated, inRle, sha256 } from './instances.js';
import { Radosgw } from './radosgw.js';
import { eventually, Wetread } from './wetread.js';

const described = Radosgw.isInstalled ? describe : describe.skip;
const HAND = { BodyPartExamined: 'HAND' }; // nothing for the models

described('Objects in an S3 store (needs radosgw, ceph-mon, ceph-osd and ceph-mgr)', () => {
  let ceph: Radosgw;
  let wetread: Wetread;
  let bucket: string;
  beforeAll(async () => {
    ceph = await Radosgw.start();
    bucket = await ceph.createBucket();
    wetread = await Wetread.start(environment());
  }, 120_000);
  afterAll(async () => {
    await wetread?.remove();
    await ceph?.stop();
  });

  const environment = (): NodeJS.ProcessEnv => ({
    ARCHIVE_STORAGE: 's3',
    S3_ENDPOINT: ceph.endpoint,
    S3_BUCKET: bucket,
    S3_PREFIX: 'archive',
    AWS_ACCESS_KEY_ID: ceph.accessKey,
    AWS_SECRET_ACCESS_KEY: ceph.secretKey,
  });
  const keyOf = (hash: string): string => `archive/objects/${hash.slice(0, 2)}/${hash}.dcm`;
  const keys = async (): Promise<string[]> =>
    (await ceph.client.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents?.map(({ Key }) => Key ?? '') ?? [];
  const bytesOf = async (path: string, accept = 'application/dicom'): Promise<Buffer> => {
    const answer = await wetread.fetch(path, { headers: { accept } });
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  const spool = (): string[] => readdirSync(join(wetread.folder, 'archive', 'incoming'));
  const storeOne = (bytes: Buffer): Promise<Response> =>
    wetread.fetch('/dicom-web/studies', { method: 'POST', headers: { 'content-type': 'application/dicom' }, body: bytes });

  it('keeps what was stored under its SHA-256, byte by byte, and nothing on its own disk', async () => {
    const one = aChestXray(HAND);
    expect((await wetread.store(one.bytes)).status).toBe(200);
    expect(await keys()).toContain(keyOf(one.sha256));
    expect(await bytesOf(one.path)).toEqual(one.bytes);
    const object = await ceph.client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(one.sha256) }));
    expect(Buffer.from((await object.Body?.transformToByteArray()) ?? [])).toEqual(one.bytes);
    expect(spool()).toEqual([]);
    expect(readdirSync(join(wetread.folder, 'archive'))).not.toContain('objects');
    expect((await wetread.store(one.bytes)).status).toBe(200); // again: the same object
  });

  it('serves metadata, native frames, compressed frames, deflated frames and images from it', async () => {
    const native = aChestXray({ ...HAND, NumberOfFrames: 3 });
    const rlePixels = { ...HAND, NumberOfFrames: 2, BitsAllocated: 8, BitsStored: 8, HighBit: 7 };
    const plain = aChestXray(rlePixels, { pixelData: bytesRamp(160) });
    const rle = inRle(plain, 80);
    const packed = deflated(aChestXray({ ...HAND, NumberOfFrames: 3 }));
    expect((await wetread.store(native.bytes, rle.bytes, packed.bytes)).status).toBe(200);
    const frame = async (path: string, number: number) =>
      (await bytesOf(`${path}/frames/${number}`, 'multipart/related; type="application/octet-stream"')).toString('latin1');
    const frameBytes = native.pixelData.length / 3;
    expect(await frame(native.path, 2)).toContain(native.pixelData.subarray(frameBytes, 2 * frameBytes).toString('latin1'));
    expect(await frame(packed.path, 3)).toContain(packed.pixelData.subarray(2 * frameBytes).toString('latin1'));
    expect(await frame(rle.path, 2)).toContain(plain.pixelData.subarray(80).toString('latin1'));
    const [metadata] = await wetread.json<Record<string, { Value?: unknown[] }>[]>(`${rle.path}/metadata`, 'application/dicom+json');
    expect(metadata['00080018'].Value).toEqual([rle.sopInstanceUID]);
    expect((await bytesOf(`${native.path}/rendered`, 'image/png')).subarray(1, 4).toString()).toBe('PNG');
    const study = await bytesOf(
      `/dicom-web/studies/${packed.studyInstanceUID}`,
      'multipart/related; type="application/dicom"; transfer-syntax=*',
    );
    expect(study.includes(packed.bytes)).toBe(true);
  });

  it('sends 64 MB in parts and gives a frame in the middle of it back', async () => {
    const pixelData = randomFillSync(Buffer.alloc(64_000_000));
    const big = aChestXray({ ...HAND, Rows: 4_000, Columns: 4_000, NumberOfFrames: 2 }, { pixelData });
    expect((await wetread.store(big.bytes)).status).toBe(200);
    expect(sha256(await bytesOf(big.path))).toBe(big.sha256);
    const frame = await bytesOf(`${big.path}/frames/2`, 'multipart/related; type="application/octet-stream"');
    expect(frame.includes(pixelData.subarray(32_000_000))).toBe(true);
  });

  it('answers 503 while the store is away, keeps nothing of that, and goes on by itself when it is back', async () => {
    const [before, during] = [aChestXray(HAND), aChestXray(HAND)];
    expect((await wetread.store(before.bytes)).status).toBe(200);
    await ceph.stopGateway();
    const refused = await storeOne(during.bytes);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ code: 'storage-away' });
    expect((await wetread.fetch(before.path, { headers: { accept: 'application/dicom' } })).status).toBe(503);
    expect((await wetread.fetch(`${before.path}/metadata`)).status).toBe(200); // the index needs no store
    expect((await wetread.fetch(during.path)).status).toBe(404);
    expect(spool()).toEqual([]);
    await ceph.startGateway();
    expect((await storeOne(during.bytes)).status).toBe(200);
    expect(await bytesOf(during.path)).toEqual(during.bytes);
    expect(await bytesOf(before.path)).toEqual(before.bytes);
  });

  it('stores what was under way while the store was away for a moment', async () => {
    const instances = Array.from({ length: 6 }, () => aChestXray(HAND));
    await ceph.stopGateway();
    const answers = instances.map(({ bytes }) => storeOne(bytes).then(({ status }) => status));
    await sleep(100);
    await ceph.startGateway();
    const statuses = await Promise.all(answers);
    for (const [i, one] of instances.entries())
      if (statuses[i] === 200) expect(await bytesOf(one.path)).toEqual(one.bytes);
      else expect(statuses[i]).toBe(503);
    for (const { bytes } of instances) expect((await storeOne(bytes)).status).toBe(200);
  });

  it('takes up at the next start what a crash left on the way in', async () => {
    const one = aChestXray(HAND);
    expect((await wetread.store(one.bytes)).status).toBe(200);
    await ceph.stopGateway();
    const lost = aChestXray(HAND);
    const answer = storeOne(lost.bytes).catch(() => undefined);
    for (const deadline = Date.now() + 10_000; !spool().some((name) => name.endsWith('.dcm')) && Date.now() < deadline;) await sleep(5);
    await wetread.kill();
    await answer;
    await ceph.startGateway();
    await wetread.launch();
    expect(await bytesOf(one.path)).toEqual(one.bytes);
    expect(await bytesOf(lost.path)).toEqual(lost.bytes); // whole when the server died: kept, though nobody was told
    expect(spool()).toEqual([]);
  });

  it('says by its status that an object is gone', async () => {
    const one = aChestXray(HAND);
    await wetread.store(one.bytes);
    await ceph.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: keyOf(one.sha256) }));
    const answer = await wetread.fetch(one.path, { headers: { accept: 'application/dicom' } });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: 'object-missing' });
  });

  it('lists corrupted and missing objects when they are read again, and removes what is purged', async () => {
    const [corrupted, purged] = [aChestXray(HAND), aChestXray(HAND)];
    await wetread.store(corrupted.bytes, purged.bytes);
    const other = Buffer.from(corrupted.bytes);
    other[other.length - 1] ^= 1;
    await ceph.client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(corrupted.sha256), Body: other }));
    const { code, said } = await command(wetread, 'scrub');
    expect(code).toBe(1);
    expect(said).toContain(`damaged\t${corrupted.sha256}`);
    expect(said).toContain('2 objects are damaged or missing.'); // one was removed above
    expect((await wetread.fetch(purged.path, { method: 'DELETE' })).status).toBe(204);
    expect(await keys()).toContain(keyOf(purged.sha256));
    await wetread.sql(`UPDATE deletion SET deleted_at = now() - interval '31 days'`);
    await wetread.sql(`UPDATE work SET due_at = now() WHERE kind = 'purge-deletion'`);
    await eventually(async () => ((await keys()).includes(keyOf(purged.sha256)) ? undefined : true), 'end of the object');
  });

  it.each<[string, NodeJS.ProcessEnv, string]>([
    ['a wrong secret', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'may not use the bucket'],
    ['a bucket that is not there', { S3_BUCKET: 'no-such-bucket' }, 'there is no bucket no-such-bucket'],
    [
      'a store that does not answer',
      { S3_ENDPOINT: 'http://127.0.0.1:9' },
      'S3_ENDPOINT: the S3 store at http://127.0.0.1:9 does not answer',
    ],
    ['no bucket named', { S3_BUCKET: '' }, 'S3_BUCKET: ARCHIVE_STORAGE=s3 needs the name of a bucket'],
  ])('does not start with %s, and says so in a sentence', async (_, wrong, sentence) => {
    const failed: unknown = await Wetread.start({ ...environment(), ...wrong }).catch((error: unknown) => error);
    expect(String(failed)).toContain(sentence);
    expect(String(failed)).not.toContain('    at ');
  });
});
