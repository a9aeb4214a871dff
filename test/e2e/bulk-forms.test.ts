import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { bytesOf as corpusBytes, corpus, onCorpus } from '../dicom/corpus.js';
import { aChestXray, bytesRamp, deflated, inRle, newUid, sha256, type TestInstance } from './instances.js';
import { partsOf, type ReceivedPart } from './multipart.js';
import { Wetread } from './wetread.js';

const EIGHT_BITS = { BitsAllocated: 8, BitsStored: 8, HighBit: 7, WindowCenter: 128, WindowWidth: 256 };
const OCTETS = 'application/octet-stream';
const [NATIVE, RLE, JLS] = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.4.80'];
const inParts = (type: string, transferSyntax?: string): string =>
  `multipart/related; type="${type}"${transferSyntax === undefined ? '' : `; transfer-syntax=${transferSyntax}`}`;

const icon = Buffer.alloc(3_000, 7);
const study = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid() };
const rle = inRle(aChestXray({ ...EIGHT_BITS, ...study, NumberOfFrames: 3 }, { pixelData: bytesRamp(240) }), 80);
const native = aChestXray({ ...study, InstanceNumber: 2, NumberOfFrames: 2, RedPaletteColorLookupTableData: icon });
const packed = deflated(aChestXray());
const single = inRle(aChestXray(EIGHT_BITS, { pixelData: bytesRamp(80) }), 80);

let wetread: Wetread;
beforeAll(async () => {
  wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600' });
  const { status } = await wetread.store(rle.bytes, native.bytes, single.bytes, packed.bytes);
  if (status !== 200) throw new Error(`the instances to ask for were not stored: ${status}`);
});
afterAll(() => wetread.remove());

const get = (path: string, accept?: string): Promise<Response> => wetread.fetch(path, accept === undefined ? {} : { headers: { accept } });
const typesOf = (parts: readonly ReceivedPart[]): string[] => parts.map(({ headers }) => headers['content-type']);
const bytesOf = (parts: readonly ReceivedPart[]): Buffer[] => parts.map(({ bytes }) => bytes);
/** What frames/{list} gives of the same instance in the same form. */
const framesOf = async ({ path }: TestInstance, list: string, accept: string): Promise<Buffer[]> =>
  bytesOf(await partsOf(await get(`${path}/frames/${list}`, accept)));
const problemOf = async (answer: Response) => {
  const { code, acceptable } = (await answer.json()) as { code: string; acceptable?: string[] };
  return { refusal: [answer.status, code], acceptable };
};

describe.each(['bulkdata/7FE00010', 'bulkdata', 'pixeldata'])('The pixel data of an instance at %s (PS3.18 8.7.3)', (what) => {
  it('are native samples in one part unless something else is asked for', async () => {
    for (const accept of [inParts(OCTETS), inParts(OCTETS, NATIVE), 'multipart/related']) {
      const parts = await partsOf(await get(`${rle.path}/${what}`, accept));
      expect([typesOf(parts), bytesOf(parts)]).toEqual([[`${OCTETS}; transfer-syntax=${NATIVE}`], [rle.pixelData]]);
    }
  });

  it.each<[string, string]>([
    [inParts(OCTETS, '*'), OCTETS],
    [inParts(OCTETS, RLE), OCTETS],
    [inParts('image/dicom-rle'), 'image/dicom-rle'],
    [inParts('image/dicom-rle', RLE), 'image/dicom-rle'],
    [inParts('image/dicom-rle', '*'), 'image/dicom-rle'],
  ])('are the stored frames, a part each, for %s', async (accept, type) => {
    const answer = await get(`${rle.path}/${what}`, accept);
    expect(answer.headers.get('content-type')).toContain(`multipart/related; type="${type}"`);
    const parts = await partsOf(answer);
    expect(typesOf(parts)).toEqual(Array.from({ length: 3 }, () => `${type}; transfer-syntax=${RLE}`));
    expect(bytesOf(parts)).toEqual(await framesOf(rle, '1,2,3', inParts(OCTETS, '*')));
    for (const { headers } of parts) expect(headers['content-location']).toBe(`${wetread.url}${rle.path}/bulkdata/7FE00010`);
  });

  it.each([
    ['image/jls', JLS],
    ['image/jpeg', '1.2.840.10008.1.2.4.70'],
    ['image/jp2', '1.2.840.10008.1.2.4.90'],
    ['image/jphc', '1.2.840.10008.1.2.4.201'],
  ])('are transcoded to %s, a part a frame, compressed or not as they are stored', async (type, transferSyntax) => {
    for (const [instance, list] of [
      [rle, '1,2,3'],
      [native, '1,2'],
    ] as const)
      for (const accept of [inParts(type), inParts(type, transferSyntax)]) {
        const parts = await partsOf(await get(`${instance.path}/${what}`, accept));
        expect(new Set(typesOf(parts))).toEqual(new Set([`${type}; transfer-syntax=${transferSyntax}`]));
        expect(bytesOf(parts)).toEqual(await framesOf(instance, list, inParts(type, transferSyntax)));
      }
  });

  it('go by quality, and by the next form where the best cannot be had', async () => {
    const weighed = await partsOf(await get(`${rle.path}/${what}`, `${inParts(OCTETS)};q=0.3, ${inParts('image/jls')}`));
    expect(new Set(typesOf(weighed))).toEqual(new Set([`image/jls; transfer-syntax=${JLS}`]));
    const next = await partsOf(await get(`${native.path}/${what}`, `${inParts('image/jxl')}, ${inParts(OCTETS)};q=0.1`));
    expect(typesOf(next)).toContain(`${OCTETS}; transfer-syntax=${NATIVE}`);
  });

  it.each([
    'image/png',
    inParts('video/mp4'),
    inParts('image/dicom-rle', JLS),
    inParts(OCTETS, JLS), // octets are native samples or what is stored (table 8.7.3-5)
    `${inParts(OCTETS)};q=0`,
  ])('are 406, with what would do, for %s', async (accept) => {
    const { refusal, acceptable } = await problemOf(await get(`${rle.path}/${what}`, accept));
    expect(refusal).toEqual([406, 'not-acceptable']);
    expect(acceptable).toEqual(expect.arrayContaining([inParts(OCTETS, '*'), expect.stringContaining(inParts('image/jls', JLS))]));
  });

  it('are 406 where such pixels cannot be written so', async () => {
    const { refusal } = await problemOf(await get(`${native.path}/${what}`, inParts('image/jpeg', '1.2.840.10008.1.2.4.50'))); // 12 bits
    expect(refusal).toEqual([406, 'unsupported-pixels']);
  });
});

