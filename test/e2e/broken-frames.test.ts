import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { read } from '../dicom/corpus.js';
import { aChestXray, bytesRamp, inRle, newUid, type TestInstance } from './instances.js';
import { partsOf } from './multipart.js';
import { unzipped } from './unzipped.js';
import { Wetread } from './wetread.js';

const RLE = '1.2.840.10008.1.2.5';
const EXPLICIT = '1.2.840.10008.1.2.1';
const JPEG_LS = '1.2.840.10008.1.2.4.80';
const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7 };
const ITEM = Buffer.from('feff00e0', 'hex');

const study = newUid();
const good = [1, 3].map((InstanceNumber) =>
  aChestXray({ ...EIGHT_BITS, StudyInstanceUID: study, InstanceNumber }, { pixelData: bytesRamp(80) }),
);
/** Of three frames the second is garbage. */
const broken = ((): TestInstance => {
  const said = { ...EIGHT_BITS, StudyInstanceUID: study, InstanceNumber: 2, NumberOfFrames: 3 };
  const instance = inRle(aChestXray(said, { pixelData: bytesRamp(240) }), 80);
  const { bytes } = instance;
  const third = bytes.lastIndexOf(ITEM);
  const second = bytes.lastIndexOf(ITEM, third - 1);
  bytes.fill(0xff, second + 8, third);
  return instance;
})();

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(good[0].bytes, broken.bytes, good[1].bytes);
  if (status !== 200) throw new Error(`the instances were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const get = (path: string, accept: string): Promise<Response> => wetread.fetch(path, { headers: { accept } });
const syntaxOf = (type: string): string => /transfer-syntax=([\d.]+)/.exec(type)?.[1] ?? '';

describe('A frame that cannot be decoded, behind others that can', () => {
  it.each([
    ['', EXPLICIT],
    [`; transfer-syntax=${EXPLICIT}`, EXPLICIT],
    [`; transfer-syntax=${JPEG_LS}`, JPEG_LS],
  ])('costs its study no other instance: its own file comes as it is stored, and says so (%s)', async (asked, given) => {
    const answer = await get(`/dicom-web/studies/${study}`, `multipart/related; type="application/dicom"${asked}`);
    expect(answer.status).toBe(200);
    const parts = await partsOf(answer);
    const syntaxes = parts.map(({ headers }) => syntaxOf(headers['content-type'] ?? ''));
    expect([...syntaxes].sort()).toEqual([given, given, RLE].sort());
    expect(parts[syntaxes.indexOf(RLE)].bytes.equals(broken.bytes)).toBe(true);
  });

  it.each([EXPLICIT, JPEG_LS])(
    'costs a ZIP of its study nothing either, and the DICOMDIR says which transfer syntax it has (%s)',
    async (asked) => {
      const answer = await get(`/dicom-web/studies/${study}`, `application/zip; transfer-syntax=${asked}`);
      expect(answer.status).toBe(200);
      const files = unzipped(Buffer.from(await answer.arrayBuffer()));
      const directory = files.get('DICOMDIR') ?? Buffer.alloc(0);
      files.delete('DICOMDIR');
      const syntaxes = await Promise.all([...files.values()].map(async (bytes) => (await read(bytes)).transferSyntaxUID));
      expect([...syntaxes].sort()).toEqual([asked, asked, RLE].sort());
      expect([...files.values()].some((bytes) => bytes.equals(broken.bytes))).toBe(true);
      const named = (uid: string) =>
        directory.toString('latin1').split(`UI${String.fromCharCode(uid.length + (uid.length % 2), 0)}${uid}`).length - 1;
      expect([named(RLE), named(asked)]).toEqual([1, asked === EXPLICIT ? 3 : 2]); // the directory itself is Explicit VR Little Endian
    },
  );

  it('leaves its instance to be had as it is stored, where no transfer syntax is named', async () => {
    const answer = await get(broken.path, 'application/dicom');
    expect([answer.status, syntaxOf(answer.headers.get('content-type') ?? '')]).toEqual([200, RLE]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(broken.bytes)).toBe(true);
  });

  it('is said by the status, where its instance is asked for in another transfer syntax', async () => {
    for (const form of ['application/dicom', 'multipart/related; type="application/dicom"']) {
      const answer = await get(broken.path, `${form}; transfer-syntax=${EXPLICIT}`);
      expect([form, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([form, 422, 'corrupt-frame']);
    }
  });

  it('is of no matter to its head', async () => {
    expect((await wetread.fetch(broken.path, { method: 'HEAD', headers: { accept: 'application/dicom' } })).status).toBe(200);
  });
});
