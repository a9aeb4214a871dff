import { randomInt } from 'node:crypto';
import { phantomPart10 } from './phantom.js';

/** Four studies of the phantom: with and without an opacity, in both polarities; new ones at every start. */
export function phantomFiles(): (() => Promise<Uint8Array>)[] {
  const seed = randomInt(2 ** 30);
  return (['MONOCHROME2', 'MONOCHROME1'] as const).flatMap((photometricInterpretation, polarity) =>
    [false, true].map((opacity, index) => () =>
      Promise.resolve(phantomPart10({ opacity, photometricInterpretation, seed: seed + polarity * 2 + index, studyDateTime: new Date() })),
    ),
  );
}
