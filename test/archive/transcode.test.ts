import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PixelDescriptions } from '../../src/archive/pixel-descriptions.js';
import { Pixels } from '../../src/archive/pixels.js';
import { DiskStorage } from '../../src/archive/storage/disk.js';
import { Transcode } from '../../src/archive/transcode.js';
import type { DicomJson } from '../../src/dicom/dicom-json.js';
import { storedValues, type StoredValues } from '../../src/dicom/stored-values.js';
import { sampleCount, type DecodedFrame } from '../../src/pixels/decoded-frame.js';
import { PixelPool } from '../../src/pixels/pixel-pool.js';
import { corpusFile, corpusIsHere, readInstance } from '../pixels/corpus.js';
import { aStoredFile, retrieveOf } from './a-stored-file.js';

const SYNTAXES = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  'JPEG lossless': '1.2.840.10008.1.2.4.70',
  'JPEG-LS': '1.2.840.10008.1.2.4.80',
  'JPEG 2000': '1.2.840.10008.1.2.4.90',
  HTJ2K: '1.2.840.10008.1.2.4.201',
  'HTJ2K RPCL': '1.2.840.10008.1.2.4.202',
  RLE: '1.2.840.10008.1.2.5',
  'deflated frames': '1.2.840.10008.1.2.8.1',
} as const;
type Name = keyof typeof SYNTAXES;

/** A file of each kind of pixels. */
const FILES: readonly (readonly [kind: string, path: string])[] = [
  ['16 bits, signed', 'demo/ct-chest/ct20.dcm'],
  ['an icon and overlays beside the image', 'pydicom/examples_overlay.dcm'],
  ['big endian', 'pydicom/MR_small_bigendian.dcm'],
  ['big endian, its last sample behind the padding', 'pydicom/SC_rgb_small_odd_big_endian.dcm'],
  ['deflated', 'pydicom/image_dfl.dcm'],
  ['RLE, palette, many frames', 'sop/us-palette-rle-10frames.dcm'],
  ['RGB by plane', 'pydicom/examples_rgb_color.dcm'],
  ['JPEG 2000 colour', 'pydicom/examples_jpeg2k.dcm'],
  ['JPEG Baseline, YBR 4:2:2 inside', 'ts/color/TestPattern_JPEG-Baseline_YBR422.dcm'],
];

const folder = mkdtempSync(join(tmpdir(), 'wetread-transcode-'));
const storage = new DiskStorage(folder, 0);
let pool: PixelPool;
let transcode: Transcode;
beforeAll(() => {
  pool = new PixelPool({ threads: 2, queueLimit: 100, timeLimitMilliseconds: 20_000 });
  transcode = new Transcode(storage, pool, new PixelDescriptions(retrieveOf(storage)));
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true });
});

async function transcoded(file: Buffer, target: Name): Promise<Buffer> {
  const bytes: Uint8Array[] = [];
  const written = await transcode.file(await aStoredFile(storage, file), SYNTAXES[target]);
  for await (const piece of written.bytes) bytes.push(piece);
  if (written.length !== undefined) expect(bytes.reduce((sum, { length }) => sum + length, 0)).toBe(written.length);
  return Buffer.concat(bytes);
}

const sha256 = (values: StoredValues): string => createHash('sha256').update(values).digest('hex');

/** A digest of every frame's stored values, and what they are. */
async function valuesOf(file: Buffer): Promise<{ values: string[]; photometricInterpretation: string }> {
  const instance = await readInstance(file);
  const frames: DecodedFrame[] = [];
  for (let n = 1; n <= instance.numberOfFrames; n++) {
    const job = instance.job(n);
    if (job !== undefined) frames.push(await pool.decode(job));
  }
  return {
    values: frames.map((frame) => sha256(storedValues(frame.bytes, frame, sampleCount(frame)))),
    photometricInterpretation: frames[0].photometricInterpretation,
  };
}

/** What a change of transfer syntax may change. */
const ENCODING = new Set(['00080005', '00280004', '00280006', '00280102', '00282110', '7FE00001', '7FE00002', '7FE00010']);
const otherAttributes = (dataset: DicomJson): DicomJson => Object.fromEntries(Object.entries(dataset).filter(([at]) => !ENCODING.has(at)));

