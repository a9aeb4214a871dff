import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { json, metadata, octets, pixels, storeParts, ui, uriOf, type MetadataPart } from './metadata-requests.js';
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
const AS_STORED = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

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
    expect((await metadataAt(one.path))['00083002'].Value).toEqual([syntax]); // what there is, whatever the sender said
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
