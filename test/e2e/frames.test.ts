import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { aChestXray, bytesRamp, deflated, inRle, sha256, type TestInstance } from './instances.js';
import { partsOf } from './multipart.js';
import { Wetread } from './wetread.js';

const OCTETS = 'multipart/related; type="application/octet-stream"';
const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, WindowCenter: 128, WindowWidth: 256 };

const plain = aChestXray();
const cine = aChestXray({ NumberOfFrames: 4 });
const packed = deflated(aChestXray({ NumberOfFrames: 3 }));
const rle = inRle(aChestXray({ ...EIGHT_BITS, NumberOfFrames: 3 }, { pixelData: bytesRamp(240) }), 80);
/** Three frames of 15 pixels, one bit each: the second begins inside a byte (PS3.5 8.1.1). */
const bits = aChestXray(
  { BitsAllocated: 1, BitsStored: 1, HighBit: 0, Rows: 3, Columns: 5, NumberOfFrames: 3, WindowCenter: 0.5, WindowWidth: 1 },
  { pixelData: Buffer.from([0b10110010, 0b11101010, 0b00110111, 0b01011100, 0b11001010, 0b00010110]) },
);
const report = aChestXray({ SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.11', Modality: 'SR' }, { pixelData: null });

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(...[plain, cine, packed, rle, bits, report].map(({ bytes }) => bytes));
  if (status !== 200) throw new Error(`the instances to show were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const get = ({ path }: { path: string }, what: string, accept?: string): Promise<Response> =>
  wetread.fetch(`${path}/${what}`, accept === undefined ? {} : { headers: { accept } });
const framesOf = async (instance: { path: string }, list: string, accept = OCTETS): Promise<Buffer[]> =>
  (await partsOf(await get(instance, `frames/${list}`, accept))).map(({ bytes }) => bytes);
const frameOf = ({ pixelData }: TestInstance, frameNumber: number, length: number): Buffer =>
  pixelData.subarray((frameNumber - 1) * length, frameNumber * length);
const codeOf = async (answer: Response): Promise<unknown[]> => [answer.status, ((await answer.json()) as { code: string }).code];

describe('Retrieving frames (PS3.18 10.4.1.1.6)', () => {
  it.each<[string, TestInstance, number]>([
    ['native', cine, 160],
    ['deflated', packed, 160],
    ['RLE', rle, 80],
  ])('gives native samples of %s frames, in the order asked for', async (_, instance, length) => {
    const answer = await get(instance, 'frames/3,1,2,1', OCTETS);
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/related; type="application\/octet-stream"; boundary=/);
    const parts = await partsOf(answer);
    expect(parts.map(({ bytes }) => bytes)).toEqual([3, 1, 2, 1].map((one) => frameOf(instance, one, length)));
    for (const { headers } of parts) expect(headers['content-type']).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
  });

  it('gives them to whoever takes anything, or octets in Explicit VR Little Endian', async () => {
    for (const accept of ['*/*', OCTETS, `${OCTETS}; transfer-syntax=1.2.840.10008.1.2.1`, 'multipart/related'])
      expect(await framesOf(rle, '2', accept)).toEqual([frameOf(rle, 2, 80)]);
  });

  it('gives one frame without multipart where that is asked for, and a part of it', async () => {
    const whole = await get(rle, 'frames/2', 'application/octet-stream');
    expect(whole.headers.get('content-type')).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(frameOf(rle, 2, 80));
    const headers = { accept: 'application/octet-stream', range: 'bytes=10-19' };
    for (const [instance, length] of [
      [cine, 160],
      [rle, 80],
    ] as const) {
      const part = await wetread.fetch(`${instance.path}/frames/2`, { headers });
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${length}`]);
      expect(Buffer.from(await part.arrayBuffer())).toEqual(frameOf(instance, 2, length).subarray(10, 20));
    }
    expect((await get(cine, 'frames/1,2', 'application/octet-stream')).status).toBe(406); // two frames are not one
  });

  it.each([
    ['image/jls', '1.2.840.10008.1.2.4.80'],
    ['image/jp2', '1.2.840.10008.1.2.4.90'],
    ['image/dicom-rle', '1.2.840.10008.1.2.5'],
    ['image/jpeg', '1.2.840.10008.1.2.4.70'],
  ])('gives them as %s in %s, in the order asked for', async (mediaType, transferSyntax) => {
    const accept = `multipart/related; type="${mediaType}"; transfer-syntax=${transferSyntax}`;
    const parts = await partsOf(await get(cine, 'frames/3,1', accept));
    expect(parts.map(({ headers }) => headers['content-type'])).toEqual(
      [3, 1].map(() => `${mediaType}; transfer-syntax=${transferSyntax}`),
    );
    const [alone] = await partsOf(await get(cine, 'frames/1', accept));
    expect(parts[1].bytes).toEqual(alone.bytes);
    expect(parts[0].bytes).not.toEqual(alone.bytes);
  });

  it('gives 1-bit frames from their own first bit on', async () => {
    const all = [...bits.pixelData].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1));
    for (const accept of [OCTETS, `${OCTETS}; transfer-syntax=*`]) {
      const frames = await framesOf(bits, '1,2,3', accept);
      const pixels = frames.map((frame) =>
        [...frame].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1)).slice(0, 15),
      );
      expect(pixels).toEqual([0, 1, 2].map((i) => all.slice(i * 15, i * 15 + 15)));
    }
  });

  it('gives the stored bytes for transfer-syntax=* and says which transfer syntax they have', async () => {
    const [part] = await partsOf(await get(rle, 'frames/2', `${OCTETS}; transfer-syntax=*`));
    expect(part.headers['content-type']).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.5');
    expect(part.bytes.readUInt32LE(0)).toBe(1); // one RLE segment,
    expect(part.bytes.readUInt8(64)).toBe(79); // one literal run of 80
    expect(part.bytes.subarray(65, 145)).toEqual(frameOf(rle, 2, 80));
  });

  it('never calls inflated bytes deflated', async () => {
    const [part] = await partsOf(await get(packed, 'frames/2', `${OCTETS}; transfer-syntax=*`));
    expect(part.headers['content-type']).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
    expect(part.bytes).toEqual(frameOf(packed, 2, 160));
  });

  it('is 404 for a frame that is not there, also at the end of a list', async () => {
    for (const list of ['2', '1,2', '999999999'])
      expect(await codeOf(await get(plain, `frames/${list}`, OCTETS))).toEqual([404, 'not-in-archive']);
    for (const list of ['5', '4,5']) expect((await get(cine, `frames/${list}`)).status).toBe(404);
    expect(await codeOf(await get(report, 'frames/1'))).toEqual([404, 'not-in-archive']);
  });

  it.each(['0', '-1', '1.5', 'x', '1,', '1,,2', '1-3', '1%202', '01', '9999999999'])('is 400 for the list %s', async (list) => {
    expect(await codeOf(await get(cine, `frames/${list}`))).toEqual([400, 'bad-frame-list']);
  });

  it('is 406 for a form that is not given', async () => {
    for (const accept of ['image/png', 'multipart/related; type="video/mp4"', `${OCTETS}; transfer-syntax=1.2.840.10008.1.2.4.90`])
      expect(await codeOf(await get(cine, 'frames/1', accept))).toEqual([406, 'not-acceptable']);
  });
});

