import { drawIndices, seedOf, streamState } from './random-stream.js';
import type { ResamplingPlan, Statistic, Stratum } from './resampling-plan.js';

/**
 * The statistic of some replicates; each has a stream of its own, so that any split of them over workers gives the same numbers.
 * @param from, to  replicates from..to − 1
 * @returns in the order of the replicates; NaN where the statistic is undefined, to be taken out by whoever summarises
 */
export function replicateValues(plan: ResamplingPlan, from: number, to: number): Float64Array {
  const seed = seedOf(plan.seed);
  const values = new Float64Array(to - from);
  const drawn = new Uint32Array(Math.max(...plan.strata.map(({ units }) => units)));
  const counts = plan.codeCounts.map((count) => new Uint32Array(count));
  for (let replicate = from; replicate < to; replicate++) {
    const state = streamState(seed, replicate);
    for (const stratum of plan.strata) {
      drawIndices(state, stratum.units, drawn, stratum.units);
      for (let curve = 0; curve < counts.length; curve++) tally(stratum, curve, drawn, counts[curve]);
    }
    values[replicate - from] = statisticOf(plan.statistic, counts);
    for (const count of counts) count.fill(0);
  }
  return values;
}

/** The statistic of the sample itself. */
export function estimateOf(plan: ResamplingPlan): number {
  return statisticOf(plan.statistic, sampleCounts(plan));
}

/** How often the sample has each code, curve by curve. */
export function sampleCounts({ strata, codeCounts }: ResamplingPlan): Uint32Array[] {
  return codeCounts.map((size, curve) => {
    const counts = new Uint32Array(size);
    for (const { codes } of strata) for (const code of codes[curve]) counts[code]++;
    return counts;
  });
}

/** Adds the codes of the drawn units. */
function tally({ units, offsets, codes }: Stratum, curve: number, drawn: Uint32Array, counts: Uint32Array): void {
  const own = codes[curve];
  if (offsets === null) for (let k = 0; k < units; k++) counts[own[drawn[k]]]++;
  else
    for (let k = 0; k < units; k++) {
      const end = offsets[drawn[k] + 1];
      for (let i = offsets[drawn[k]]; i < end; i++) counts[own[i]]++;
    }
}

/** NaN where a class is missing. */
function statisticOf(statistic: Statistic, counts: readonly Uint32Array[]): number {
  switch (statistic) {
    case 'auc':
      return aucOf(counts[0]);
    case 'auc_difference':
      return aucOf(counts[0]) - aucOf(counts[1]);
    case 'sensitivity':
    case 'specificity':
      return counts[0][2] / (counts[0][1] + counts[0][2]);
  }
}

function aucOf(counts: Uint32Array): number {
  let twiceU = 0;
  let positives = 0;
  let negatives = 0;
  for (let code = 0; code < counts.length; code += 2) {
    const n = counts[code];
    const p = counts[code + 1];
    twiceU += p * (2 * negatives + n);
    negatives += n;
    positives += p;
  }
  return twiceU / (2 * positives * negatives);
}
