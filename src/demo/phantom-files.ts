import { phantomPart10 } from './phantom.js';

/** Seeds whose pictures lie clear of the model's thresholds, with and without the opacity. */
const SEEDS = { MONOCHROME2: 2, MONOCHROME1: 8 } as const;

/** Two studies with and two without an opacity, in both polarities; new UIDs at every start. */
export function phantomFiles(): (() => Promise<Uint8Array>)[] {
  const now = Date.now();
  return (['MONOCHROME2', 'MONOCHROME1'] as const).flatMap((photometricInterpretation) =>
    [false, true].map(
      (opacity, index) => () =>
        Promise.resolve(
          phantomPart10({
            opacity,
            photometricInterpretation,
            seed: SEEDS[photometricInterpretation],
            studyDateTime: new Date(now + index * 1_000),
          }),
        ),
    ),
  );
}
