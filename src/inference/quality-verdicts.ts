import type { ImageQuality } from './reading.js';

/** Further below the site's usual sharpness than chance gives (about one image in a thousand). */
const LEAST_AGAINST_HISTORY = -3;

/** A measure beside the score: its value, where it was measured, and what a limit says of it, where there is one. */
export interface FurtherMeasure {
  readonly name: FurtherMeasureName;
  readonly value: number;
  readonly passes: boolean | undefined;
}

export type FurtherMeasureName = 'clippedShare' | 'saturation' | 'burntInTextShare' | 'sharpnessAgainstHistory' | 'inputDistance';

/** What is told of an image beside the four measures and their score; what was not measured is left out. */
export function furtherMeasures(quality: ImageQuality): FurtherMeasure[] {
  const { sharpnessAgainstHistory, inputDistance, inputDistanceLimit } = quality;
  const measures: readonly [FurtherMeasureName, boolean | undefined][] = [
    ['clippedShare', undefined],
    ['saturation', undefined],
    ['burntInTextShare', undefined],
    ['sharpnessAgainstHistory', sharpnessAgainstHistory === undefined ? undefined : sharpnessAgainstHistory >= LEAST_AGAINST_HISTORY],
    ['inputDistance', inputDistanceLimit === undefined || inputDistance === undefined ? undefined : inputDistance <= inputDistanceLimit],
  ];
  return measures.flatMap(([name, passes]) => {
    const value = quality[name];
    return value === undefined ? [] : [{ name, value, passes }];
  });
}
