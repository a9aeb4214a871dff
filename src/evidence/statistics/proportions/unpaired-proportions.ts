import { normalCritical, normalUpper } from '../distributions/normal.js';
import { requireCounts, requireOpenUnit, requireThat } from '../input-checks.js';
import type { Interval } from '../results.js';
import { findRoot } from '../root-finding.js';
import { wilson } from './proportion.js';

/** Successes of the test arm (1) and of the comparator (2) among their trials. */
export interface TwoArms {
  readonly x1: number;
  readonly n1: number;
  readonly x2: number;
  readonly n2: number;
}

export interface UnpairedProportions {
  readonly p1: number;
  readonly p2: number;
  /** p1 − p2 */
  readonly difference: number;
  readonly miettinenNurminen: Interval;
  /** hybrid of Wilson's limits (Newcombe 1998, method 10) */
  readonly newcombe: Interval;
  /** that arm 1 is not worse by the margin or more, at (1 − conf)/2 one-sided */
  readonly noninferiority: { readonly margin: number; readonly z: number; readonly pOneSided: number; readonly noninferior: boolean };
}

/**
 * Difference of two independent proportions with its score interval and non-inferiority (Miettinen and Nurminen, Statistics in
 * Medicine 4 (1985) 213; restricted estimates by Farrington and Manning's closed form, ibid. 9 (1990) 1447; Newcombe, ibid.
 * 17 (1998) 873).
 * @param margin  of non-inferiority, between 0 and 1
 * @throws E_EMPTY an arm has no trial; E_DOMAIN a count, more successes than trials, the margin or conf
 */
export function unpairedProportions(arms: TwoArms, margin: number, conf = 0.95): UnpairedProportions {
  const { x1, n1, x2, n2 } = arms;
  requireThat(n1 !== 0 && n2 !== 0, 'E_EMPTY');
  requireCounts(x1, n1, x2, n2);
  requireThat(x1 <= n1 && x2 <= n2, 'E_DOMAIN');
  requireOpenUnit(margin);
  requireOpenUnit(conf);
  const p1 = x1 / n1;
  const p2 = x2 / n2;
  const difference = p1 - p2;
  const [l1, u1] = wilson(x1, n1, conf);
  const [l2, u2] = wilson(x2, n2, conf);
  const z = scoreStatistic(arms, -margin);
  const pOneSided = normalUpper(z);
  return {
    p1,
    p2,
    difference,
    miettinenNurminen: scoreInterval(arms, conf),
    newcombe: [difference - Math.hypot(p1 - l1, u2 - p2), difference + Math.hypot(u1 - p1, p2 - l2)],
    noninferiority: { margin, z, pOneSided, noninferior: pOneSided < (1 - conf) / 2 },
  };
}

/** Miettinen and Nurminen's score of a true difference `delta` within −1..1; falls with it. */
export function scoreStatistic({ x1, n1, x2, n2 }: TwoArms, delta: number): number {
  const excess = (x1 * n2 - x2 * n1) / (n1 * n2) - delta;
  if (excess === 0) return 0;
  const [q1, q2] = restricted({ x1, n1, x2, n2 }, delta);
  const n = n1 + n2;
  const variance = ((q1 * (1 - q1)) / n1 + (q2 * (1 - q2)) / n2) * (n / (n - 1));
  return variance > 0 ? excess / Math.sqrt(variance) : Math.sign(excess) * Number.MAX_VALUE;
}

/** The likeliest proportions that differ by `delta`: the root of a cubic (Farrington and Manning 1990, appendix 1). */
function restricted({ x1, n1, x2, n2 }: TwoArms, delta: number): [number, number] {
  const p1 = x1 / n1;
  const p2 = x2 / n2;
  const theta = n2 / n1;
  const a = 1 + theta;
  const b = -(1 + theta + p1 + theta * p2 + delta * (theta + 2));
  const c = delta * delta + delta * (2 * p1 + theta + 1) + p1 + theta * p2;
  const d = -p1 * delta * (1 + delta);
  const shift = b / (3 * a);
  const v = shift ** 3 - (b * c) / (6 * a * a) + d / (2 * a);
  const u = (v < 0 ? -1 : 1) * Math.sqrt(Math.max(0, shift * shift - c / (3 * a)));
  const angle = u === 0 ? 0 : Math.acos(Math.max(-1, Math.min(1, v / u ** 3)));
  const root = 2 * u * Math.cos((Math.PI + angle) / 3) - shift;
  const q1 = Math.min(Math.min(1, 1 + delta), Math.max(Math.max(0, delta), root));
  return [q1, Math.min(1, Math.max(0, q1 - delta))];
}

/** Where the score is ±z. */
function scoreInterval(arms: TwoArms, conf: number): Interval {
  const z = normalCritical(conf);
  const difference = (arms.x1 * arms.n2 - arms.x2 * arms.n1) / (arms.n1 * arms.n2);
  const lower = difference === -1 ? -1 : findRoot((delta) => scoreStatistic(arms, delta) - z, -1, difference);
  const upper = difference === 1 ? 1 : findRoot((delta) => scoreStatistic(arms, delta) + z, difference, 1);
  return [lower, upper];
}