describe('Retrieving rendered images (PS3.18 10.4.1.1.3)', () => {
  it.each<[string, TestInstance, string]>([
    ['native', plain, 'rendered'],
    ['native, a frame', cine, 'frames/3/rendered'],
    ['deflated', packed, 'rendered'],
    ['RLE', rle, 'frames/2/rendered'],
    ['1-bit', bits, 'frames/2/rendered'],
  ])('gives a PNG or a JPEG of the right size: %s', async (_, instance, what) => {
    for (const [accept, format] of [
      ['image/png', 'png'],
      ['image/jpeg', 'jpeg'],
      ['image/*', 'jpeg'],
      ['text/html, image/png;q=0.3', 'png'],
    ] as const) {
      const answer = await get(instance, what, accept);
      expect(answer.headers.get('content-type')).toBe(`image/${format}`);
      const { width, height, format: found } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      expect([found, width, height]).toEqual([format, instance === bits ? 5 : 10, instance === bits ? 3 : 8]);
    }
  });

  it('shows the frame with its default window (PS3.4 N.2)', async () => {
    const png = Buffer.from(await (await get(rle, 'frames/2/rendered', 'image/png')).arrayBuffer());
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    const grey = Buffer.from(Array.from({ length: 80 }, (_, i) => data[i * info.channels]));
    expect(grey).toEqual(frameOf(rle, 2, 80)); // a window of 0…255 on 8 bits changes nothing
  });

  it('is 404 for a frame that is not there, 406 for several as one image and for other forms', async () => {
    expect((await get(cine, 'frames/5/rendered', 'image/png')).status).toBe(404);
    expect(await codeOf(await get(cine, 'frames/1,2/rendered', 'image/png'))).toEqual([406, 'not-acceptable']);
    expect(await codeOf(await get(cine, 'rendered', 'image/bmp'))).toEqual([406, 'not-acceptable']);
  });

  it('is an error, not a picture, where there is nothing to show', async () => {
    const answer = await get(report, 'rendered');
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await codeOf(answer)).toEqual([406, 'no-pixel-data']);
  });
});

