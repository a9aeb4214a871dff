import { describe, expect, it } from '@jest/globals';
import { storedImage } from '../../../src/inference/engines/decoded-image.js';
import type { EngineImage } from '../../../src/inference/engines/engine-messages.js';
import { ImageUnpreparable, WindowInvalid } from '../../../src/inference/preparation/faults.js';
import { displayImage } from '../../../src/inference/preparation/display-image.js';
import { anEvenImage } from '../tiny-models.js';

/** A row of 12-bit values in 16-bit cells. */
function aRow(values: readonly number[], pixels: Partial<EngineImage['pixels']>): EngineImage {
  const { frame, pixels: defaults } = anEvenImage(0, { voi: { windows: [], tables: [], voiLutFunction: 'LINEAR' } });
  const bytes = new Uint8Array(Uint16Array.from(values).buffer);
  return { frame: { ...frame, rows: 1, columns: values.length, bytes }, pixels: { ...defaults, ...pixels } };
}

const shown = (image: EngineImage) => Array.from(displayImage(storedImage(image), 1).values, (value) => Number(value.toFixed(6)));
const aWindow = { windowCenter: 500, windowWidth: 1000 };

describe('A decoded frame on its way to preparation', () => {
  it('loses the bits outside Bits Stored (PS3.5 8.1.1)', () => {
    expect(Array.from(storedImage(aRow([0xf00a, 0x000b], {})).samples)).toEqual([0x00a, 0x00b]);
  });

  it('is shown through the first window, in modality units', () => {
    const modality = { kind: 'rescale', rescaleSlope: 2, rescaleIntercept: -100 } as const;
    const voi = { windows: [aWindow, { windowCenter: 0, windowWidth: 1 }], tables: [], voiLutFunction: 'LINEAR' } as const;
    expect(shown(aRow([50, 300, 550, 4000], { modality, voi }))).toEqual([0, 0.5, 1, 1]);
  });

  it('is inverted once by MONOCHROME1, by Presentation LUT Shape INVERSE, and by both together', () => {
    const voi = { windows: [aWindow], tables: [], voiLutFunction: 'LINEAR' } as const;
    const plain = aRow([0, 250, 1000], { voi });
    const frame = { ...plain.frame, photometricInterpretation: 'MONOCHROME1' };
    const pixels = { ...plain.pixels, presentationLutShape: 'INVERSE' } as const;
    for (const image of [
      { ...plain, frame },
      { ...plain, pixels },
      { frame, pixels },
    ])
      expect(shown(image)).toEqual([1, 0.75, 0]);
  });

  it('is shown through the VOI LUT where there is no window (PS3.3 C.11.2.1.1)', () => {
    const table = { firstMapped: 10, entries: Uint16Array.of(0, 255, 1023), bits: 10 };
    const voi = { windows: [], tables: [table], voiLutFunction: 'LINEAR' } as const;
    expect(shown(aRow([0, 10, 11, 12, 4095], { voi }))).toEqual([0, 0, 0.249267, 1, 1]);
  });

  it('is shown through the curve of SIGMOID (PS3.3 C.11.2.1.3.1)', () => {
    const voi = { windows: [aWindow], tables: [], voiLutFunction: 'SIGMOID' } as const;
    expect(shown(aRow([500, 750, 250], { voi }))).toEqual([0.5, 0.731059, 0.268941]);
    const flat = { ...voi, windows: [{ windowCenter: 500, windowWidth: 0 }] };
    expect(() => shown(aRow([500], { voi: flat }))).toThrow(WindowInvalid);
  });

  it('is shown through SIGMOID and VOI LUT at 32 bits and in floating point too', () => {
    const { frame, pixels } = aRow([0, 0, 0], {});
    const form = { ...frame, bitsAllocated: 32, bitsStored: 32, highBit: 31 };
    const integers = { ...form, bytes: new Uint8Array(Uint32Array.of(0, 3_000_000_000, 4_000_000_000).buffer) };
    const floats = { ...form, sampleForm: 'float', bytes: new Uint8Array(Float32Array.of(-0.5, 0, 0.5).buffer) } as const;
    const sigmoid = (windowCenter: number, windowWidth: number) =>
      ({ windows: [{ windowCenter, windowWidth }], tables: [], voiLutFunction: 'SIGMOID' }) as const;
    expect(shown({ frame: integers, pixels: { ...pixels, voi: sigmoid(3e9, 4e9) } })).toEqual([0.047426, 0.5, 0.731059]);
    expect(shown({ frame: floats, pixels: { ...pixels, voi: sigmoid(0, 2) } })).toEqual([0.268941, 0.5, 0.731059]);
    const table = { firstMapped: 0, entries: Uint16Array.of(0, 255), bits: 8 };
    const voi = { windows: [], tables: [table], voiLutFunction: 'LINEAR' } as const;
    expect(shown({ frame: integers, pixels: { ...pixels, voi } })).toEqual([0, 1, 1]);
    expect(
      shown({ frame: { ...floats, bytes: new Uint8Array(Float32Array.of(-7, 0.4, 0.6).buffer) }, pixels: { ...pixels, voi } }),
    ).toEqual([0, 0, 1]);
  });

  it('is shown through the window that the model’s card names, or not at all', () => {
    const [soft, lung] = [
      { windowCenter: 50, windowWidth: 100, explanation: 'SOFT' },
      { windowCenter: 500, windowWidth: 1000, explanation: 'LUNG' },
    ];
    const image = aRow([0, 100, 1000], { voi: { windows: [soft, lung], tables: [], voiLutFunction: 'LINEAR' } });
    const through = (name?: string) => Array.from(displayImage(storedImage(image, name), 1).values);
    expect(through()).toEqual([0, 1, 1]);
    expect(through('LUNG')).toEqual([0, 0.1, 1]);
    expect(() => through('BONE')).toThrow(ImageUnpreparable);
  });

  it('knows the greatest value that its bits can hold', () => {
    const { frame, pixels } = aRow([0], {});
    expect(storedImage({ frame, pixels }).greatestStoredValue).toBe(4095);
    expect(storedImage({ frame: { ...frame, pixelRepresentation: 1 }, pixels }).greatestStoredValue).toBe(2047);
  });

  it('goes through the table of its Modality LUT (PS3.3 C.11.1)', () => {
    const modality = { kind: 'table', table: { firstMapped: 5, entries: Uint16Array.of(0, 500, 1000), bits: 16 } } as const;
    const voi = { windows: [aWindow], tables: [], voiLutFunction: 'LINEAR' } as const;
    expect(shown(aRow([0, 5, 6, 7, 9], { modality, voi }))).toEqual([0, 0, 0.5, 1, 1]);
  });

  it('keeps padding out of the range and shows it black', () => {
    expect(shown(aRow([0, 4000, 100, 200, 300], { padding: { low: 0, high: 10 } }))).toEqual([0, 1, 0, 0.025641, 0.051282]);
  });

  it('comes as RGB where it is in colour', () => {
    const { frame, pixels } = anEvenImage(0);
    const layout = { bitsAllocated: 8, bitsStored: 8, highBit: 7, samplesPerPixel: 3, rows: 1, columns: 1 };
    const image = { frame: { ...frame, ...layout, photometricInterpretation: 'YBR_FULL', bytes: Uint8Array.of(76, 85, 255) }, pixels };
    const { samples, photometricInterpretation } = storedImage(image);
    expect([photometricInterpretation, ...samples]).toEqual(['RGB', 254, 0, 0]); // red, PS3.3 C.7.6.3.1.2
  });

  it('is refused where bytes are missing: the missing pixels would be black', () => {
    const { frame, pixels } = anEvenImage(500);
    expect(() => storedImage({ frame: { ...frame, bytes: frame.bytes.slice(2) }, pixels })).toThrow(ImageUnpreparable);
  });

  it('is refused where its colours have no way to RGB', () => {
    const { frame, pixels } = anEvenImage(0);
    const layout = { bitsAllocated: 8, bitsStored: 8, highBit: 7, samplesPerPixel: 3, rows: 1, columns: 1 };
    const hsv = { ...frame, ...layout, photometricInterpretation: 'HSV', bytes: Uint8Array.of(1, 2, 3) };
    expect(() => storedImage({ frame: hsv, pixels })).toThrow(ImageUnpreparable);
  });
});
