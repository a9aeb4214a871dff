import { describe, expect, it } from '@jest/globals';
import { clipInput } from '../../../../src/inference/preparation/ultrasound/clip-input.js';
import { volumeInput } from '../../../../src/inference/preparation/volume/volume-input.js';
import { compare, golden, goldenGeometry, goldenValues, type Worst } from './golden-volumes.js';

describe('Inputs of many frames, against numpy, scipy and OpenCV (make-volumes.py)', () => {
  it('volumes, to 1e-5', () => {
    const worst: Worst = { error: 0, where: '', values: 0 };
    for (const { name, source, spacing, size, windows, normalisation, values } of golden.inputs) {
      const { images, dims } = volumeInput([{ values: goldenValues(source.size), geometry: goldenGeometry(source) }], {
        minimumSlices: 2,
        size,
        ...(spacing && { spacing }),
        orientation: 'as-acquired',
        unit: 'any',
        windows: windows.map(([windowCenter, windowWidth]) => ({ windowCenter, windowWidth })),
        normalisation,
        outside: golden.outside,
        grid: 'first',
      });
      expect(dims).toEqual([1, Math.max(1, windows.length), ...size]);
      compare(worst, name, images, values);
    }
    console.info(
      `volumeInput: ${golden.inputs.length} cases, ${worst.values} values, worst relative error ${worst.error.toExponential(2)} (${worst.where})`,
    );
    expect(golden.inputs).toHaveLength(12);
    expect(worst.error).toBeLessThan(1e-5);
  });

  it('clips, to 1e-5', () => {
    const worst: Worst = { error: 0, where: '', values: 0 };
    const [rows, columns] = [12, 16];
    const frames = Array.from({ length: 3 }, (_, t) => ({
      rows,
      columns,
      samplesPerPixel: 3 as const,
      samples: Uint8Array.from({ length: rows * columns * 3 }, (_, at) => {
        const [c, x, y] = [at % 3, Math.floor(at / 3) % columns, Math.floor(at / 3 / columns)];
        return (t * 41 + y * 13 + x * 7 + c * 29 + x * y) % 256;
      }),
      photometricInterpretation: 'RGB',
    }));
    const region = { spatialFormat: 1, dataType: 1, x0: 3, y0: 2, x1: 13, y1: 9, referencePixel: undefined, mmPerPixel: undefined };
    for (const { channels, normalisation, values } of golden.clips) {
      const card = {
        frames: 3,
        interval: { unit: 'frames', value: 1 },
        rows: 4,
        columns: 8,
        channels,
        normalisation,
        regions: 'tissue',
      } as const;
      compare(worst, `${channels} channels, ${normalisation}`, clipInput(frames, [region], card).images, values);
    }
    console.info(
      `clipInput: ${golden.clips.length} cases, ${worst.values} values, worst relative error ${worst.error.toExponential(2)} (${worst.where})`,
    );
    expect(golden.clips).toHaveLength(4);
    expect(worst.error).toBeLessThan(1e-5);
  });
});
