import { distributionDrift } from '../../../../src/evidence/statistics/drift/distribution-drift.js';
import { adwin } from '../../../../src/evidence/statistics/monitors/adwin.js';
import { bernoulliCusum } from '../../../../src/evidence/statistics/monitors/bernoulli-cusum.js';
import { cusum } from '../../../../src/evidence/statistics/monitors/cusum.js';
import { ewma } from '../../../../src/evidence/statistics/monitors/ewma.js';
import { pageHinkley } from '../../../../src/evidence/statistics/monitors/page-hinkley.js';
import { expectedPerformance } from '../../../../src/evidence/statistics/prevalence/expected-performance.js';
import { prevalenceByLikelihood, roganGladen } from '../../../../src/evidence/statistics/prevalence/label-shift.js';
import type { Adapter } from '../reference-cases.js';

type Monitor = (x: number[], params: never) => unknown;
const MONITORS: Readonly<Record<string, Monitor>> = {
  cusum,
  ewma,
  page_hinkley: pageHinkley,
  bernoulli_cusum: bernoulliCusum,
  adwin,
};

interface Samples {
  readonly reference: number[];
  readonly current: number[];
  readonly bins: number;
  readonly bandwidth: number;
}

type Shift =
  | { readonly kind: 'em'; readonly p: number[]; readonly training_prevalence: number }
  | { readonly kind: 'rogan_gladen'; readonly apparent: number; readonly se: number; readonly sp: number };

export const SURVEILLANCE: Readonly<Record<string, Adapter>> = {
  drift_distribution: ({ reference, current, bins, bandwidth }: Samples) => distributionDrift(reference, current, bins, bandwidth),
  drift_sequential: ({ kind, x, params }: { kind: string; x: number[]; params: object }) => MONITORS[kind](x, params as never),
  label_free_performance: ({ p, threshold }: { p: number[]; threshold: number }) => expectedPerformance(p, threshold),
  prevalence_shift: (input: Shift) => {
    if (input.kind === 'rogan_gladen') return roganGladen(input);
    const { prevalence, adjusted } = prevalenceByLikelihood(input.p, input.training_prevalence);
    return { prevalence, adjusted_first5: adjusted.subarray(0, 5) };
  },
};
