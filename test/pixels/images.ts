import type { ImagePixels } from '../../src/dicom/image-pixels.js';
import type { DecodeJob } from '../../src/pixels/pixel-job.js';

/** A description of 8-bit grey, 4 × 4, native little endian, with what the test says. */
export function greyPixels(given: Partial<ImagePixels> = {}): ImagePixels {
  return {
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    pixelDataVR: 'OB',
    rows: 4,
    columns: 4,
    samplesPerPixel: 1,
    photometricInterpretation: 'MONOCHROME2',
    planarConfiguration: 0,
    numberOfFrames: 1,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    pixelRepresentation: 0,
    sampleForm: 'integer',
    modality: { kind: 'rescale', rescaleSlope: 1, rescaleIntercept: 0 },
    voi: { windows: [], voiLutFunction: 'LINEAR', tables: [] },
    presentationLutShape: 'IDENTITY',
    ...given,
  };
}

/** A native frame of one value. */
export const aGreyImage = ({ value = 5 } = {}): DecodeJob => ({
  pixels: greyPixels(),
  frame: new Uint8Array(16).fill(value),
});

/** 12-bit JPEG of 8,192 × 8,192 in which every block is empty, two bits each: a small frame, seconds of inverse DCT. */
export function aSlowJob(): DecodeJob {
  const [rows, columns] = [8192, 8192];
  const oneCodeOfValue0 = [1, ...new Array<number>(15).fill(0), 0];
  const headers = [
    [0xff, 0xd8],
    [0xff, 0xdb, 0, 67, 0, ...new Array<number>(64).fill(1)],
    [0xff, 0xc1, 0, 11, 12, rows >> 8, rows & 0xff, columns >> 8, columns & 0xff, 1, 1, 0x11, 0],
    [0xff, 0xc4, 0, 20, 0x00, ...oneCodeOfValue0],
    [0xff, 0xc4, 0, 20, 0x10, ...oneCodeOfValue0],
    [0xff, 0xda, 0, 8, 1, 1, 0x00, 0, 63, 0],
  ];
  const frame = Buffer.concat([Uint8Array.from(headers.flat()), Buffer.alloc((rows * columns * 2) / 64 / 8), Uint8Array.of(0xff, 0xd9)]);
  const cells = { bitsAllocated: 16, bitsStored: 12, highBit: 11 };
  return { pixels: greyPixels({ rows, columns, transferSyntaxUID: '1.2.840.10008.1.2.4.51', ...cells }), frame };
}
