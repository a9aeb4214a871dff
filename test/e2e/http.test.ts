import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { exchange, type Exchanged } from './exchange.js';
import { aChestXray, newUid } from './instances.js';
import { Wetread } from './wetread.js';

const study = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
const instances = Array.from({ length: 8 }, (_, i) => aChestXray({ ...study, InstanceNumber: i + 1 }));
const [instance] = instances;
const studyPath = `/dicom-web/studies/${study.StudyInstanceUID}`;
const seriesPath = `${studyPath}/series/${study.SeriesInstanceUID}`;
const EVERYTHING = '/dicom-web/instances?includefield=all';

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...instances.map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const ask = (path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Exchanged> =>
  exchange(`${wetread.url}${path}`, { method, headers });
const varyOf = ({ headers }: Exchanged): string[] => String(headers['vary']).split(', ');

describe('A method that a resource does not take (RFC 9110 15.5.6)', () => {
  it.each([
    ['PUT', '/dicom-web/studies', 'GET, HEAD, OPTIONS, POST'],
    ['PUT', studyPath, 'DELETE, GET, HEAD, OPTIONS, POST'],
    ['PATCH', seriesPath, 'DELETE, GET, HEAD, OPTIONS'],
    ['PUT', instance.path, 'DELETE, GET, HEAD, OPTIONS'],
    ['POST', `${instance.path}/frames/1`, 'GET, HEAD, OPTIONS'],
    ['POST', `${instance.path}/bulkdata/7FE00010`, 'GET, HEAD, OPTIONS'],
    ['POST', `${studyPath}/metadata`, 'GET, HEAD, OPTIONS, PATCH'],
    ['POST', '/dicom-web', 'GET, HEAD, OPTIONS'],
    ['POST', '/dicom-web/series/?limit=1', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405, and the answer says which it takes', async (method, path, allow) => {
    const { status, headers, body } = await exchange(`${wetread.url}${path}`, {
      method,
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect([status, headers['allow']]).toEqual([405, allow]);
    expect(JSON.parse(body.toString())).toMatchObject({ status: 405, code: 'method-not-allowed' });
  });

  it('is told to whoever asks beforehand, by OPTIONS', async () => {
    const { status, headers, body } = await ask(studyPath, 'OPTIONS');
    expect([status, headers['allow'], body.length]).toEqual([204, 'DELETE, GET, HEAD, OPTIONS, POST', 0]);
  });

  it('is an OperationOutcome in FHIR', async () => {
    const { status, headers, body } = await ask('/fhir/metadata', 'DELETE');
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect(JSON.parse(body.toString())).toMatchObject({ resourceType: 'OperationOutcome' });
  });

  it('matters nothing where there is no such resource', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
      for (const path of ['/dicom-web/study', '/dicom-web/studies/1.2/serie', '/', '/dicom-webb'])
        expect((await ask(path, method)).status).toBe(404);
  });
});

describe('HEAD (RFC 9110 9.3.2)', () => {
  const PARTS = { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
  it.each<[string, Record<string, string>]>([
    [studyPath, PARTS],
    [instance.path, { accept: 'application/dicom; transfer-syntax=*' }],
    [`${instance.path}/metadata`, {}],
    [`${instance.path}/rendered`, { accept: 'image/png' }],
    [EVERYTHING, {}],
    ['/fhir/metadata', {}],
    ['/dicom-web', {}],
    ['/health/live', {}],
  ])('answers for %s as GET does, without the body', async (path, headers) => {
    const [head, get] = [await ask(path, 'HEAD', headers), await ask(path, 'GET', headers)];
    expect([get.status, head.status, head.body.length]).toEqual([200, 200, 0]);
    const typeOf = (one: Exchanged) => one.headers['content-type']?.replace(/boundary=.*/, '');
    expect(typeOf(head)).toBe(typeOf(get));
    if (head.headers['content-length'] !== undefined) expect(Number(head.headers['content-length'])).toBe(get.body.length);
  });

  it('is refused as GET is', async () => {
    for (const path of [`/dicom-web/studies/${newUid()}`, '/nowhere']) expect((await ask(path, 'HEAD')).status).toBe(404);
    expect((await ask(EVERYTHING, 'HEAD', { accept: 'image/gif' })).status).toBe(406);
  });

  it('leaves no file open', async () => {
    const openFiles = (): number => readdirSync(`/proc/${wetread.pid}/fd`).length;
    await ask(studyPath, 'HEAD', PARTS);
    const before = openFiles();
    for (let i = 0; i < 40; i++)
      await ask(i % 2 ? studyPath : instance.path, 'HEAD', i % 2 ? PARTS : { accept: 'application/dicom; transfer-syntax=*' });
    expect(openFiles()).toBeLessThan(before + 20);
  });
});

describe('Content codings (RFC 9110 12.5.3)', () => {
  const DECODE: Record<string, (bytes: Buffer) => Buffer> = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync };

  it.each(Object.keys(DECODE))('make %s of long JSON and XML, and the text is the same', async (coding) => {
    for (const [path, accept] of [
      [EVERYTHING, 'application/dicom+json'],
      [EVERYTHING, 'multipart/related; type="application/dicom+xml"'],
      [`${studyPath}/metadata`, 'application/dicom+json'],
      ['/fhir/metadata', 'application/fhir+json'],
      ['/dicom-web', 'application/vnd.sun.wadl+xml'],
    ]) {
      const [plain, coded] = [await ask(path, 'GET', { accept }), await ask(path, 'GET', { accept, 'accept-encoding': coding })];
      expect([coded.status, coded.headers['content-encoding']]).toEqual([200, coding]);
      const withoutBoundary = (text: Buffer) => text.toString().replaceAll(/--[0-9a-f-]{36}/g, '--boundary');
      expect(withoutBoundary(DECODE[coding](coded.body))).toBe(withoutBoundary(plain.body));
      expect(coded.body.length).toBeLessThan(plain.body.length / 2);
      for (const one of [plain, coded]) expect(varyOf(one)).toEqual(expect.arrayContaining(['Accept', 'Accept-Encoding']));
    }
  });

  it('are not used unasked, nor for what is short, nor for pixels and files', async () => {
    const coded = async (path: string, accept: string, encodings: string) =>
      (await ask(path, 'GET', { accept, 'accept-encoding': encodings })).headers['content-encoding'];
    expect((await ask(EVERYTHING)).headers['content-encoding']).toBeUndefined();
    expect(await coded(EVERYTHING, '*/*', 'gzip;q=0')).toBeUndefined();
    expect(await coded(EVERYTHING, '*/*', 'identity')).toBeUndefined();
    expect(await coded('/health/live', '*/*', 'gzip')).toBeUndefined();
    expect(await coded('/nowhere', '*/*', 'gzip')).toBeUndefined();
    expect(await coded(instance.path, 'application/dicom; transfer-syntax=*', 'gzip, br, zstd')).toBeUndefined();
    expect(await coded(studyPath, 'multipart/related; type="application/dicom"; transfer-syntax=*', 'gzip')).toBeUndefined();
    expect(await coded(`${instance.path}/rendered`, 'image/png', 'gzip')).toBeUndefined();
  });

  it('make the entity tag a weak one that still answers 304', async () => {
    const [plain, coded] = [await ask('/dicom-web'), await ask('/dicom-web', 'GET', { 'accept-encoding': 'gzip' })];
    expect(coded.headers['etag']).toBe(`W/${String(plain.headers['etag'])}`);
    for (const one of [plain, coded]) {
      const again = await ask('/dicom-web', 'GET', { 'accept-encoding': 'gzip', 'if-none-match': String(one.headers['etag']) });
      expect([again.status, again.body.length, again.headers['content-encoding']]).toEqual([304, 0, undefined]);
    }
  });
});

it('Nothing is allowed to pages of other origins unless a setting says so', async () => {
  const from = { origin: 'http://viewer.example', 'access-control-request-method': 'GET' };
  for (const method of ['OPTIONS', 'GET']) {
    const { headers } = await ask(studyPath, method, from);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});
