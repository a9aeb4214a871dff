import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { aChestXray, newUid, sha256, type TestInstance } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const study = { StudyInstanceUID: newUid() };
const [first, second] = [newUid(), newUid()];
const icon = Buffer.from(Array.from({ length: 3_000 }, (_, i) => i & 0xff));
const iconSequence = {
  IconImageSequence: [{ '00280010': { vr: 'US', Value: [50] }, '00420011': { vr: 'OB', InlineBinary: icon.toString('base64') } }],
};
const instances = [
  aChestXray({ ...study, SeriesInstanceUID: first, InstanceNumber: 1, ImageComments: 'say "BulkDataURI":"bulkdata/7FE00010" as it is' }),
  aChestXray({ ...study, SeriesInstanceUID: first, InstanceNumber: 2, ...iconSequence, Rows: 100, Columns: 120 }),
  aChestXray({ ...study, SeriesInstanceUID: second, InstanceNumber: 1 }, { transferSyntaxUID: '1.2.840.10008.1.2' }),
];
const [plain, withIcon] = instances;

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...instances.map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances to retrieve were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const studyPath = `/dicom-web/studies/${study.StudyInstanceUID}`;
const get = (path: string, accept?: string): Promise<Response> => wetread.fetch(path, accept === undefined ? {} : { headers: { accept } });
const problemOf = async (answer: Response): Promise<{ http: number; code: string }> => {
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const { status, code } = (await answer.json()) as { status: number; code: string };
  expect(status).toBe(answer.status);
  return { http: answer.status, code };
};

