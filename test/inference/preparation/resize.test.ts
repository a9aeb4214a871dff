import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { displayImage } from '../../../src/inference/preparation/display-image.js';
import { resize, type ResizeMethod } from '../../../src/inference/preparation/resize.js';
import { greatestDifference, windowed } from './a-stored-image.js';

const source = displayImage(windowed(), 1);
const to = (rows: number, columns: number, method: ResizeMethod) => resize(source.values, source, { rows, columns }, method);

// References: cv2.resize of OpenCV 5.0 on the same values, INTER_LINEAR and INTER_AREA.
describe('Resize, stretched', () => {
  it('bilinear, smaller', () => {
    const expected = [
      0.0802778, 0.3583333, 0.7569444, 0.2777778, 0.2558333, 0.8027778, 0.4438889, 0.2958333, 0.3530556, 0.9080556, 0.4783333, 0.5047222,
    ];
    expect(greatestDifference(to(4, 3, 'bilinear'), expected)).toBeLessThan(1e-6);
  });

  it('bilinear, larger', () => {
    const fifthRow = [0.1783333, 0.26725, 0.4025, 0.5775, 0.3755, 0.4169167, 0.7025833, 0.6220833, 0.5513333, 0.5];
    expect(greatestDifference(to(9, 10, 'bilinear').subarray(40, 50), fifthRow)).toBeLessThan(1e-6);
  });

  it('area, smaller', () => {
    const expected = [
      0.1868254, 0.5004762, 0.684127, 0.3585714, 0.4093651, 0.7911111, 0.5055556, 0.59, 0.3792064, 0.7874603, 0.4690476, 0.6087302,
    ];
    expect(greatestDifference(to(4, 3, 'area'), expected)).toBeLessThan(1e-6);
  });

  it('area, larger', () => {
    const fifthRow = [0.1783333, 0.2707143, 0.3757143, 0.59, 0.3542857, 0.3880953, 0.7083333, 0.6097619, 0.5533333, 0.5];
    expect(greatestDifference(to(9, 10, 'area').subarray(40, 50), fifthRow)).toBeLessThan(1e-6);
  });

  it('gives the same image for the same size', () => {
    expect(greatestDifference(to(6, 7, 'area'), source.values)).toBeLessThan(1e-7);
    expect(greatestDifference(to(6, 7, 'bilinear'), source.values)).toBeLessThan(1e-7);
  });

  it('cubic keeps what is even, and may leave the range at an edge', () => {
    const even = new Float64Array(42).fill(0.3);
    const method = 'cubic';
    expect(greatestDifference(resize(even, source, { rows: 11, columns: 5 }, method), new Float32Array(55).fill(0.3))).toBeLessThan(1e-7);
    expect(Math.max(...resize(Float64Array.of(0, 0, 1, 1), { rows: 1, columns: 4 }, { rows: 1, columns: 16 }, method))).toBeGreaterThan(
      1.01,
    );
  });

  it('area keeps the mean, both stay within the values given', () => {
    const size = fc.integer({ min: 1, max: 23 });
    fc.assert(
      fc.property(size, size, fc.constantFrom('area' as const, 'bilinear' as const), (rows, columns, method) => {
        const resized = to(rows, columns, method);
        expect(resized.every((value) => value >= -1e-6 && value <= 1 + 1e-6)).toBe(true);
        const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
        if (method === 'area') expect(Math.abs(mean(resized) - mean(source.values))).toBeLessThan(1e-6);
      }),
    );
  });
});
