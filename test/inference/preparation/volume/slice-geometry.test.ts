import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sliceGeometry, type GeometryVerdict } from '../../../../src/inference/preparation/volume/slice-geometry.js';
import type { SlicePlane } from '../../../../src/inference/preparation/volume/slice-plane.js';
import { aPlane, aStack, BOUNDS, evenly } from './a-stack.js';

const judged = (planes: readonly SlicePlane[], bounds = BOUNDS): GeometryVerdict => sliceGeometry(planes, bounds);
const whyNot = (planes: readonly SlicePlane[], bounds = BOUNDS) => {
  const verdict = judged(planes, bounds);
  return verdict.reads ? undefined : verdict.why;
};
const warningsOf = (planes: readonly SlicePlane[]) => {
  const verdict = judged(planes);
  if (!verdict.reads) throw new Error(verdict.why.code);
  return verdict.warnings;
};
const ten = () => aStack(evenly(10, 3));
/** Ten slices with one changed. */
const withSlice = (change: Partial<SlicePlane>, at = 4): SlicePlane[] =>
  ten().map((plane, k) => (k === at ? { ...plane, ...change } : plane));
const degrees = (angle: number) => (angle * Math.PI) / 180;
const turned = (angle: number): SlicePlane['imageOrientationPatient'] => [
  [Math.cos(degrees(angle)), Math.sin(degrees(angle)), 0],
  [-Math.sin(degrees(angle)), Math.cos(degrees(angle)), 0],
];
const coronal: SlicePlane['imageOrientationPatient'] = [
  [1, 0, 0],
  [0, 0, -1],
];

