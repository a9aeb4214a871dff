import { requireLabels, requireNumber, requireOpenUnit, requireSome, requireThat } from '../input-checks.js';

export interface BernoulliCusum {
  readonly statistic: Float64Array;
  readonly firstAlarm: number | null;
}

/**
 * Cumulative sum of log likelihood ratios of confirmed misses (Steiner et al. 2000): S = max(0, S + ln LR), an alarm when
 * S ≥ h. The monitor that finds harm: each 1 is a case that the device got wrong by the truth.
 * @param x       0 or 1 a case, in the order in which truth came in
 * @param p0, p1  share of misses in control, and the one to be found; 0 < p < 1, different
 * @param h       decision limit, > 0
 * @throws E_EMPTY, E_LABEL, E_DOMAIN
 */
export function bernoulliCusum(x: ArrayLike<number>, { p0, p1, h }: { p0: number; p1: number; h: number }): BernoulliCusum {
  requireSome(x);
  requireLabels(x);
  requireOpenUnit(p0);
  requireOpenUnit(p1);
  requireNumber(h);
  requireThat(p0 !== p1 && h > 0, 'E_DOMAIN');
  const ofMiss = p1 / p0 < Infinity ? Math.log(p1 / p0) : Math.log(p1) - Math.log(p0);
  const ofHit = Math.log((1 - p1) / (1 - p0));
  const statistic = new Float64Array(x.length);
  let firstAlarm: number | null = null;
  for (let i = 0, s = 0; i < x.length; i++) {
    statistic[i] = s = Math.max(0, s + (x[i] === 1 ? ofMiss : ofHit));
    if (firstAlarm === null && s >= h) firstAlarm = i;
  }
  return { statistic, firstAlarm };
}
