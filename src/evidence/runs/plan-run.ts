import { quantile } from '../statistics/quantile.js';
import { TooFewMeasured } from './faults.js';
import { timeOf, type TimeInterval } from './time-left.js';

export interface RunPlan {
  readonly cases: number;
  readonly workers: number;
  /** Of a case, while as many as there are workers ran at once. */
  readonly milliseconds: { readonly mean: number; readonly median: number; readonly percentile95: number };
  readonly casesPerSecond: number;
  readonly seconds: TimeInterval;
  /** What the database grows by. */
  readonly diskBytes: number;
  /** What the server held most: nothing of a run grows with its cases. */
  readonly memoryBytes: number;
}

const LEAST = 2;

/**
 * Plans a run from some of its cases.
 * @param measured  milliseconds of each, from beginning to end, while `workers` cases ran at once
 * @param workers  on average, a fraction too: at the end of a batch places are empty
 * @param held  bytes that each result takes in the database, and the server's resident memory, looked at while they ran
 * @throws TooFewMeasured
 */
export function planRun(
  measured: readonly number[],
  total: number,
  workers: number,
  held: { readonly bytesPerCase: number; readonly residentBytes: readonly number[] },
): RunPlan {
  const { length } = measured;
  if (length < LEAST) throw new TooFewMeasured(LEAST);
  const sorted = [...measured].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, one) => sum + one, 0) / length;
  const variance = sorted.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (length - 1);
  const all = timeOf(total, { mean, variance, measured: length, casesEach: 1 });
  const seconds = (milliseconds: number): number => milliseconds / workers / 1_000;
  return {
    cases: total,
    workers,
    milliseconds: { mean, median: quantile(sorted, 0.5), percentile95: quantile(sorted, 0.95) },
    casesPerSecond: (workers * 1_000) / mean,
    seconds: { estimate: seconds(all.estimate), lower: seconds(all.lower), upper: seconds(all.upper) },
    diskBytes: held.bytesPerCase * total,
    memoryBytes: held.residentBytes.reduce((most, one) => Math.max(most, one), 0),
  };
}