describe('A bulk value by its URI', () => {
  it('comes without multipart where that is asked for: native samples, or the one frame there is', async () => {
    const samples = await get(`${rle.path}/bulkdata/7FE00010`, OCTETS);
    expect(samples.headers.get('content-type')).toBe(`${OCTETS}; transfer-syntax=${NATIVE}`);
    expect(Buffer.from(await samples.arrayBuffer())).toEqual(rle.pixelData);
    for (const [accept, transferSyntax] of [
      [`${OCTETS}; transfer-syntax=*`, RLE],
      ['image/jls', JLS],
    ]) {
      const frame = await get(`${single.path}/bulkdata/7FE00010`, accept);
      expect([frame.status, frame.headers.get('content-type')]).toEqual([
        200,
        `${accept.split(';')[0]}; transfer-syntax=${transferSyntax}`,
      ]);
      const [expected] = await framesOf(single, '1', inParts(accept.split(';')[0], transferSyntax));
      expect(Buffer.from(await frame.arrayBuffer())).toEqual(expected);
      expect((await problemOf(await get(`${rle.path}/bulkdata/7FE00010`, accept))).refusal).toEqual([406, 'not-acceptable']); // three frames are not one
    }
  });

  it('is octets where it is no pixel data, whatever transfer syntax is asked for', async () => {
    const uri = `${native.path}/bulkdata/00281201`;
    for (const accept of [undefined, OCTETS, `${OCTETS}; transfer-syntax=*`, `${OCTETS}; transfer-syntax=${JLS}`]) {
      const answer = await get(uri, accept);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, OCTETS]);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(icon);
    }
    expect((await problemOf(await get(uri, inParts('image/jls')))).refusal).toEqual([406, 'not-acceptable']);
  });
});

it('Of all bulk data only those are given that can be in the form asked for, at any level', async () => {
  const whole = rle.path.replace(/\/series.*/, '');
  for (const what of ['bulkdata', 'pixeldata']) {
    const parts = await partsOf(await get(`${whole}/${what}`, inParts('image/jls')));
    expect(typesOf(parts)).toEqual(Array.from({ length: 5 }, () => `image/jls; transfer-syntax=${JLS}`));
  }
  const all = await partsOf(await get(`${whole}/bulkdata`));
  expect(typesOf(all).sort()).toEqual([OCTETS, ...Array.from({ length: 2 }, () => `${OCTETS}; transfer-syntax=${NATIVE}`)]);
});

const shared = (name: string): URL => new URL(`../../../../shared/dicom/${name}`, import.meta.url);
const VIDEO = shared('synthetic/video-mpeg4-25frames.dcm');
const JPEG = shared('synthetic/ybr422-jpeg-baseline.dcm');
const present = existsSync(VIDEO) && existsSync(JPEG);
if (!present) console.warn('../shared is absent: the tests of the bulk data of video and JPEG are skipped');