(corpusIsHere ? describe : describe.skip)('A file in another transfer syntax (PS3.18 8.7.3)', () => {
  const asked = FILES.flatMap(([kind, path]) => (Object.keys(SYNTAXES) as Name[]).map((name) => [kind, name, path] as const));

  it.each(asked)('holds the very values and attributes: %s as %s', async (_, target, path) => {
    const file = corpusFile(path);
    const answer = await transcoded(file, target);
    const [before, after] = [await readInstance(file), await readInstance(answer)];
    expect(after.part10.transferSyntaxUID).toBe(SYNTAXES[target]);
    expect(answer.length % 2).toBe(0);
    expect(await valuesOf(answer)).toEqual(await valuesOf(file));
    if (target !== 'implicit') expect(otherAttributes(after.part10.dataset)).toEqual(otherAttributes(before.part10.dataset));
    expect(after.part10.warnings).toEqual([]);
  });

  it('keeps an icon in fragments where it can be, and leaves it out where it cannot (PS3.3 C.7.6.1.1.6)', async () => {
    const file = corpusFile('demo/mammo/mg-12bit.dcm');
    const before = await readInstance(file);
    const same = await readInstance(await transcoded(file, 'JPEG lossless'));
    expect(otherAttributes(same.part10.dataset)).toEqual(otherAttributes(before.part10.dataset));
    const { '00880200': _icon, '07A310CE': _privateIcon, ...rest } = otherAttributes(before.part10.dataset);
    const answer = await transcoded(file, 'explicit');
    expect(otherAttributes((await readInstance(answer)).part10.dataset)).toEqual(rest);
    expect(await valuesOf(answer)).toEqual(await valuesOf(file));
  });

  it.each<[string, string, Name, string]>([
    ['single bits', 'pydicom/liver_1frame.dcm', 'JPEG-LS', 'unsupported-pixels'],
    ['floating point', 'sop/parametric-map-float32.dcm', 'RLE', 'unsupported-pixels'],
    ['an object without image', 'highdicom/sr_document.dcm', 'JPEG 2000', 'no-pixel-data'],
    ['frames that are not all there', 'synthetic/mf-nframes-too-many.dcm', 'RLE', 'corrupt-frame'],
  ])('refuses what would not be the same object: %s', async (_, path, target, code) => {
    await expect(transcoded(corpusFile(path), target)).rejects.toMatchObject({ code });
  });

  it('makes no lossy copy: that would be another instance (PS3.3 C.7.6.1.1.5)', async () => {
    const row = await aStoredFile(storage, corpusFile('pydicom/examples_rgb_color.dcm'));
    await expect(transcode.file(row, '1.2.840.10008.1.2.4.50')).rejects.toMatchObject({ code: 'unsupported-transfer-syntax' });
    expect(Transcode.offers('1.2.840.10008.1.2.4.50')).toBe(false);
  });

  it('gives single frames in another transfer syntax, and the stored bytes in their own', async () => {
    const row = await aStoredFile(storage, corpusFile('sop/us-palette-rle-10frames.dcm'));
    const pixels = new Pixels(retrieveOf(storage), pool, new PixelDescriptions(retrieveOf(storage)));
    const instance = await readInstance(corpusFile('sop/us-palette-rle-10frames.dcm'));
    const stored = instance.job(7);
    if (stored === undefined) throw new Error('the file has no such frame');
    const described = stored.pixels;
    expect(Buffer.from(await pixels.transcodeFrame(row, 7, SYNTAXES.RLE))).toEqual(Buffer.from(stored.frame));
    const asJpegLs = await pixels.transcodeFrame(row, 7, SYNTAXES['JPEG-LS']);
    const again = await pool.decode({ pixels: { ...described, transferSyntaxUID: SYNTAXES['JPEG-LS'] }, frame: asJpegLs });
    const native = await pixels.transcodeFrame(row, 7, SYNTAXES.explicit);
    expect(sha256(again.bytes)).toBe(sha256(native));
    await expect(pixels.transcodeFrame(row, 11, SYNTAXES['JPEG-LS'])).rejects.toMatchObject({ code: 'not-in-archive' });
  });
});
