import { describe, expect, it } from '@jest/globals';
import { clipInput } from '../../../../src/inference/preparation/ultrasound/clip-input.js';
import { clipExtent, cutOut } from '../../../../src/inference/preparation/ultrasound/clip-extent.js';
import type { ClipPreparation } from '../../../../src/inference/preparation/ultrasound/clip-preparation.js';
import {
  maskOutside,
  tissueRegions,
  ultrasoundRegions,
  type UltrasoundRegion,
} from '../../../../src/inference/preparation/ultrasound/ultrasound-regions.js';
import type { StoredImage } from '../../../../src/inference/preparation/stored-image.js';
import { onCorpus } from '../../../dicom/corpus.js';
import { datasetOf } from '../volume/corpus-series.js';

const aRegion = (change: Partial<UltrasoundRegion> = {}): UltrasoundRegion => ({
  spatialFormat: 1,
  dataType: 1,
  x0: 1,
  y0: 1,
  x1: 2,
  y1: 2,
  referencePixel: undefined,
  mmPerPixel: [0.5, 0.5],
  ...change,
});
const size = { rows: 4, columns: 4 };

describe('Regions of an ultrasound image (PS3.3 C.8.5.5)', () => {
  it('mask what is outside of every 2-D region, both corners kept, in every channel', () => {
    const values = new Float64Array(32).fill(1);
    maskOutside(values, size, [aRegion(), aRegion({ x0: 3, y0: 0, x1: 3, y1: 0 })]);
    const plane = [0, 0, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0];
    expect([...values]).toEqual([...plane, ...plane]);
  });

  it('count as tissue in 2-D only: no trace, no spectrum, no grey bar', () => {
    const others = [aRegion({ spatialFormat: 3, dataType: 3 }), aRegion({ spatialFormat: 4, dataType: 10 }), aRegion({ dataType: 13 })];
    expect(tissueRegions([...others, aRegion(), aRegion({ dataType: 2 })], size)).toMatchObject({
      reads: true,
      regions: [aRegion(), { dataType: 2 }],
    });
    expect(tissueRegions(others, size)).toMatchObject({ reads: false, why: { code: 'ultrasound-regions-absent' } });
  });

  it('are not believed where one reaches beyond the image', () => {
    expect(tissueRegions([aRegion(), aRegion({ x1: 4 })], size)).toMatchObject({
      reads: false,
      why: { code: 'ultrasound-regions-outside' },
    });
  });

  it('say how much of a frame a model of pixels of its own size sees: about the middle of the largest that is measured', () => {
    const largest = aRegion({ x0: 100, y0: 40, x1: 299, y1: 239, mmPerPixel: [0.2, 0.4] });
    const regions = [aRegion(), largest, aRegion({ spatialFormat: 3, x1: 900, y1: 900 })];
    // 32 rows of 1.25 mm are 40 mm, 100 pixels of 0.4 mm; 64 columns of 0.5 mm are 32 mm, 160 pixels of 0.2 mm.
    expect(clipExtent(regions, { rows: 32, columns: 64 }, [1.25, 0.5])).toEqual({ top: 90, left: 120, rows: 100, columns: 160 });
    expect(clipExtent([aRegion({ mmPerPixel: undefined })], size, [1, 1])).toBeUndefined();
  });

  it('may ask for more than the frame has: there is nothing', () => {
    const values = Float64Array.of(1, 2, 3, 4);
    const cut = cutOut(values, { rows: 2, columns: 2 }, { top: -1, left: 1, rows: 3, columns: 3 });
    expect([...cut]).toEqual([0, 0, 0, 2, 0, 0, 4, 0, 0]);
    expect([...cutOut(values, { rows: 2, columns: 2 }, { top: 0, left: 5, rows: 1, columns: 2 })]).toEqual([0, 0]);
  });

  onCorpus('of a stress echo: the tissue fills the frame, a pixel is 0.36 mm', async () => {
    const regions = ultrasoundRegions(await datasetOf('demo/us-cine/2e1a1cea.dcm'));
    const [x, y] = regions.find(({ mmPerPixel }) => mmPerPixel !== undefined)?.mmPerPixel ?? [];
    expect([x, y]).toEqual([expect.closeTo(0.3628118, 6), expect.closeTo(0.3628118, 6)]);
    // 100 rows of 0.7256 mm are 200 of the frame's, about its middle.
    expect(clipExtent(regions, { rows: 100, columns: 100 }, [0.7256236, 0.7256236])).toEqual({
      top: 44,
      left: 92,
      rows: 200,
      columns: 200,
    });
    expect(tissueRegions(regions, { rows: 288, columns: 384 })).toMatchObject({
      reads: true,
      regions: [{ x0: 0, y0: 0, x1: 383, y1: 287, referencePixel: [183, -24] }],
    });
  });

  onCorpus('of an echo with text around the picture', async () => {
    const regions = ultrasoundRegions(await datasetOf('ts/jpegxl-us-27frames.dcm'));
    expect(tissueRegions(regions, { rows: 708, columns: 1016 })).toMatchObject({
      reads: true,
      regions: [{ x0: 149, y0: 70, x1: 867, y1: 658 }],
    });
  });

  onCorpus('of a clip that was shrunk since: not believed', async () => {
    const regions = ultrasoundRegions(await datasetOf('pydicom/examples_ybr_color.dcm'));
    expect(tissueRegions(regions, { rows: 240, columns: 320 })).toMatchObject({ why: { code: 'ultrasound-regions-outside' } });
  });
});