describe('The slices of a series (PS3.3 C.7.6.2)', () => {
  it('are put in order along the normal, however they come', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(evenly(10, 3), { minLength: 10 }),
        fc.constantFrom(turned(0), turned(37), coronal),
        (positions, orientation) => {
          const verdict = judged(aStack(positions, { imageOrientationPatient: orientation }));
          expect(verdict).toMatchObject({ reads: true, warnings: [] });
          if (!verdict.reads) return;
          verdict.geometry.positions.forEach((position, k) => expect(position).toBeCloseTo(k * 3, 9));
          expect(verdict.geometry.spacing).toBeCloseTo(3, 9);
          verdict.geometry.slices.forEach((slice, k) => expect(positions[slice.instance]).toBe(k * 3));
        },
      ),
    );
  });

  it('ascend along the normal, which for axial slices is towards the head', () => {
    const verdict = judged(aStack([6, 0, 3]));
    expect(verdict.reads && verdict.geometry.normal).toEqual([0, 0, 1]);
    expect(verdict.reads && verdict.geometry.origin).toEqual([0, 0, 0]);
  });

  it.each<[string, SlicePlane[], string, string]>([
    [
      'has no position',
      withSlice({ imagePositionPatient: undefined }),
      'slice-geometry-absent',
      'position, orientation, pixel spacing or size of a slice is absent',
    ],
    [
      'has no orientation',
      withSlice({ imageOrientationPatient: undefined }),
      'slice-geometry-absent',
      'position, orientation, pixel spacing or size of a slice is absent',
    ],
    [
      'has no pixel spacing',
      withSlice({ pixelSpacing: undefined }),
      'slice-geometry-absent',
      'position, orientation, pixel spacing or size of a slice is absent',
    ],
    [
      'has an orientation that is none',
      withSlice({
        imageOrientationPatient: [
          [1, 0, 0],
          [0.5, 1, 0],
        ],
      }),
      'slice-geometry-invalid',
      'the orientation of a slice is not two orthogonal directions, or its pixel spacing or size is not positive',
    ],
    [
      'has a pixel spacing of 0',
      withSlice({ pixelSpacing: [0, 1] }),
      'slice-geometry-invalid',
      'the orientation of a slice is not two orthogonal directions, or its pixel spacing or size is not positive',
    ],
    ['has another size', withSlice({ rows: 9 }), 'mixed-size', 'the slices have several numbers of rows or columns'],
    [
      'has another pixel spacing',
      withSlice({ pixelSpacing: [0.8, 0.72] }),
      'mixed-pixel-spacing',
      'the slices have several pixel spacings',
    ],
    [
      'has another frame of reference',
      withSlice({ frameOfReferenceUID: '1.2.4' }),
      'mixed-frame-of-reference',
      'the slices have several frames of reference: their positions cannot be compared',
    ],
    [
      'names no frame of reference where the others do',
      withSlice({ frameOfReferenceUID: undefined }),
      'mixed-frame-of-reference',
      'the slices have several frames of reference: their positions cannot be compared',
    ],
    ['has another unit', withSlice({ rescaleType: 'US' }), 'mixed-units', 'the values of the slices have several units (Rescale Type)'],
    [
      'lies where another lies',
      withSlice({ imagePositionPatient: [0, 0, 9] }).concat(aPlane({ imagePositionPatient: [0, 0, 12] })),
      'duplicate-positions',
      '1 slices lie where another one lies, and which is meant is not said',
    ],
  ])('are not read where one %s', (_, planes, code, text) => {
    expect(whyNot(planes)).toEqual({ code, text });
  });

  it('are not read where some are missing, and it is said where', () => {
    const positions = [0, 3, 6, 15, 18, 21, 27];
    expect(whyNot(aStack(positions))).toEqual({
      code: 'missing-slices',
      text: 'slices are missing between slices 3 and 4 (9 mm), between slices 6 and 7 (6 mm), where the spacing is 3 mm',
    });
  });

  it('are not read where two stacks are one series', () => {
    expect(whyNot(aStack([0, 5, 10, 15, 16, 20, 25]))?.code).toBe('mixed-slice-spacing');
    const stacks = [...ten(), ...aStack(evenly(10, 3), { imageOrientationPatient: coronal })];
    expect(whyNot(stacks)).toEqual({ code: 'mixed-orientation', text: 'the slices have several orientations' });
    expect(whyNot([...ten(), aPlane({ imageOrientationPatient: turned(2) }), aPlane({ imageOrientationPatient: turned(4) })])?.code).toBe(
      'mixed-orientation',
    );
  });

  it('are not read where they are too few or too many', () => {
    expect(whyNot(ten(), { least: 11, most: 100 })).toEqual({ code: 'too-few-slices', text: '10 slices are fewer than 11' });
    expect(whyNot(ten().slice(0, 1), { least: 1, most: 9 })).toEqual({ code: 'too-few-slices', text: '1 slices are fewer than 2' });
    expect(whyNot(ten(), { least: 2, most: 9 })).toEqual({ code: 'too-many-slices', text: '10 slices are more than 9' });
    expect(whyNot([])?.code).toBe('only-localizers');
  });

  it.each<[string, SlicePlane]>([
    ['by its image type', aPlane({ imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'], rows: 512, pixelSpacing: undefined })],
    ['by its orientation', aPlane({ imageOrientationPatient: coronal, frameOfReferenceUID: '1.2.3' })],
  ])('are read without a localizer, known %s', (_, localizer) => {
    expect(warningsOf([localizer, ...ten()])).toEqual([{ code: 'localizer-set-aside', text: 'localizers set aside: 1' }]);
    const verdict = judged([localizer, ...ten()]);
    expect(verdict.reads && verdict.geometry.slices).toHaveLength(10);
  });

  it('that are all localizers are not read', () => {
    expect(whyNot(aStack(evenly(4, 5), { imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }))?.code).toBe('only-localizers');
  });

  it('are not read where some lie where others lie: nobody said which are meant', () => {
    const twice = ten().flatMap((plane, k) => (k < 3 ? [plane, { ...plane, instance: 10 + k }] : [plane]));
    expect(whyNot(twice)).toEqual({
      code: 'duplicate-positions',
      text: '3 slices lie where another one lies, and which is meant is not said',
    });
  });

  it('of a tilted gantry are read with the angle by which the stack is sheared', () => {
    const shift = (k: number): [number, number] => [0, k * 3 * Math.tan(degrees(12))];
    expect(warningsOf(aStack(evenly(10, 3), {}, shift))).toEqual([
      { code: 'gantry-tilt', text: 'the stack is sheared by 12.0°; resampled along its normal' },
    ]);
    expect(warningsOf(aStack(evenly(10, 3), { gantryDetectorTilt: -15 }))).toEqual([
      {
        code: 'gantry-tilt',
        text: 'the header names a gantry tilt of -15.0°, by their positions the slices are not sheared; the positions are taken',
      },
    ]);
  });

  it('that are shifted or a little uneven are read at their true positions', () => {
    expect(warningsOf(aStack(evenly(10, 3), {}, (k) => (k === 5 ? [0.9, 0] : [0, 0]))).map(({ code }) => code)).toContain('slices-shifted');
    expect(warningsOf(aStack([0, 3, 6.2, 9, 12]))).toEqual([
      { code: 'uneven-spacing', text: 'slices lie 2.8 mm to 3.2 mm apart; resampled at their true positions' },
    ]);
    expect(warningsOf(aStack([0, 3.004, 6, 9.002]))).toEqual([]);
  });

  it('whatever their headers say, get a verdict', () => {
    const number = fc.oneof(fc.constantFrom(0, 1, -1, 1e-9, 1e9), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const vector = fc.tuple(number, number, number);
    const plane = fc.record({
      imagePositionPatient: fc.option(vector, { nil: undefined }),
      imageOrientationPatient: fc.option(
        fc.constantFrom(turned(0), coronal, turned(0.05)).chain((good) => fc.oneof(fc.constant(good), fc.tuple(vector, vector))),
        {
          nil: undefined,
        },
      ),
      pixelSpacing: fc.option(fc.tuple(number, number), { nil: undefined }),
      sliceThickness: fc.option(number, { nil: undefined }),
      spacingBetweenSlices: fc.option(number, { nil: undefined }),
      gantryDetectorTilt: fc.option(number, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(plane, { maxLength: 8 }), (changes) => {
        const verdict = judged(changes.map((change) => aPlane(change)));
        if (!verdict.reads) return expect(verdict.why.text).toMatch(/\w/);
        const { positions } = verdict.geometry;
        expect(positions.every((position, k) => k === 0 || position > positions[k - 1])).toBe(true);
      }),
    );
  });

  it('say where the header contradicts their positions, or leaves anatomy between them', () => {
    expect(warningsOf(aStack(evenly(10, 6), { spacingBetweenSlices: 1, sliceThickness: 3 })).map(({ code }) => code)).toEqual([
      'spacing-unlike-header',
      'unimaged-between-slices',
    ]);
    expect(warningsOf(aStack(evenly(10, 3), { frameOfReferenceUID: undefined })).map(({ code }) => code)).toEqual([
      'frame-of-reference-absent',
    ]);
  });
});
