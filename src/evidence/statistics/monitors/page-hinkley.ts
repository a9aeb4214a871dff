import { requireFinite, requireNumber, requireSome, requireThat } from '../input-checks.js';

export interface PageHinkley {
  readonly statistic: Float64Array;
  readonly firstAlarm: number | null;
}

/**
 * Page-Hinkley test for a rise of the mean (Page 1954): U_i = α U_{i−1} + (x_i − m_i − δ), m_i the running mean with x_i in
 * it; the statistic is U − min(0, min U), an alarm when it is above λ.
 * @param delta   tolerated rise, ≥ 0
 * @param lambda  decision limit, > 0
 * @param alpha   forgetting, 0 < α ≤ 1; 1 forgets nothing
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN (also sums that no double holds)
 */
export function pageHinkley(x: ArrayLike<number>, { delta, lambda, alpha }: { delta: number; lambda: number; alpha: number }): PageHinkley {
  requireSome(x);
  requireFinite(x);
  for (const parameter of [delta, lambda, alpha]) requireNumber(parameter);
  requireThat(delta >= 0 && lambda > 0 && alpha > 0 && alpha <= 1, 'E_DOMAIN');
  const statistic = new Float64Array(x.length);
  let firstAlarm: number | null = null;
  for (let i = 0, sum = 0, u = 0, lowest = 0; i < x.length; i++) {
    sum += x[i];
    u = alpha * u + (x[i] - sum / (i + 1) - delta);
    lowest = Math.min(lowest, u);
    statistic[i] = u - lowest;
    requireThat(statistic[i] < Infinity, 'E_DOMAIN');
    if (firstAlarm === null && statistic[i] > lambda) firstAlarm = i;
  }
  return { statistic, firstAlarm };
}
