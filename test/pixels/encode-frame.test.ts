import { describe, expect, it } from '@jest/globals';
import { storedValues } from '../../src/dicom/stored-values.js';
import { decodeFrame } from '../../src/pixels/decode-frame.js';
import { sampleCount, type DecodedFrame } from '../../src/pixels/decoded-frame.js';
import { encodeFrame } from '../../src/pixels/encode-frame.js';
import { transcodeFrame } from '../../src/pixels/transcode-frame.js';
import { greyPixels } from './images.js';

const LOSSLESS = {
  'JPEG lossless': '1.2.840.10008.1.2.4.70',
  'JPEG-LS': '1.2.840.10008.1.2.4.80',
  'JPEG 2000': '1.2.840.10008.1.2.4.90',
  HTJ2K: '1.2.840.10008.1.2.4.201',
  RLE: '1.2.840.10008.1.2.5',
  'deflated frame': '1.2.840.10008.1.2.8.1',
} as const;
const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';

type Given = Pick<DecodedFrame, 'rows' | 'columns' | 'bitsStored' | 'pixelRepresentation'> & { samplesPerPixel?: 1 | 3; junk?: boolean };

/** Values that leap between the ends of their range, lie still, and run; the same each time. */
function aFrame({ rows, columns, bitsStored, pixelRepresentation, samplesPerPixel = 1, junk = false }: Given): DecodedFrame {
  const bitsAllocated = bitsStored > 8 ? 16 : 8;
  const count = rows * columns * samplesPerPixel;
  const cells = bitsAllocated === 16 ? new Uint16Array(count) : new Uint8Array(count);
  let seed = 7;
  for (let i = 0; i < count; i++) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    const value = i % 64 < 20 ? 0 : i % 64 < 40 ? seed >>> 12 : i % 64 < 50 ? 2 ** bitsStored - 1 : i;
    const masked = value & (2 ** bitsStored - 1);
    const negative = pixelRepresentation === 1 && masked >= 2 ** (bitsStored - 1);
    cells[i] = junk ? masked | (1 << bitsStored) : negative ? masked - 2 ** bitsStored : masked;
  }
  return {
    bytes: new Uint8Array(cells.buffer),
    rows,
    columns,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit: bitsStored - 1,
    pixelRepresentation,
    sampleForm: 'integer',
    photometricInterpretation: samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2',
  };
}

async function thereAndBack(frame: DecodedFrame, transferSyntaxUID: string) {
  const encoded = await encodeFrame(frame, transferSyntaxUID);
  const { photometricInterpretation, highBit } = encoded;
  const pixels = greyPixels({ ...frame, transferSyntaxUID, photometricInterpretation, highBit });
  return { encoded, decoded: await decodeFrame(encoded.bytes, pixels) };
}

const valuesOf = (frame: DecodedFrame) => [...storedValues(frame.bytes, frame, sampleCount(frame))];

