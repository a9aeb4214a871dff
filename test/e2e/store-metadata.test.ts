import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dicomJsonText } from '../../src/dicom/dicom-json-text.js';
import { dicomXml } from '../../src/dicom/dicom-xml.js';
import type { DicomElement, DicomJson } from '../../src/dicom/dicom-json.js';
import { newUid } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

let wetread: Wetread;
beforeAll(async () => (wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' })));
afterAll(() => wetread.remove());

interface Part {
  readonly type?: string;
  readonly location?: string;
  readonly body: string | Buffer;
}
const ui = (uid: string): DicomElement => ({ vr: 'UI', Value: [uid] });
const us = (number: number): DicomElement => ({ vr: 'US', Value: [number] });

/** A secondary capture of 4 × 6 pixels of 8 bits. */
function metadata(more: DicomJson = {}): { dataset: DicomJson; study: string; path: string } {
  const [study, series, instance] = [newUid(), newUid(), newUid()];
  const dataset: DicomJson = {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080016': ui('1.2.840.10008.5.1.4.1.1.7'),
    '00080018': ui(instance),
    '00080060': { vr: 'CS', Value: ['OT'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小東' }] },
    '00100020': { vr: 'LO', Value: ['M-1'] },
    '0020000D': ui(study),
    '0020000E': ui(series),
    '00200013': { vr: 'IS', Value: [1] },
    '00280002': us(1),
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '00280010': us(4),
    '00280011': us(6),
    '00280100': us(8),
    '00280101': us(8),
    '00280102': us(7),
    '00280103': us(0),
    '7FE00010': { vr: 'OB', BulkDataURI: `pixels/${instance}` },
    ...more,
  };
  return { dataset, study, path: `/dicom-web/studies/${study}/series/${series}/instances/${instance}` };
}
const pixels = Buffer.from(Array.from({ length: 24 }, (_, i) => i * 10));
const uriOf = ({ dataset }: { dataset: DicomJson }): string => dataset['7FE00010'].BulkDataURI ?? '';
const json = (...all: readonly { dataset: DicomJson }[]): Part => ({
  type: 'application/dicom+json',
  body: `[${all.map(({ dataset }) => dicomJsonText(dataset)).join(',')}]`,
});
const octets = (location: string, body: Buffer = pixels): Part => ({ type: 'application/octet-stream', location, body });

async function store(parts: readonly Part[], type = 'application/dicom+json', path = '/dicom-web/studies') {
  const pieces = parts.flatMap(({ type: of, location, body }) => [
    `--frontier\r\n${of === undefined ? '' : `Content-Type: ${of}\r\n`}${location === undefined ? '' : `Content-Location: ${location}\r\n`}\r\n`,
    body,
    '\r\n',
  ]);
  const answer = await wetread.fetch(path, {
    method: 'POST',
    headers: { 'content-type': `multipart/related; type="${type}"; boundary=frontier`, accept: 'application/dicom+json' },
    body: Buffer.concat([...pieces, '--frontier--\r\n'].map((piece) => Buffer.from(piece))),
  });
  const dataset = (await answer.json()) as DicomJson;
  const items = (at: string) => (dataset[at]?.Value ?? []) as DicomJson[];
  return {
    status: answer.status,
    stored: items('00081199').map((item) => item['00081155'].Value?.[0]),
    failed: items('00081198').map((item) => ({
      uid: item['00081155'].Value?.[0],
      reason: item['00081197'].Value?.[0],
      element: item['00000901']?.Value?.[0],
    })),
  };
}
const metadataAt = async (path: string): Promise<DicomJson> =>
  (await wetread.json<DicomJson[]>(`${path}/metadata`, 'application/dicom+json'))[0];
async function framesAt(path: string, frames: string, accept: string): Promise<Buffer[]> {
  const answer = await wetread.fetch(`${path}/frames/${frames}`, { headers: { accept } });
  if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await partsOf(answer)).map(({ bytes }) => bytes);
}
const NATIVE = 'multipart/related; type="application/octet-stream"';
const AS_STORED = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

describe('An instance as metadata and bulk data (PS3.18 10.5.1.4)', () => {
  it.each<[string, (one: { dataset: DicomJson }) => Part]>([
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
    expect(answer).toEqual({ status: 200, stored: [one.dataset['00080018'].Value?.[0]], failed: [] });
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
    const parts = all.flatMap((one): Part[] => [
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
    ['an unknown transfer syntax', 0xc122, undefined, { '00020010': ui('1.2.3') }],
  ])('is refused with %s, by its tag; its neighbour is stored', async (_, reason, element, odd) => {
    const [good, bad] = [metadata(), metadata(odd)];
    const answer = await store([json(bad, good), octets(uriOf(bad)), octets(uriOf(good))]);
    expect(answer.status).toBe(202);
    expect(answer.stored).toEqual([good.dataset['00080018'].Value?.[0]]);
    expect(answer.failed[0]).toMatchObject({ reason, ...(element && { element }) });
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

describe('Compressed frames as bulk data (PS3.18 8.7.3.3)', () => {
  const frames = ['ffd8ffe00001', 'ffd8ffe0000203', 'ffd8ffe00004'].map((hex) => Buffer.from(hex, 'hex'));
  const threeFrames = { '00280008': { vr: 'IS', Value: [3] } };

  it('come as a part each, in order, and are kept as a fragment each, of even length', async () => {
    const one = metadata(threeFrames);
    const type = 'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50';
    const answer = await store([json(one), ...frames.map((body) => ({ type, location: uriOf(one), body }))]);
    expect(answer).toMatchObject({ failed: [], stored: [one.dataset['00080018'].Value?.[0]] });
    expect(await framesAt(one.path, '1,2,3', AS_STORED)).toEqual([frames[0], Buffer.concat([frames[1], Buffer.alloc(1)]), frames[2]]);
  });

  it.each<[string, string, DicomJson, string]>([
    ['its media type', 'image/jls', {}, '1.2.840.10008.1.2.4.80'],
    ['its media type', 'image/dicom-rle', {}, '1.2.840.10008.1.2.5'],
    ['its media type', 'image/jp2', {}, '1.2.840.10008.1.2.4.90'],
    ['the parameter of its media type', 'image/jp2; transfer-syntax=1.2.840.10008.1.2.4.91', {}, '1.2.840.10008.1.2.4.91'],
    ['(0002,0010)', 'image/jp2', { '00020010': ui('1.2.840.10008.1.2.4.91') }, '1.2.840.10008.1.2.4.91'],
    ['(0008,3002)', 'application/octet-stream', { '00083002': ui('1.2.840.10008.1.2.4.80') }, '1.2.840.10008.1.2.4.80'],
    ['the JPEG itself', 'image/jpeg', {}, '1.2.840.10008.1.2.4.50'],
  ])('are of the transfer syntax that %s says: %s', async (_, type, more, syntax) => {
    const one = metadata(more);
    const baseline = Buffer.from('ffd8ffc0000b080004000601011100ffd9', 'hex');
    expect(await store([json(one), { type, location: uriOf(one), body: baseline }])).toMatchObject({ failed: [] });
    const answer = await wetread.fetch(one.path, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1', 0, 600)).toContain(
      `UI${String.fromCharCode(syntax.length + (syntax.length % 2), 0)}${syntax}`,
    );
    expect((await metadataAt(one.path))['00083002']).toBeUndefined();
  });

  it('are native where they are as many bytes as native pixels, whatever copy the metadata speaks of', async () => {
    const one = metadata({ '00083002': ui('1.2.840.10008.1.2.4.70') });
    expect((await store([json(one), octets(uriOf(one))])).status).toBe(200);
    expect(await framesAt(one.path, '1', NATIVE)).toEqual([pixels]);
  });

  it('are refused in a native transfer syntax (C122)', async () => {
    const one = metadata();
    const body = frames[0];
    const answer = await store([json(one), { type: 'image/jpeg; transfer-syntax=1.2.840.10008.1.2.1', location: uriOf(one), body }]);
    expect(answer.failed).toMatchObject([{ reason: 0xc122 }]);
  });
});

describe('A part of another media type than the request announced', () => {
  it('is refused alone (C010)', async () => {
    const one = metadata();
    const answer = await store([octets('x'), { type: 'application/dicom', body: 'no file' }, json(one)], 'application/dicom');
    expect(answer).toMatchObject({ status: 409, failed: [{ reason: 0xc010 }, { reason: 0xc000 }, { reason: 0xc010 }] });
  });
});
