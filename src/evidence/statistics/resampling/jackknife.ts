import { sampleCounts } from './replicates.js';
import type { ResamplingPlan, Stratum } from './resampling-plan.js';

/**
 * The statistic without each unit in turn, stratum by stratum, in closed form: what a unit's cases add to the count of ordered
 * pairs is known, so all are found in the time of one.
 * @returns [strata][units]; NaN where without the unit a class is missing
 */
export function jackknifeValues(plan: ResamplingPlan): Float64Array[] {
  const counts = sampleCounts(plan);
  switch (plan.statistic) {
    case 'auc':
      return withoutEach(plan, 0, counts[0]);
    case 'auc_difference': {
      const second = withoutEach(plan, 1, counts[1]);
      return withoutEach(plan, 0, counts[0]).map((first, stratum) => first.map((value, unit) => value - second[stratum][unit]));
    }
    case 'sensitivity':
    case 'specificity':
      return plan.strata.map((stratum) => rateWithoutEach(stratum, counts[0]));
  }
}

function withoutEach({ strata }: ResamplingPlan, curve: number, counts: Uint32Array): Float64Array[] {
  const { twiceBelow, twiceAbove, twiceU, positives, negatives } = pairsOf(counts);
  return strata.map((stratum) =>
    eachUnit(stratum, curve, (codes) => {
      let lost = codes.length > 1 ? -pairsWithin(codes) : 0; // counted from both sides
      let lostPositives = 0;
      for (const code of codes) {
        lost += (code & 1) === 1 ? twiceBelow[code >>> 1] : twiceAbove[code >>> 1];
        lostPositives += code & 1;
      }
      const p = positives - lostPositives;
      const n = negatives - (codes.length - lostPositives);
      return (twiceU - lost) / (2 * p * n);
    }),
  );
}

/** Of each place twice the negatives below it and the positives above it, equal ones half. */
function pairsOf(counts: Uint32Array) {
  const places = counts.length / 2;
  const twiceBelow = new Float64Array(places);
  const twiceAbove = new Float64Array(places);
  let positives = 0;
  let negatives = 0;
  let twiceU = 0;
  for (let place = 0; place < places; place++) {
    const n = counts[2 * place];
    const p = counts[2 * place + 1];
    twiceBelow[place] = 2 * negatives + n;
    twiceAbove[place] = -2 * positives - p;
    twiceU += p * twiceBelow[place];
    negatives += n;
    positives += p;
  }
  for (let place = 0; place < places; place++) twiceAbove[place] += 2 * positives;
  return { twiceBelow, twiceAbove, twiceU, positives, negatives };
}

/** Twice the ordered pairs of a unit's own cases. */
function pairsWithin(codes: Uint32Array): number {
  const sorted = codes.slice().sort();
  let twice = 0;
  let below = 0;
  let here = 0; // negatives at the place of the case before
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] >>> 1 !== sorted[i - 1] >>> 1) {
      below += here;
      here = 0;
    }
    if ((sorted[i] & 1) === 1) twice += 2 * below + here;
    else here++;
  }
  return twice;
}

function rateWithoutEach(stratum: Stratum, counts: Uint32Array): Float64Array {
  return eachUnit(stratum, 0, (codes) => {
    let right = counts[2];
    let wrong = counts[1];
    for (const code of codes) {
      if (code === 2) right--;
      else if (code === 1) wrong--;
    }
    return right / (right + wrong);
  });
}

function eachUnit({ units, offsets, codes }: Stratum, curve: number, value: (codes: Uint32Array) => number): Float64Array {
  const values = new Float64Array(units);
  for (let unit = 0; unit < units; unit++)
    values[unit] = value(codes[curve].subarray(offsets === null ? unit : offsets[unit], offsets === null ? unit + 1 : offsets[unit + 1]));
  return values;
}
