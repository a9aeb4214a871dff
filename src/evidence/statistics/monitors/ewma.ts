import { requireFinite, requireNumber, requireSome, requireThat } from '../input-checks.js';

export interface Ewma {
  readonly ewma: Float64Array;
  /** Half-width of the control band around mu at each value. */
  readonly halfWidth: Float64Array;
  readonly firstAlarm: number | null;
}

/**
 * Exponentially weighted moving average (Roberts 1959): z_i = λ x_i + (1−λ) z_{i−1}, z_0 = μ, with the exact, widening
 * band L σ √(λ/(2−λ) (1−(1−λ)^{2i})); an alarm when z is outside it.
 * @param mu, sd  in control; sd > 0
 * @param lambda  weight of the newest value, 0 < λ ≤ 1
 * @param L       width in standard deviations, > 0
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN (also an average that no double holds)
 */
export function ewma(x: ArrayLike<number>, { mu, sd, lambda, L }: { mu: number; sd: number; lambda: number; L: number }): Ewma {
  requireSome(x);
  requireFinite(x);
  for (const parameter of [mu, sd, lambda, L]) requireNumber(parameter);
  requireThat(sd > 0 && lambda > 0 && lambda <= 1 && L > 0, 'E_DOMAIN');
  const average = new Float64Array(x.length);
  const halfWidth = new Float64Array(x.length);
  let firstAlarm: number | null = null;
  for (let i = 0, z = mu; i < x.length; i++) {
    average[i] = z = lambda * x[i] + (1 - lambda) * z;
    halfWidth[i] = L * sd * Math.sqrt((lambda / (2 - lambda)) * (1 - (1 - lambda) ** (2 * (i + 1))));
    requireThat(Math.abs(z - mu) < Infinity && halfWidth[i] < Infinity, 'E_DOMAIN');
    if (firstAlarm === null && Math.abs(z - mu) > halfWidth[i]) firstAlarm = i;
  }
  return { ewma: average, halfWidth, firstAlarm };
}