interface CorpusFile {
  readonly path: string;
  readonly expect: string;
  readonly frames?: number;
  readonly lossy?: boolean;
  readonly bitsAllocated?: number;
  readonly sopUid?: string | null;
  readonly decodedSha256?: string;
  readonly decodersDisagree?: unknown;
  readonly transferSyntax?: { readonly uid: string };
}
const shared = new URL('../../../../shared/', import.meta.url);
const present = existsSync(new URL('dicom/manifest.json', shared));
if (!present) console.warn('../shared is absent: retrieving the frames of one file a transfer syntax (1 test) is skipped.');

(present ? it : it.skip)(
  'Frames of one lossless file of each transfer syntax in ../shared come back as the reference decoders have them',
  async () => {
    const manifest = JSON.parse(readFileSync(new URL('dicom/manifest.json', shared), 'utf8')) as CorpusFile[];
    const usable = manifest.filter(
      ({ expect: wanted, lossy, bitsAllocated, decodedSha256, decodersDisagree, sopUid }) =>
        wanted === 'store' && !lossy && bitsAllocated !== 1 && decodedSha256 && !decodersDisagree && sopUid,
    );
    const bySyntax = new Map(
      usable
        .filter(({ frames = 1 }) => frames <= 1_000)
        .reverse()
        .map((file) => [file.transferSyntax?.uid, file]),
    );
    const taken = new Set<unknown>();
    const wrong: string[] = [];
    for (const file of bySyntax.values()) {
      if (taken.has(file.sopUid)) await wetread.sql('TRUNCATE study, series, instance, work');
      taken.add(file.sopUid);
      const { stored } = await wetread.store(readFileSync(new URL(`dicom/${file.path}`, shared)));
      const list = Array.from({ length: file.frames ?? 1 }, (_, i) => i + 1).join(',');
      const answer = await fetch(`${stored[0].retrieveUrl}/frames/${list}`, { headers: { accept: OCTETS } });
      if (answer.status !== 200) wrong.push(`${file.path}: ${answer.status}`);
      else if (sha256(Buffer.concat((await partsOf(answer)).map(({ bytes }) => bytes))) !== file.decodedSha256)
        wrong.push(`${file.path}: other samples`);
    }
    console.info(`frames of ${bySyntax.size} transfer syntaxes: ${[...bySyntax.keys()].join(' ')}`);
    expect(wrong).toEqual([]);
    expect(bySyntax.size).toBeGreaterThanOrEqual(9);
  },
);

describe('A list of very many frames', () => {
  const many = inRle(aChestXray({ ...EIGHT_BITS, NumberOfFrames: 1_500 }, { pixelData: Buffer.alloc(1_500 * 80, 7) }), 80);
  const listed = Array.from({ length: 1_500 }, (_, i) => 1_500 - i).join(',');

  it('is answered in its order, as stored and decoded', async () => {
    await wetread.store(many.bytes);
    for (const accept of [`${OCTETS}; transfer-syntax=*`, OCTETS])
      expect(await partsOf(await wetread.fetch(`${many.path}/frames/${listed}`, { headers: { accept } }))).toHaveLength(1_500);
    expect((await wetread.fetch(`${many.path}/frames/${listed},1501`, { headers: { accept: OCTETS } })).status).toBe(404);
  });
});