(present ? describe : describe.skip)('Files of ../shared', () => {
  const storedAt = async (file: URL): Promise<string> => new URL((await wetread.store(readFileSync(file))).stored[0].retrieveUrl).pathname;

  it('give a video as it is stored, by default and by its media type, in no other', async () => {
    const path = await storedAt(VIDEO);
    const [stored] = await partsOf(await get(`${path}/pixeldata`));
    const transferSyntax = /transfer-syntax=([\d.]+)/.exec(stored.headers['content-type'])?.[1];
    expect(readFileSync(VIDEO).includes(stored.bytes)).toBe(true);
    for (const accept of [inParts('video/mp4', transferSyntax), inParts('video/mp4', '*'), inParts('video/*', '*')]) {
      const parts = await partsOf(await get(`${path}/pixeldata`, accept));
      expect([typesOf(parts), bytesOf(parts)]).toEqual([[`video/mp4; transfer-syntax=${transferSyntax}`], [stored.bytes]]);
    }
    const alone = await wetread.fetch(`${path}/bulkdata/7FE00010`, {
      headers: { accept: 'video/mp4; transfer-syntax=*', range: 'bytes=4-7' },
    });
    expect([alone.status, alone.headers.get('content-type'), await alone.text()]).toEqual([
      206,
      `video/mp4; transfer-syntax=${transferSyntax}`,
      'ftyp',
    ]);
    for (const accept of [inParts('image/jls'), inParts('video/mpeg2', '*'), inParts(OCTETS, NATIVE)])
      expect((await problemOf(await get(`${path}/pixeldata`, accept))).refusal).toEqual([406, 'not-acceptable']);
  });

  it('give a JPEG as it is stored where its transfer syntax is named, or any image will do', async () => {
    const path = await storedAt(JPEG);
    const baseline = '1.2.840.10008.1.2.4.50';
    for (const accept of [inParts('image/jpeg', baseline), inParts(OCTETS, baseline), inParts('image/jpeg', '*')]) {
      const [frame] = await partsOf(await get(`${path}/bulkdata/7FE00010`, accept));
      expect([frame.headers['content-type'].split('=')[1], readFileSync(JPEG).includes(frame.bytes)]).toEqual([baseline, true]);
    }
    const any = await get(`${path}/bulkdata/7FE00010`, 'image/*');
    expect(any.headers.get('content-type')).toBe(`image/jpeg; transfer-syntax=${baseline}`);
  });
});

describe('Samples that are decoded on their way out (RFC 9110 14)', () => {
  const uri = `${rle.path}/bulkdata/7FE00010`;

  it('have their length, and are had in part: any range of them, across frames too', async () => {
    const whole = await get(uri, OCTETS);
    expect([whole.headers.get('content-length'), whole.headers.get('accept-ranges')]).toEqual([String(rle.pixelData.length), 'bytes']);
    expect(Buffer.from(await whole.arrayBuffer()).equals(rle.pixelData)).toBe(true);
    for (const [asked, start, end] of [
      ['bytes=0-0', 0, 1],
      ['bytes=70-170', 70, 171],
      ['bytes=80-159', 80, 160],
      ['bytes=-3', 237, 240],
      ['bytes=160-', 160, 240],
    ] as const) {
      const part = await wetread.fetch(uri, { headers: { accept: OCTETS, range: asked } });
      expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end - 1}/240`]);
      expect(Buffer.from(await part.arrayBuffer()).equals(rle.pixelData.subarray(start, end))).toBe(true);
    }
    const behind = await wetread.fetch(uri, { headers: { accept: OCTETS, range: 'bytes=240-' } });
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, 'bytes */240']);
  });

  it('have them where the file is deflated, too', async () => {
    const part = await wetread.fetch(`${packed.path}/bulkdata/7FE00010`, { headers: { accept: OCTETS, range: 'bytes=5-10' } });
    expect([part.status, part.headers.get('content-length')]).toEqual([206, '6']);
    expect(Buffer.from(await part.arrayBuffer()).equals(packed.pixelData.subarray(5, 11))).toBe(true);
  });
});

describe('Pixels of one bit whose frames are no whole bytes (PS3.5 8.1.1)', () => {
  const path = 'ts/deflated-frame-1bit-seg.dcm'; // 3 frames of 510 × 510
  onCorpus('are one stream of bits as bulk data, without a gap between frames', async () => {
    const { decodedSha256 } = corpus.find((file) => file.path === path) ?? {};
    const { stored } = await wetread.store(corpusBytes(path));
    const at = new URL(stored[0].retrieveUrl).pathname;
    const whole = await get(`${at}/bulkdata/7FE00010`, OCTETS);
    expect(whole.headers.get('content-length')).toBe('97538');
    expect(sha256(Buffer.from(await whole.arrayBuffer()))).toBe(decodedSha256);
    const [part] = await partsOf(await get(`${at}/pixeldata`, inParts(OCTETS)));
    expect(sha256(part.bytes)).toBe(decodedSha256);
  });
});

describe('A transfer syntax that nothing is written in (PS3.18 8.7.6)', () => {
  it.each(['frames/1', 'bulkdata/7FE00010', 'pixeldata'])('is 406 with what would do: %s', async (what) => {
    const { refusal, acceptable } = await problemOf(await get(`${native.path}/${what}`, inParts('image/jpx')));
    expect(refusal).toEqual([406, 'not-acceptable']);
    expect(acceptable?.length).toBeGreaterThan(5);
  });
});
