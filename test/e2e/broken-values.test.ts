import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aChestXray, bytesRamp, inRle, newUid, type TestInstance } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const OCTETS = 'multipart/related; type="application/octet-stream"';
const RLE = 'image/dicom-rle; transfer-syntax=1.2.840.10008.1.2.5';
const NATIVE = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1';

/** Two frames in RLE, the given one of which is garbage. */
function brokenAt(frame: 1 | 2, said: Parameters<typeof aChestXray>[0] = {}): TestInstance {
  const whole = inRle(aChestXray({ ...EIGHT_BITS, NumberOfFrames: 2, ...said }, { pixelData: bytesRamp(160) }), 80);
  const bytes = Buffer.from(whole.bytes);
  const second = bytes.lastIndexOf(Buffer.from('feff00e0', 'hex'));
  const first = bytes.lastIndexOf(Buffer.from('feff00e0', 'hex'), second - 1);
  if (frame === 1) bytes.fill(0xff, first + 8, second);
  else bytes.fill(0xff, second + 8, bytes.length - 8);
  return { ...whole, bytes };
}
const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, WindowCenter: 128, WindowWidth: 256 };

const alone = brokenAt(1);
const later = brokenAt(2);
const mixed = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
const broken = [brokenAt(1, { ...mixed, InstanceNumber: 1 }), brokenAt(2, { ...mixed, InstanceNumber: 2 })];
const good = inRle(aChestXray({ ...EIGHT_BITS, ...mixed, InstanceNumber: 3 }, { pixelData: bytesRamp(80) }), 80);
const allBroken = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
const hopeless = [brokenAt(1, allBroken), brokenAt(2, allBroken)];

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { stored } = await wetread.store(...[alone, later, ...broken, good, ...hopeless].map(({ bytes }) => bytes));
  if (stored.length !== 7) throw new Error(`of the instances to show ${stored.length} were stored`);
});
afterAll(() => wetread.remove());

const get = (path: string, accept?: string): Promise<Response> => wetread.fetch(path, accept === undefined ? {} : { headers: { accept } });
const levels = ({ path }: TestInstance): string[] => [path, path.replace(/\/instances.*/, ''), path.replace(/\/series.*/, '')];
const codeOf = async (answer: Response): Promise<unknown[]> => [answer.status, ((await answer.json()) as { code: string }).code];

describe('A value whose frames cannot be decoded', () => {
  it.each(['pixeldata', 'bulkdata'])('has the status of its fault where it is all of %s at any level', async (what) => {
    for (const path of levels(alone)) expect(await codeOf(await get(`${path}/${what}`))).toEqual([422, 'corrupt-frame']);
  });

  it('has it by its own URI, single and in multipart', async () => {
    for (const accept of ['application/octet-stream', OCTETS])
      expect(await codeOf(await get(`${alone.path}/bulkdata/7FE00010`, accept))).toEqual([422, 'corrupt-frame']);
  });

  it.each(['pixeldata', 'bulkdata', 'bulkdata/7FE00010', 'frames/1,2'])(
    'has it where only a later frame is broken, before the first byte: %s',
    async (what) => {
      for (const accept of [OCTETS, 'multipart/related; type="image/jls"'])
        expect([accept, await codeOf(await get(`${later.path}/${what}`, accept))]).toEqual([accept, [422, 'corrupt-frame']]);
      const head = await wetread.fetch(`${later.path}/${what}`, { method: 'HEAD', headers: { accept: OCTETS } });
      expect(head.status).toBe(422);
    },
  );

  it('has it in a WADO-URI too, and without a word about the transfer syntax comes as it is stored', async () => {
    const [, study, series, object] = /studies\/(.*)\/series\/(.*)\/instances\/(.*)/.exec(later.path) ?? [];
    const uri = `/wado?requestType=WADO&studyUID=${study}&seriesUID=${series}&objectUID=${object}&contentType=application/dicom`;
    expect(await codeOf(await get(`${uri}&transferSyntax=1.2.840.10008.1.2.1`))).toEqual([422, 'corrupt-frame']);
    const stored = await get(uri);
    expect([stored.status, Buffer.from(await stored.arrayBuffer()).equals(later.bytes)]).toEqual([200, true]);
  });

  it.each(['pixeldata', 'bulkdata'])('is left out of several of %s where only native samples are accepted', async (what) => {
    for (const path of levels(good).slice(1)) {
      const parts = await partsOf(await get(`${path}/${what}`, OCTETS));
      expect(parts.map(({ bytes }) => bytes)).toEqual([good.pixelData]);
      expect(parts[0].headers['content-location']).toContain(good.sopInstanceUID);
    }
  });

  it.each([undefined, '*/*', `${OCTETS}, multipart/related; type="image/dicom-rle"`])(
    'is given among several as stored where that is accepted: %s',
    async (accept) => {
      const parts = await partsOf(await get(`${levels(good)[2]}/pixeldata`, accept));
      expect(parts.map(({ headers }) => headers['content-type']).sort()).toEqual([NATIVE, RLE, RLE, RLE, RLE]);
      expect(parts.find(({ headers }) => headers['content-type'] === NATIVE)?.bytes).toEqual(good.pixelData);
      for (const instance of broken) {
        const ofIt = parts.filter(({ headers }) => headers['content-location'].includes(instance.sopInstanceUID));
        expect(ofIt.map(({ bytes }) => instance.bytes.includes(bytes))).toEqual([true, true]);
      }
    },
  );

  it('has the status of its fault where none of several can be given', async () => {
    for (const what of ['pixeldata', 'bulkdata'])
      expect(await codeOf(await get(`${levels(hopeless[0])[2]}/${what}`, OCTETS))).toEqual([422, 'corrupt-frame']);
  });
});