describe('Retrieving instances (WADO-RS, PS3.18 10.4)', () => {
  it.each<[string, string, readonly TestInstance[]]>([
    ['a study', studyPath, instances],
    ['a series', `${studyPath}/series/${first}`, instances.slice(0, 2)],
    ['an instance', plain.path, [plain]],
  ])('gives the files of %s as they came, a part each', async (_, path, expected) => {
    for (const accept of [
      undefined,
      '*/*',
      'multipart/related; type=application/dicom; transfer-syntax=*',
      'text/html, multipart/*;q=0.5',
    ]) {
      const answer = await get(path, accept);
      expect(answer.headers.get('content-type')).toMatch(/^multipart\/related; type="application\/dicom"; boundary=/);
      const parts = await partsOf(answer);
      expect(parts.map(({ bytes }) => sha256(bytes)).sort()).toEqual(expected.map((one) => one.sha256).sort());
      for (const { headers, bytes } of parts)
        expect(headers).toEqual({
          'content-type': expect.stringMatching(/^application\/dicom; transfer-syntax=1\.2\.840\.10008\.1\.2(\.1)?$/),
          'content-length': String(bytes.length),
        });
    }
  });

  it('gives Explicit VR Little Endian, the default, where the type is named and no transfer syntax (8.7.3.4)', async () => {
    const parts = await partsOf(await get(studyPath, 'multipart/related; type="application/dicom"'));
    const syntaxOf = (bytes: Buffer) =>
      /1\.2\.840\.10008\.1\.2(\.\d+)*/.exec(bytes.toString('latin1', 144, 144 + bytes.readUInt32LE(140)).split('\u0002\0\u0010\0')[1])?.[0];
    expect(parts.map(({ bytes }) => syntaxOf(bytes))).toEqual(instances.map(() => '1.2.840.10008.1.2.1'));
    for (const { pixelData } of instances)
      expect(parts.some(({ bytes }) => bytes.subarray(-pixelData.length).equals(pixelData))).toBe(true);
    expect(parts.some(({ bytes }) => bytes.equals(plain.bytes))).toBe(true); // it is that already
  });

  it('gives one instance as application/dicom, with its length', async () => {
    const answer = await get(plain.path, 'application/dicom');
    expect(answer.headers.get('content-type')).toBe('application/dicom; transfer-syntax=1.2.840.10008.1.2.1');
    expect(answer.headers.get('content-length')).toBe(String(plain.bytes.length));
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(plain.bytes);
  });

  it('gives a file in the transfer syntax asked for, 406 where none is written in it', async () => {
    expect((await get(plain.path, 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1')).status).toBe(200);
    const accept = 'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.100';
    expect((await problemOf(await get(plain.path, accept))).http).toBe(406);
  });

  it.each(['application/dicom', 'text/html', 'multipart/related; type="application/dicom+xml"', 'image/jpeg'])(
    'gives a study in no other form (406): %s',
    async (accept) => {
      expect(await problemOf(await get(studyPath, accept))).toEqual({ http: 406, code: 'not-acceptable' });
    },
  );
});

describe('Retrieving metadata (PS3.18 10.4.1.1.2)', () => {
  it.each<[string, string, readonly TestInstance[]]>([
    ['a study', studyPath, instances],
    ['a series', `${studyPath}/series/${first}`, instances.slice(0, 2)],
    ['an instance', plain.path, [plain]],
  ])('gives DICOM JSON of every instance of %s', async (_, path, expected) => {
    for (const accept of [undefined, 'application/dicom+json', 'application/json']) {
      const answer = await get(`${path}/metadata`, accept);
      expect(answer.headers.get('content-type')).toBe(accept ?? 'application/dicom+json');
      const found = (await answer.json()) as DicomJson[];
      expect(found.map((one) => String(one['00080018'].Value?.[0])).sort()).toEqual(
        expected.map(({ sopInstanceUID }) => sopInstanceUID).sort(),
      );
      for (const one of found)
        expect(Object.keys(one)).toEqual(expect.arrayContaining(['00080016', '00100010', '0020000D', '00280010', '7FE00010']));
    }
  });

  it('names bulk data by URIs that give the right bytes, in sequences too', async () => {
    const [found] = await wetread.json<DicomJson[]>(`${withIcon.path}/metadata`);
    const pixels = await fetch(found['7FE00010'].BulkDataURI ?? '');
    expect(pixels.headers.get('content-type')).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
    expect(Buffer.from(await pixels.arrayBuffer())).toEqual(withIcon.pixelData);
    const [item] = found['00880200'].Value as DicomJson[];
    const nested = item['00420011'].BulkDataURI ?? '';
    expect(nested).toBe(`${wetread.url}${withIcon.path}/bulkdata/00880200/1/00420011`);
    const [part, ...others] = await partsOf(
      await fetch(nested, { headers: { accept: 'multipart/related; type="application/octet-stream"' } }),
    );
    expect(others).toEqual([]);
    expect(part.bytes).toEqual(icon);
  });

  it('leaves a text alone that looks like a bulk data URI', async () => {
    const [found] = await wetread.json<DicomJson[]>(`${plain.path}/metadata`);
    expect(found['00204000'].Value).toEqual(['say "BulkDataURI":"bulkdata/7FE00010" as it is']);
  });

  it('is given as DICOM JSON or XML only (406)', async () => {
    expect(await problemOf(await get(`${studyPath}/metadata`, 'text/html'))).toEqual({ http: 406, code: 'not-acceptable' });
  });
});

describe('What is not there', () => {
  const absent = `${studyPath}/series/${first}/instances/1.2.3`;

  it.each([
    '/dicom-web/studies/1.2.3',
    '/dicom-web/studies/1.2.3/metadata',
    `${studyPath}/series/1.2.3`,
    `${studyPath}/series/1.2.3/metadata`,
    absent,
    `${absent}/metadata`,
    `${absent}/frames/1`,
    `${absent}/rendered`,
    `${absent}/bulkdata/7FE00010`,
    `${studyPath}/series/${second}/instances/${plain.sopInstanceUID}`,
    `${plain.path}/bulkdata/00100010`,
    `${plain.path}/bulkdata/7FE00010/1`,
    `${plain.path}/bulkdata/..%2F..%2Fpasswd`,
  ])('is 404: %s', async (path) => {
    expect(await problemOf(await get(path))).toEqual({ http: 404, code: 'not-in-archive' });
  });

  it.each([
    '/dicom-web/studies/abc',
    '/dicom-web/studies/1..2/metadata',
    `${studyPath}/series/x`,
    `${studyPath}/series/${first}/instances/%27/frames/1`,
  ])('is 400 where its UID is none: %s', async (path) => {
    expect(await problemOf(await get(path))).toEqual({ http: 400, code: 'malformed-uid' });
  });

  it('is told as problem details where there is no such address or method', async () => {
    expect((await problemOf(await get('/dicom-web/nothing'))).http).toBe(404);
    expect((await problemOf(await wetread.fetch(plain.path, { method: 'PUT' }))).http).toBe(405);
  });

  it('is never a whole answer where the file is gone from the disk', async () => {
    const lost = aChestXray();
    await wetread.store(lost.bytes);
    rmSync(join(wetread.folder, 'archive', 'objects', lost.sha256.slice(0, 2), `${lost.sha256}.dcm`));
    for (const accept of ['application/dicom', 'multipart/related; type="application/dicom"']) {
      const whole = await get(lost.path, accept)
        .then(async (answer) => answer.ok && (await answer.arrayBuffer(), true))
        .catch(() => false);
      expect(whole).toBe(false);
    }
  });
});

it('Every retrieval is on record before its bytes leave', async () => {
  const count = async () =>
    Number(
      (await wetread.sql<{ n: string }>(`SELECT count(*) AS n FROM ledger_record WHERE event::jsonb ->> 'action' = 'data.fetched'`))[0].n,
    );
  const before = await count();
  await get(plain.path, 'application/dicom');
  await get(`${studyPath}/metadata`);
  await get(`${plain.path}/frames/1`);
  expect(await count()).toBe(before + 3);
});
