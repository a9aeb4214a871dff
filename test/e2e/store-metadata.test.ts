import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dicomJsonText } from '../../src/dicom/dicom-json-text.js';
import { dicomXml } from '../../src/dicom/dicom-xml.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { json, metadata, octets, pixels, storeParts, ui, uriOf, us, type MetadataPart } from './metadata-requests.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => (wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' })));
afterAll(() => wetread.remove());

const store = (parts: readonly MetadataPart[], type?: string, path?: string) => storeParts(wetread, parts, type, path);
const metadataAt = async (path: string): Promise<DicomJson> =>
  (await wetread.json<DicomJson[]>(`${path}/metadata`, 'application/dicom+json'))[0];
async function framesAt(path: string, frames: string, accept: string): Promise<Buffer[]> {
  const answer = await wetread.fetch(`${path}/frames/${frames}`, { headers: { accept } });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await partsOf(answer)).map(({ bytes }) => bytes);
}
const NATIVE = 'multipart/related; type="application/octet-stream"';

describe('An instance as metadata and bulk data (PS3.18 10.5.1.4)', () => {
  it.each<[string, (one: { dataset: DicomJson }) => MetadataPart]>([
    ['application/dicom+json', (one) => json(one)],
    ['application/dicom+xml', ({ dataset }) => ({ type: 'application/dicom+xml', body: dicomXml(dataset) })],
  ])('in %s is stored, and comes back with the same elements and pixels', async (type, form) => {
    const one = metadata({
      '00400275': { vr: 'SQ', Value: [{ '00400007': { vr: 'LO', Value: ['Knie – links'] } }, {}] },
      '00091001': { vr: 'OB', InlineBinary: 'AAEC/w==' },
      '00090010': { vr: 'LO', Value: ['ACME'] },
      '00280009': { vr: 'AT', Value: ['00181063'] },
      '00189073': { vr: 'FD', Value: [0.1] },
      '00281050': { vr: 'DS', Value: [127.5, 40] },
    });
    const answer = await store([form(one), octets(uriOf(one))], type);
    expect(answer).toEqual({ status: 200, stored: [one.dataset['00080018'].Value?.[0]], warned: [], failed: [] });
    const { '7FE00010': image, ...elements } = await metadataAt(one.path);
    const { '7FE00010': _, ...sent } = one.dataset;
    expect(elements).toMatchObject(sent);
    expect(image.vr).toBe('OB');
    expect(await framesAt(one.path, '1', NATIVE)).toEqual([pixels]);
  });

  it('may be one of several in a request, their bulk data in any order, before the metadata too', async () => {
    const all = [metadata(), metadata(), metadata()];
    const bulk = all.map((one, i) => octets(uriOf(one), Buffer.alloc(24, i + 1)));
    const answer = await store([bulk[2], json(...all), bulk[1], bulk[0]]);
    expect(answer.status).toBe(200);
    for (const [i, one] of all.entries()) expect(await framesAt(one.path, '1', NATIVE)).toEqual([Buffer.alloc(24, i + 1)]);
  });

  it('may be one XML document each', async () => {
    const all = [metadata(), metadata()];
    const parts = all.flatMap((one): MetadataPart[] => [
      { type: 'application/dicom+xml', body: dicomXml(one.dataset) },
      octets(uriOf(one), Buffer.alloc(24, 5)),
    ]);
    expect((await store(parts, 'application/dicom+xml')).status).toBe(200);
  });

  it('needs no bulk data, nor more than one part, where there is none', async () => {
    const { dataset, path } = metadata();
    delete dataset['7FE00010'];
    const answer = await wetread.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'content-type': 'application/dicom+json' },
      body: dicomJsonText(dataset),
    });
    expect(answer.status).toBe(200);
    expect((await wetread.fetch(path)).status).toBe(200);
  });

  it('finds its bulk data by the address that a relative reference means, at any depth', async () => {
    const one = metadata({
      '00880200': { vr: 'SQ', Value: [{ '7FE00010': { vr: 'OB', BulkDataURI: 'icon' } }] },
      '00420011': { vr: 'OB', BulkDataURI: '/documents/1' },
    });
    const parts = [
      json(one),
      octets(`${wetread.url}/dicom-web/icon`, Buffer.alloc(2_000, 3)),
      octets(`${wetread.url}/documents/1`),
      octets(uriOf(one)),
    ];
    expect((await store(parts)).status).toBe(200);
    expect(dicomJsonText(await metadataAt(one.path))).toMatch(/00880200\/1\/7FE00010"/);
  });

  it('is refused without its bulk data (C013), its neighbour is stored', async () => {
    const [whole, without] = [metadata(), metadata()];
    const answer = await store([json(without, whole), octets(uriOf(whole))]);
    expect(answer).toEqual({
      status: 202,
      stored: [whole.dataset['00080018'].Value?.[0]],
      warned: [],
      failed: [{ uid: without.dataset['00080018'].Value?.[0], reason: 0xc013, element: '7FE00010' }],
    });
    expect((await wetread.fetch(without.path)).status).toBe(404);
  });

  it('is told of bulk data that belongs to nothing (C015), and refused where a value came twice (C014)', async () => {
    const [one, twice] = [metadata(), metadata({ '00420011': { vr: 'OB', BulkDataURI: 'late' } })];
    const answer = await store([
      json(one, twice),
      octets(uriOf(one)),
      octets('elsewhere'),
      octets(uriOf(twice)),
      octets(uriOf(twice)),
      octets('late'),
    ]);
    expect(answer.stored).toEqual([one.dataset['00080018'].Value?.[0]]);
    expect(answer.failed.map(({ reason }) => reason)).toEqual([0xc014, 0xc015]);
  });

  it.each<[string, number, string | undefined, DicomJson]>([
    ['an unknown VR', 0xc012, '00101010', { '00101010': { vr: 'XX', Value: ['1'] } }],
    ['a number too large for its VR', 0xc012, '00280010', { '00280010': us(65_536) }],
    ['text for a number', 0xc012, '00280010', { '00280010': { vr: 'US', Value: ['4'] } }],
    ['half a character', 0xc012, '00100020', { '00100020': { vr: 'LO', Value: ['\ud800'] } }],
    ['what is no base64', 0xc012, '00091001', { '00091001': { vr: 'OB', InlineBinary: 'A?==' } }],
    ['no SOP Instance UID', 0xc002, '00080018', { '00080018': { vr: 'UI' } }],
    ['a delimiter for an element', 0xc012, 'FFFEE00D', { FFFEE00D: { vr: 'UN' } }],
    ['an unknown transfer syntax', 0xc122, undefined, { '00020010': ui('1.2.3') }],
  ])('is refused with %s, by its tag; its neighbour is stored', async (_, reason, element, odd) => {
    const [good, bad] = [metadata(), metadata(odd)];
    const answer = await store([json(bad, good), octets(uriOf(bad)), octets(uriOf(good))]);
    expect(answer.status).toBe(202);
    expect(answer.stored).toEqual([good.dataset['00080018'].Value?.[0]]);
    expect(answer.failed[0]).toMatchObject({ reason, ...(element && { element }) });
  });

  it.each([
    ['big endian', '1.2.840.10008.1.2.2'],
    ['deflated', '1.2.840.10008.1.2.1.99'],
  ])('is refused where its bulk data is %s (C122), which would be other values; its neighbour is stored', async (_, syntax) => {
    const icon = { '00880200': { vr: 'SQ', Value: [{ '7FE00010': { vr: 'OW', BulkDataURI: `icon-${syntax}` } }] } };
    const [good, image, nested] = [metadata(), metadata(), metadata(icon)];
    const type = `application/octet-stream; transfer-syntax=${syntax}`;
    const answer = await store([
      json(image, nested, good),
      { type, location: uriOf(image), body: pixels },
      { type, location: `icon-${syntax}`, body: pixels },
      octets(uriOf(nested)),
      octets(uriOf(good)),
    ]);
    expect(answer.stored).toEqual([good.dataset['00080018'].Value?.[0]]);
    expect(answer.failed).toEqual(
      [image, nested].map(({ dataset }) => ({ uid: dataset['00080018'].Value?.[0], reason: 0xc122, element: '7FE00010' })),
    );
  });

  it.each(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'])('keeps its bulk data in %s byte by byte', async (syntax) => {
    const one = metadata();
    const part = { type: `application/octet-stream; transfer-syntax=${syntax}`, location: uriOf(one), body: pixels };
    expect(await store([json(one), part])).toMatchObject({ status: 200 });
    expect(await framesAt(one.path, '1', NATIVE)).toEqual([pixels]);
  });

  it('is refused where its bulk data breaks off (C001), what came whole before is stored', async () => {
    const [whole, torn] = [metadata(), metadata()];
    const { type, body } = json(whole, torn);
    const pieces = [
      `--frontier\r\nContent-Type: ${type}\r\n\r\n`,
      body,
      ...[whole, torn].flatMap((one) => [`\r\n--frontier\r\nContent-Location: ${uriOf(one)}\r\n\r\n`, pixels]),
    ];
    const answer = await wetread.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; type="application/dicom+json"; boundary=frontier' },
      body: Buffer.concat(pieces.map((piece) => Buffer.from(piece))),
    });
    expect(answer.status).toBe(202);
    const failed = ((await answer.json()) as DicomJson)['00081198'].Value as DicomJson[];
    expect(failed.map((item) => [item['00081155'].Value?.[0], item['00081197'].Value?.[0]])).toEqual([
      [torn.dataset['00080018'].Value?.[0], 0xc001],
    ]);
    expect([(await wetread.fetch(whole.path)).status, (await wetread.fetch(torn.path)).status]).toEqual([200, 404]);
  });

  it('is listed where the body is malformed after it (C001); one that waits still misses its bulk data', async () => {
    const [whole, waits] = [metadata(), metadata()];
    const { type, body } = json(whole, waits);
    const pieces = [
      `--frontier\r\nContent-Type: ${type}\r\n\r\n`,
      body,
      `\r\n--frontier\r\nContent-Location: ${uriOf(whole)}\r\n\r\n`,
      pixels,
      '\r\n--frontierland\r\n\r\nmore\r\n--frontier--',
    ];
    const answer = await wetread.fetch('/dicom-web/studies', {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; type="application/dicom+json"; boundary=frontier' },
      body: Buffer.concat(pieces.map((piece) => Buffer.from(piece))),
    });
    expect(answer.status).toBe(202);
    const failed = ((await answer.json()) as DicomJson)['00081198'].Value as DicomJson[];
    expect(failed.map((item) => item['00081197'].Value?.[0])).toEqual([0xc001, 0xc013]);
    expect([(await wetread.fetch(whole.path)).status, (await wetread.fetch(waits.path)).status]).toEqual([200, 404]);
  });

  it('is nowhere to be seen where its sender vanishes', async () => {
    const one = metadata();
    const body = Buffer.concat(
      [
        `--frontier\r\nContent-Type: application/dicom+json\r\n\r\n`,
        json(one).body,
        `\r\n--frontier\r\nContent-Location: ${uriOf(one)}\r\n\r\n`,
        pixels,
      ].map((piece) => Buffer.from(piece)),
    );
    const sender = request(`${wetread.url}/dicom-web/studies`, {
      method: 'POST',
      headers: {
        'content-type': 'multipart/related; type="application/dicom+json"; boundary=frontier',
        'content-length': body.length + 99,
      },
    });
    sender.on('error', () => undefined).write(body);
    await sleep(200); // the server has begun to read
    sender.destroy();
    await sleep(300);
    expect((await wetread.fetch(one.path)).status).toBe(404);
    const again = await store([json(one), octets(uriOf(one))]);
    expect(again.status).toBe(200);
  });

  it('is refused where it is of another study than the request named (A900)', async () => {
    const [own, other] = [metadata(), metadata()];
    const answer = await store([json(own, other), octets(uriOf(own)), octets(uriOf(other))], undefined, `/dicom-web/studies/${own.study}`);
    expect(answer).toMatchObject({ status: 202, failed: [{ reason: 0xa900 }] });
  });

  it.each(['[{', '[{"00080018":{"vr":"UI"},"00080018":{"vr":"UI"}}]', '"text"', Buffer.from('5b7b22ff227d5d', 'hex')])(
    'is 400 where the metadata is no JSON of data sets: %s',
    async (body) => {
      expect((await store([{ type: 'application/dicom+json', body }])).status).toBe(400);
    },
  );

  it('leaves nothing behind', () => {
    expect(readdirSync(join(wetread.folder, 'spool'))).toEqual([]);
  });
});