const card = (change: Partial<ClipPreparation> = {}): ClipPreparation => ({
  frames: 2,
  interval: { unit: 'frames', value: 1 },
  rows: 4,
  columns: 4,
  channels: 1,
  normalisation: 'none',
  regions: 'ignored',
  ...change,
});
const grey = (of: (i: number) => number): StoredImage => ({
  ...size,
  samplesPerPixel: 1,
  samples: Uint8Array.from({ length: 16 }, (_, i) => of(i)),
  photometricInterpretation: 'MONOCHROME2',
});
const colour = (...rgb: readonly number[]): StoredImage => ({
  ...size,
  samplesPerPixel: 3,
  samples: Uint8Array.from({ length: 48 }, (_, i) => rgb[i % 3]),
  photometricInterpretation: 'RGB',
});

describe("A clip as a model's input", () => {
  it('has one range for all frames: brightness in time stays', () => {
    const { images, dims } = clipInput([grey((i) => i), grey((i) => i + 15)], undefined, card());
    expect(dims).toEqual([1, 2, 1, 4, 4]);
    images.forEach((value, at) => expect(value).toBeCloseTo((at < 16 ? at : at - 16 + 15) / 30, 6));
  });

  it('takes colour by 0..255, as luminance or channel after channel; grey is repeated', () => {
    const frames = [colour(255, 0, 51), colour(0, 0, 0)];
    expect(clipInput(frames, undefined, card()).images[0]).toBeCloseTo((0.299 * 255 + 0.114 * 51) / 255, 6);
    const { images, dims } = clipInput(frames, undefined, card({ channels: 3 }));
    expect(dims).toEqual([1, 2, 3, 4, 4]);
    expect([images[0], images[16], images[32], images[48]]).toEqual([1, 0, expect.closeTo(0.2, 6), 0]);
    const repeated = clipInput([grey((i) => i), grey(() => 0)], undefined, card({ channels: 3 })).images;
    expect([repeated[15], repeated[31], repeated[47]]).toEqual([1, 1, 1]);
  });

  it('holds nothing of what lies outside of the regions, and is not scaled by it', () => {
    const text = (i: number) => (i === 0 ? 255 : i);
    const { images } = clipInput([grey(text), grey(text)], [aRegion()], card());
    expect(images[0]).toBe(0);
    expect([images[5], images[10]]).toEqual([0, 1]);
    expect(images.filter((value) => value > 0)).toHaveLength(6); // the least of the four is 0 too
  });

  it('is refused where its frames differ or are not as many as the model takes', () => {
    expect(() => clipInput([grey(() => 1)], undefined, card())).toThrow('number of frames');
    expect(() => clipInput([grey(() => 1), colour(1, 1, 1)], undefined, card())).toThrow('differ');
  });

  it('is normalised as a whole', () => {
    const { images } = clipInput([grey((i) => i), grey((i) => i + 15)], undefined, card({ normalisation: 'z_score' }));
    const mean = images.reduce((sum, value) => sum + value, 0) / images.length;
    expect(mean).toBeCloseTo(0, 5);
    expect(images.reduce((sum, value) => sum + value * value, 0) / images.length).toBeCloseTo(1, 5);
  });
});