describe('Frames in another transfer syntax', () => {
  const kinds: Given[] = [8, 10, 12, 16].flatMap((bitsStored) => [
    { rows: 33, columns: 47, bitsStored, pixelRepresentation: 0 as const },
    ...(bitsStored > 8 ? [{ rows: 33, columns: 47, bitsStored, pixelRepresentation: 1 as const }] : []),
  ]);
  const odd: Given[] = [
    { rows: 2, columns: 300, bitsStored: 12, pixelRepresentation: 1 },
    { rows: 300, columns: 2, bitsStored: 8, pixelRepresentation: 0 },
    { rows: 20, columns: 31, bitsStored: 8, pixelRepresentation: 0, samplesPerPixel: 3 },
  ];
  const cases = Object.entries(LOSSLESS).flatMap(([name, uid]) => [...kinds, ...odd].map((given) => ({ ...given, name, uid })));

  it.each(cases)('are the very values: $name, $bitsStored bits, sign $pixelRepresentation, $rows × $columns', async ({ uid, ...given }) => {
    const frame = aFrame(given);
    const { encoded, decoded } = await thereAndBack(frame, uid);
    expect(valuesOf(decoded)).toEqual(valuesOf(frame));
    expect(decoded.photometricInterpretation).toBe(frame.photometricInterpretation);
    expect(encoded.lossy).toBe(false);
    expect(encoded.bytes.length % 2).toBe(0);
  });

  it.each(Object.entries(LOSSLESS))('lose nothing to bits that are not stored: %s', async (_, uid) => {
    const frame = aFrame({ rows: 9, columns: 9, bitsStored: 12, pixelRepresentation: 0, junk: true });
    expect(valuesOf((await thereAndBack(frame, uid)).decoded)).toEqual(valuesOf(frame));
  });

  it.each(Object.entries(LOSSLESS))('are right or refused where a frame is one row, one column or one pixel: %s', async (name, uid) => {
    for (const [rows, columns] of [
      [1, 300],
      [300, 1],
      [1, 1],
    ]) {
      const frame = aFrame({ rows, columns, bitsStored: 8, pixelRepresentation: 0 });
      const pixels = greyPixels({ rows, columns });
      const transcoded = transcodeFrame({ frame: frame.bytes, pixels, targetTransferSyntaxUID: uid });
      if (name === 'HTJ2K') await expect(transcoded).rejects.toMatchObject({ code: 'unsupported-pixels' });
      else expect(valuesOf(await decodeFrame((await transcoded).bytes, { ...pixels, transferSyntaxUID: uid }))).toEqual(valuesOf(frame));
    }
  });

  it('say what a JPEG 2000 codec did to their colour (PS3.5 8.2.4)', async () => {
    const rgb = aFrame({ rows: 16, columns: 16, bitsStored: 8, pixelRepresentation: 0, samplesPerPixel: 3 });
    for (const uid of [LOSSLESS['JPEG 2000'], LOSSLESS.HTJ2K])
      expect((await encodeFrame(rgb, uid)).photometricInterpretation).toBe('YBR_RCT');
    for (const uid of [LOSSLESS['JPEG-LS'], LOSSLESS['JPEG lossless'], LOSSLESS.RLE])
      expect((await encodeFrame(rgb, uid)).photometricInterpretation).toBe('RGB');
  });

  it('are JPEG Baseline only where they have 8 bits by themselves, and say that it is lossy', async () => {
    const bytes = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i % 64) * 2 + (i >> 6));
    const smooth = { ...aFrame({ rows: 64, columns: 64, bitsStored: 8, pixelRepresentation: 0 }), bytes };
    const { encoded, decoded } = await thereAndBack(smooth, JPEG_BASELINE);
    expect(encoded.lossy).toBe(true);
    expect(Math.max(...decoded.bytes.map((value, i) => Math.abs(value - smooth.bytes[i])))).toBeLessThanOrEqual(3);
    const deep = aFrame({ rows: 64, columns: 64, bitsStored: 12, pixelRepresentation: 0 });
    await expect(encodeFrame(deep, JPEG_BASELINE)).rejects.toMatchObject({ code: 'unsupported-pixels', status: 406 });
  });

  it.each([
    ['single bits', { bitsAllocated: 1, bitsStored: 1, highBit: 0 }],
    ['32 bits', { bitsAllocated: 32, bitsStored: 32, highBit: 31 }],
    ['floating point', { bitsAllocated: 32, bitsStored: 32, highBit: 31, sampleForm: 'float' }],
    ['halved chroma', { samplesPerPixel: 3, photometricInterpretation: 'YBR_FULL_422' }],
  ] as const)('are refused by codecs of whole samples: %s', async (_, given) => {
    const frame = { ...aFrame({ rows: 8, columns: 8, bitsStored: 8, pixelRepresentation: 0 }), ...given };
    for (const name of ['JPEG lossless', 'JPEG-LS', 'JPEG 2000', 'HTJ2K'] as const)
      await expect(encodeFrame(frame, LOSSLESS[name])).rejects.toMatchObject({ code: 'unsupported-pixels', status: 406 });
  });
});
