import { requireFinite, requireNumber, requireSome, requireThat } from '../input-checks.js';

export interface Cusum {
  /** Upper and lower sums after each value, in standard deviations. */
  readonly upper: Float64Array;
  readonly lower: Float64Array;
  /** 0-based place of the first value after which a sum was above h; null where none was. */
  readonly firstAlarm: number | null;
}

/**
 * Two-sided cumulative sums of standardised values (Page 1954): C⁺ = max(0, C⁺ + z − k), C⁻ = max(0, C⁻ − z − k);
 * an alarm when one is above h. The sums go on after an alarm.
 * @param mu, sd  in control; sd > 0
 * @param k       allowance, ≥ 0, in standard deviations
 * @param h       decision limit, > 0, in standard deviations
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN (also sums that no double holds)
 */
export function cusum(x: ArrayLike<number>, { mu, sd, k, h }: { mu: number; sd: number; k: number; h: number }): Cusum {
  requireSome(x);
  requireFinite(x);
  for (const parameter of [mu, sd, k, h]) requireNumber(parameter);
  requireThat(sd > 0 && k >= 0 && h > 0, 'E_DOMAIN');
  const upper = new Float64Array(x.length);
  const lower = new Float64Array(x.length);
  let firstAlarm: number | null = null;
  for (let i = 0, up = 0, down = 0; i < x.length; i++) {
    const z = (x[i] - mu) / sd;
    upper[i] = up = Math.max(0, up + z - k);
    lower[i] = down = Math.max(0, down - z - k);
    requireThat(up < Infinity && down < Infinity, 'E_DOMAIN');
    if (firstAlarm === null && (up > h || down > h)) firstAlarm = i;
  }
  return { upper, lower, firstAlarm };
}
