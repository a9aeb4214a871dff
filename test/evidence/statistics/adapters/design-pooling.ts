import { aucSampleSize, hanleyMcNeilSe, pairedAucSampleSize } from '../../../../src/evidence/statistics/design/auc-sample-size.js';
import { mrmcPower } from '../../../../src/evidence/statistics/design/mrmc-power.js';
import {
  mcnemarPairs,
  proportionAgainstGoal,
  proportionPrecision,
} from '../../../../src/evidence/statistics/design/proportion-sample-size.js';
import { mantelHaenszel } from '../../../../src/evidence/statistics/pooling/mantel-haenszel.js';
import { sitePooling } from '../../../../src/evidence/statistics/pooling/site-pooling.js';
import { estimateHeterogeneity, proportionHeterogeneity } from '../../../../src/evidence/statistics/pooling/subgroup-heterogeneity.js';
import type { Adapter } from '../reference-cases.js';

const SAMPLE_SIZES: Readonly<Record<string, (params: never) => unknown>> = {
  proportion_precision: proportionPrecision,
  proportion_noninferiority_one_sample: proportionAgainstGoal,
  mcnemar_power: mcnemarPairs,
  hanley_mcneil_se: hanleyMcNeilSe,
  auc_single: aucSampleSize,
  auc_two_paired: pairedAucSampleSize,
  mrmc_power: mrmcPower,
};

const inCamelCase = (params: object): object =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase()), value]));

type Subgroups =
  | { readonly kind: 'proportions'; readonly x: number[]; readonly n: number[]; readonly min_n: number }
  | { readonly kind: 'estimates'; readonly estimate: number[]; readonly variance: number[] };

export const DESIGN_POOLING: Readonly<Record<string, Adapter>> = {
  sample_size: ({ kind, params }: { kind: string; params: object }) => SAMPLE_SIZES[kind](inCamelCase(params) as never),
  site_pooling: ({ x, n, conf }: { x: number[]; n: number[]; conf: number }) => sitePooling(x, n, conf),
  stratified_2x2: ({ tables, conf }: { tables: number[][]; conf: number }) => mantelHaenszel(tables, conf),
  subgroup_heterogeneity: (input: Subgroups) =>
    input.kind === 'proportions'
      ? proportionHeterogeneity(input.x, input.n, input.min_n)
      : estimateHeterogeneity(input.estimate, input.variance),
};
