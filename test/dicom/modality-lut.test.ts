import { describe, expect, it } from '@jest/globals';
import { modalityValue, modalityValues } from '../../src/dicom/modality-lut.js';
import { storedValues, type SampleLayout } from '../../src/dicom/stored-values.js';

const layout = (given: Partial<SampleLayout>): SampleLayout => ({
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 0,
  sampleForm: 'integer',
  ...given,
});
const bytes = (...words: number[]) => new Uint8Array(Uint16Array.from(words).buffer);

describe('Modality LUT (PS3.3 C.11.1)', () => {
  it('gives Hounsfield units by slope and intercept', () => {
    const ct = { kind: 'rescale', rescaleSlope: 2, rescaleIntercept: -1024 } as const;
    expect(Array.from(modalityValues(Uint16Array.of(0, 512, 4095), ct))).toEqual([-1024, 0, 7166]);
    expect(modalityValue(512, ct)).toBe(0);
  });

  it('goes by the table where there is one, its ends held', () => {
    const table = { kind: 'table', table: { firstMapped: -2, bits: 16, entries: Uint16Array.of(10, 20, 30) } } as const;
    expect(Array.from(modalityValues(Int16Array.of(-9, -2, -1, 0, 9), table))).toEqual([10, 10, 20, 30, 30]);
  });
});

describe('stored values (PS3.5 8.1.1)', () => {
  it('drops what lies outside Bits Stored', () => {
    const stored = storedValues(bytes(0xf123, 0x0fff), layout({ bitsStored: 12, highBit: 11 }), 2);
    expect(Array.from(stored)).toEqual([0x123, 0xfff]);
  });

  it('extends the sign from High Bit, not from the top of the cell', () => {
    const signed = layout({ bitsStored: 12, highBit: 11, pixelRepresentation: 1 });
    expect(Array.from(storedValues(bytes(0x0fff, 0x07ff, 0xf800), signed, 3))).toEqual([-1, 2047, -2048]);
  });

  it('takes values from the upper bits of their cells', () => {
    expect(Array.from(storedValues(bytes(0xabc7), layout({ bitsStored: 12, highBit: 15 }), 1))).toEqual([0xabc]);
    expect(Array.from(storedValues(bytes(0xffe7), layout({ bitsStored: 12, highBit: 15, pixelRepresentation: 1 }), 1))).toEqual([-2]);
  });

  it('reads 1, 8 and 32 bits, float and double', () => {
    expect(Array.from(storedValues(Uint8Array.of(0b101, 1), layout({ bitsAllocated: 1, bitsStored: 1, highBit: 0 }), 9))).toEqual([
      1, 0, 1, 0, 0, 0, 0, 0, 1,
    ]);
    expect(
      Array.from(storedValues(Uint8Array.of(0xff), layout({ bitsAllocated: 8, bitsStored: 8, highBit: 7, pixelRepresentation: 1 }), 1)),
    ).toEqual([-1]);
    const wide = layout({ bitsAllocated: 32, bitsStored: 32, highBit: 31 });
    expect(Array.from(storedValues(new Uint8Array(Uint32Array.of(0xfffffffe).buffer), wide, 1))).toEqual([0xfffffffe]);
    expect(
      Array.from(storedValues(new Uint8Array(Float32Array.of(-0.5).buffer), layout({ bitsAllocated: 32, sampleForm: 'float' }), 1)),
    ).toEqual([-0.5]);
    expect(
      Array.from(storedValues(new Uint8Array(Float64Array.of(1e300).buffer), layout({ bitsAllocated: 64, sampleForm: 'double' }), 1)),
    ).toEqual([1e300]);
  });

  it('reads bytes that start anywhere in their memory', () => {
    const view = Uint8Array.of(9, 9, 9, 0x34, 0x12).subarray(3);
    expect(Array.from(storedValues(view, layout({}), 1))).toEqual([0x1234]);
  });
});
