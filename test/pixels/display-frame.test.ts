import { describe, expect, it } from '@jest/globals';
import type { ImagePixels } from '../../src/dicom/image-pixels.js';
import { decodeFrame } from '../../src/pixels/decode-frame.js';
import { displayFrame } from '../../src/pixels/display-frame.js';
import { UnsupportedPixels } from '../../src/pixels/faults.js';
import { greyPixels } from './images.js';

/** The display of a row of native 8-bit samples. */
async function shown(samples: readonly number[], given: Partial<ImagePixels> = {}): Promise<number[]> {
  const pixels = greyPixels({ rows: 1, columns: samples.length / (given.samplesPerPixel ?? 1), ...given });
  const frame = await decodeFrame(Uint8Array.from(samples), pixels);
  return Array.from(displayFrame(frame, pixels).bytes);
}
const voi = (given: Partial<ImagePixels['voi']>): Pick<ImagePixels, 'voi'> => ({
  voi: { windows: [], voiLutFunction: 'LINEAR', tables: [], ...given },
});
const colour = (photometricInterpretation: string) => ({ samplesPerPixel: 3, photometricInterpretation });

describe('a monochrome frame on display', () => {
  it('spans least to greatest where nothing else is said', async () => {
    expect(await shown([10, 20, 30])).toEqual([0, 128, 255]);
  });

  it('keeps padding out of that range', async () => {
    expect(await shown([0, 10, 20, 30], { padding: { low: 0, high: 5 } })).toEqual([0, 0, 128, 255]);
    expect(await shown([0, 0], { padding: { low: 0, high: 5 } })).toEqual([0, 0]);
  });

  it('goes by the first window, in the unit that the Modality LUT puts out', async () => {
    const modality = { kind: 'rescale', rescaleSlope: 2, rescaleIntercept: -100 } as const;
    const windows = [
      { windowCenter: 0.5, windowWidth: 101 },
      { windowCenter: 9, windowWidth: 9 },
    ];
    expect(await shown([25, 50, 75], { modality, ...voi({ windows }) })).toEqual([0, 128, 255]);
  });

  it('passes over a window too narrow to mean anything: then its VOI LUT, then its range', async () => {
    const windows = [{ windowCenter: 10, windowWidth: 0 }];
    const tables = [{ firstMapped: 10, bits: 8, entries: Uint16Array.of(255, 0) }];
    expect(await shown([10, 20, 30], voi({ windows }))).toEqual([0, 128, 255]);
    expect(await shown([10, 20], voi({ windows, tables }))).toEqual([255, 0]);
  });

  it('is inverted in MONOCHROME1 and with the Presentation LUT Shape INVERSE, not twice with both', async () => {
    const [one, inverse] = [{ photometricInterpretation: 'MONOCHROME1' }, { presentationLutShape: 'INVERSE' } as const];
    for (const given of [one, inverse, { ...one, ...inverse }]) expect(await shown([10, 20, 30], given)).toEqual([255, 127, 0]);
  });

  it('shows a segment of one bit as black and white, also where only one of them is there', async () => {
    const pixels = greyPixels({ rows: 1, columns: 8, bitsAllocated: 1, bitsStored: 1, highBit: 0 });
    const display = async (byte: number) => Array.from(displayFrame(await decodeFrame(Uint8Array.of(byte), pixels), pixels).bytes);
    expect(await display(0b0000_0101)).toEqual([255, 0, 255, 0, 0, 0, 0, 0]);
    expect(await display(0)).toEqual(new Array(8).fill(0));
    expect(await display(0xff)).toEqual(new Array(8).fill(255));
  });

  it('survives values that are no numbers in floating point pixels', async () => {
    const cells = {
      bitsAllocated: 32,
      bitsStored: 32,
      highBit: 31,
      pixelRepresentation: 1,
      sampleForm: 'float',
    } as const;
    const pixels = greyPixels({ rows: 1, columns: 4, pixelDataVR: 'OF', ...cells });
    const frame = await decodeFrame(new Uint8Array(Float32Array.of(NaN, -1, 1, Infinity).buffer), pixels);
    expect(Array.from(displayFrame(frame, pixels).bytes)).toEqual([0, 0, 255, 255]);
  });
});

describe('a colour frame on display (PS3.3 C.7.6.3.1.2)', () => {
  it('is RGB by pixel, whatever its planes were', async () => {
    expect(await shown([1, 4, 2, 5, 3, 6], { ...colour('RGB'), planarConfiguration: 1 })).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('turns YBR_FULL and YBR_FULL_422 into RGB', async () => {
    expect(await shown([76, 85, 255, 29, 255, 107], colour('YBR_FULL'))).toEqual([254, 0, 0, 0, 0, 254]);
    const pairs = greyPixels({ rows: 1, columns: 2, ...colour('YBR_FULL_422') });
    const frame = await decodeFrame(Uint8Array.of(0, 255, 128, 128), pairs);
    expect(Array.from(displayFrame(frame, pairs).bytes)).toEqual([0, 0, 0, 255, 255, 255]);
  });

  it('takes the upper eight bits of a 16-bit palette', async () => {
    const table = (...entries: number[]) => ({ firstMapped: 1, bits: 16, entries: Uint16Array.from(entries) });
    const palette = { red: table(0x1234, 0xff00), green: table(0, 0x80ff), blue: table(0xffff, 0) };
    expect(await shown([0, 1, 2, 9], { photometricInterpretation: 'PALETTE COLOR', palette })).toEqual([
      0x12, 0, 0xff, 0x12, 0, 0xff, 0xff, 0x80, 0, 0xff, 0x80, 0,
    ]);
  });

  it.each(['HSV', 'YBR_PARTIAL_422'])('refuses %s rather than show other colours', async (photometricInterpretation) => {
    await expect(shown([1, 2, 3], colour(photometricInterpretation))).rejects.toBeInstanceOf(UnsupportedPixels);
  });
});
