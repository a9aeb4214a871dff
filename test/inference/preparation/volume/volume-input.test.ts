import { describe, expect, it } from '@jest/globals';
import type { SampledVolume } from '../../../../src/inference/preparation/volume/resample-volume.js';
import { volumeInput } from '../../../../src/inference/preparation/volume/volume-input.js';
import { volumeChannels, type VolumePreparation } from '../../../../src/inference/preparation/volume/volume-preparation.js';
import { aStack, evenly, geometryOf } from './a-stack.js';

const aVolume = (of: (k: number, j: number, i: number) => number, change: Parameters<typeof aStack>[1] = {}, slices = 4): SampledVolume => {
  const geometry = geometryOf(aStack(evenly(slices, 2), { rows: 6, columns: 6, pixelSpacing: [1, 1], sliceThickness: 2, ...change }));
  const { rows, columns } = geometry;
  const values = Float32Array.from({ length: slices * rows * columns }, (_, at) =>
    of(Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns),
  );
  return { values, geometry };
};
const card = (change: Partial<VolumePreparation> = {}): VolumePreparation => ({
  minimumSlices: 2,
  size: [4, 6, 6],
  orientation: 'as-acquired',
  unit: 'any',
  windows: [],
  normalisation: 'none',
  outside: -1000,
  grid: 'first',
  ...change,
});
const ramp = (k: number, j: number, i: number) => k * 100 + j * 10 + i;

describe("A volume as a model's input", () => {
  it('of its own size is itself', () => {
    const { images, dims } = volumeInput([aVolume(ramp)], card());
    expect(dims).toEqual([1, 1, 4, 6, 6]);
    images.forEach((value, at) => expect(value).toBeCloseTo(ramp(Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6), 3));
  });

  it('has a channel for each window', () => {
    const windows = [
      { windowCenter: 50, windowWidth: 100 },
      { windowCenter: 250, windowWidth: 100 },
    ];
    const { images, dims } = volumeInput([aVolume(ramp)], card({ windows }));
    expect(dims).toEqual([1, 2, 4, 6, 6]);
    expect(volumeChannels({ windows })).toBe(2);
    expect([images[0], images[35], images[36]]).toEqual([0, expect.closeTo(0.55, 6), 1]);
    expect([images[144], images[144 + 72], images[144 + 108]]).toEqual([0, 0, 1]);
  });

  it("is resampled to the card's spacing and padded with what lies outside, or cropped, about its centre", () => {
    const padded = volumeInput([aVolume(ramp)], card({ spacing: [2, 1, 1], size: [6, 6, 8] }));
    expect(padded.images.filter((value) => value === -1000)).toHaveLength(6 * 6 * 8 - 4 * 36);
    expect(padded.images[48 + 1]).toBeCloseTo(0, 4); // one slice and one column of padding before the first voxel
    const cropped = volumeInput([aVolume(ramp)], card({ spacing: [2, 1, 1], size: [2, 4, 6] }));
    expect(cropped.images[0]).toBeCloseTo(ramp(1, 1, 0), 4);
    expect(cropped.images[cropped.images.length - 1]).toBeCloseTo(ramp(2, 4, 5), 4);
  });

  it('is normalised over the whole volume, and by what is inside it alone', () => {
    const { images } = volumeInput([aVolume(ramp)], card({ spacing: [2, 1, 1], size: [6, 8, 8], normalisation: 'z_score' }));
    const least = Math.min(...images);
    const inside = Array.from(
      { length: 144 },
      (_, at) => images[(Math.floor(at / 36) + 1) * 64 + ((Math.floor(at / 6) % 6) + 1) * 8 + 1 + (at % 6)],
    );
    const mean = inside.reduce((sum, value) => sum + value, 0) / 144;
    expect(mean).toBeCloseTo(0, 5);
    expect(inside.reduce((sum, value) => sum + value ** 2, 0) / 144).toBeCloseTo(1, 5);
    expect(inside[0]).toBeCloseTo(least, 5);
    expect(images[0]).toBe(least); // outside: as dark as the darkest inside
  });

  it("of several sequences is on one grid, the first's or the finest's", () => {
    const coarse = aVolume(ramp);
    const fine = aVolume((k, j, i) => ramp(k, j / 2 - 0.25, i / 2 - 0.25), {
      rows: 12,
      columns: 12,
      pixelSpacing: [0.5, 0.5],
      imagePositionPatient: [-0.25, -0.25, 0],
    });
    const { images, dims } = volumeInput([coarse, fine], card());
    expect(dims).toEqual([1, 2, 4, 6, 6]);
    for (let at = 0; at < 144; at++) expect(images[144 + at]).toBeCloseTo(images[at], 2); // one field, sampled twice
    const finest = volumeInput([coarse, fine], card({ grid: 'finest', size: [4, 12, 12] }));
    expect(finest.images[576 + 13]).toBeCloseTo(ramp(0, 0.25, 0.25), 4);
  });

  it("along the patient's axes is the same however it was acquired", () => {
    const field = (x: number, y: number, z: number): number => 7 * x + 5 * y + 3 * z;
    const axial = aVolume((k, j, i) => field(i, j, k * 2)); // mm: x = i, y = j, z = 2 k
    const sagittal = aVolume((k, j, i) => field(5 - 2 * k, i, 6 - j), {
      imageOrientationPatient: [
        [0, 1, 0],
        [0, 0, -1],
      ], // rows to the back, columns to the feet: slices to the right
      imagePositionPatient: [5, 0, 6],
    });
    const spec = card({ orientation: 'axial', spacing: [1, 1, 1], size: [3, 3, 3] });
    const [a, s] = [volumeInput([axial], spec).images, volumeInput([sagittal], spec).images];
    const steps = (images: Float32Array) => [images[14] - images[13], images[16] - images[13], images[22] - images[13]];
    for (const images of [a, s]) steps(images).forEach((step, axis) => expect(step).toBeCloseTo([7, 5, 3][axis], 3)); // to the left, the back, the head
    const own = volumeInput([sagittal], card({ spacing: [1, 1, 1], size: [3, 3, 3] })).images;
    steps(own).forEach((step, axis) => expect(step).toBeCloseTo([5, -3, -7][axis], 3)); // as acquired: to the back, the feet, the right
  });

  it('is refused where the sequences show different parts of the body, or nothing', () => {
    const elsewhere = aVolume(ramp, { imagePositionPatient: [0, 0, 6] });
    expect(() => volumeInput([aVolume(ramp), elsewhere], card())).toThrow('different parts of the body');
    expect(() => volumeInput([aVolume(() => 7)], card())).toThrow('one value');
  });
});
