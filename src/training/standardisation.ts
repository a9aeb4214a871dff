import type { Design } from './logistic-regression.js';

/** Mean and population standard deviation of each feature over the training cases. */
export interface Standardisation {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

export function standardisationOf(cases: readonly Float64Array[]): Standardisation {
  const features = cases[0].length;
  const means = new Float64Array(features);
  const deviations = new Float64Array(features);
  for (const one of cases) for (let k = 0; k < features; k++) means[k] += one[k] / cases.length;
  for (const one of cases) for (let k = 0; k < features; k++) deviations[k] += (one[k] - means[k]) ** 2 / cases.length;
  // A feature that never changes in training must not blow up on the first picture where it does.
  return { means, deviations: deviations.map((variance) => Math.sqrt(variance) || 1) };
}

export function standardise(cases: readonly Float64Array[], { means, deviations }: Standardisation): Design {
  const features = means.length;
  const values = new Float64Array(cases.length * features);
  cases.forEach((one, i) => {
    for (let k = 0; k < features; k++) values[i * features + k] = (one[k] - means[k]) / deviations[k];
  });
  return { cases: cases.length, features, values };
}
