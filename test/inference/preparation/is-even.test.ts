import { describe, expect, it } from '@jest/globals';
import { WindowInvalid } from '../../../src/inference/preparation/faults.js';
import { isEven } from '../../../src/inference/preparation/is-even.js';
import { prepareImage } from '../../../src/inference/preparation/prepare-image.js';
import { aStoredImage } from './a-stored-image.js';

const preparation = { rows: 4, columns: 4, channels: 1, normalisation: 'none', resize: 'bilinear', aspect: 'stretch' } as const;

describe('A picture of one value', () => {
  it('is told from one with a single other pixel, in any plane', () => {
    expect(isEven([3, 3, 3, 3], 1)).toBe(true);
    expect(isEven([3, 3, 3, 4], 1)).toBe(false);
    expect(isEven([3, 3, 5, 5], 2)).toBe(true);
    expect(isEven([3, 3, 5, 6], 2)).toBe(false);
  });

  it('may have padding of another value around it', () => {
    expect(isEven([0, 3, 3, 0], 1, Uint8Array.of(1, 0, 0, 1))).toBe(true);
    expect(isEven([0, 3, 4, 0], 1, Uint8Array.of(1, 0, 0, 1))).toBe(false);
  });

  it.each([200, 201, 77])('is found exactly, whatever rounding makes of its contrast: %d', (value) => {
    const samples = new Uint16Array(512 * 512).fill(value);
    const image = aStoredImage({ rows: 512, columns: 512, samples, windowCenter: 200, windowWidth: 401 });
    expect(prepareImage(image, preparation).isEven).toBe(true);
  });

  it('is what the model takes: an image that its own window makes even is not, through the windows of the card', () => {
    const samples = Int16Array.from({ length: 64 }, (_, i) => -1000 + i);
    const image = aStoredImage({ rows: 8, columns: 8, samples, windowCenter: 2000, windowWidth: 500 });
    expect(prepareImage(image, preparation).isEven).toBe(true);
    const values = { from: 'windows', form: 'exact', windows: [{ windowCenter: -970, windowWidth: 100 }] } as const;
    expect(prepareImage(image, { ...preparation, values }).isEven).toBe(false);
  });

  it('of a window that means nothing is read by a model that does not use it', () => {
    const image = aStoredImage({
      rows: 8,
      columns: 8,
      samples: Int16Array.from({ length: 64 }, (_, i) => i),
      windowCenter: 3,
      windowWidth: 0,
    });
    const values = { from: 'windows', form: 'exact', windows: [{ windowCenter: 30, windowWidth: 60 }] } as const;
    const { quality } = prepareImage(image, { ...preparation, values });
    expect(quality.brightness).toBeCloseTo(0.5, 6); // from its least to its greatest value
    expect(() => prepareImage(image, preparation)).toThrow(WindowInvalid);
  });
});
