import { studentQuantile } from '../statistics/distributions/student-t.js';

/** Of a time: what it is expected to be, and between what it lies in 95 of 100 cases; the same unit throughout. */
export interface TimeInterval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** What was measured of the time that a case takes. */
export interface CaseTime {
  readonly mean: number;
  readonly variance: number;
  /** Measurements, each independent of the others; 2 at least. */
  readonly measured: number;
  /** Cases in each of them, on average. */
  readonly casesEach: number;
}

const CONFIDENCE = 0.975;

/**
 * What `cases` more will take: their mean is known to ± s/√n only, and they vary themselves (Student's t, 95 %). It supposes that the
 * machine goes on as it did: who begins something else on it waits longer, and no interval knows that.
 */
export function timeOf(cases: number, { mean, variance, measured, casesEach }: CaseTime): TimeInterval {
  const estimate = cases * mean;
  const deviation = Math.sqrt(cases * variance + (cases * cases * variance) / (measured * casesEach));
  const miss = studentQuantile(CONFIDENCE, measured - 1) * deviation;
  return { estimate, lower: Math.max(0, estimate - miss), upper: estimate + miss };
}
