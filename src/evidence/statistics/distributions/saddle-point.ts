import { HALF_LOG_TWO_PI, logGamma, STIRLING_FROM, stirlingSeries } from './log-gamma.js';

/** The parts of a density that keep their digits where its arguments are large (Loader, Fast and Accurate Computation of Binomial Probabilities, 2000). */

/** ln Γ(n + 1) less Stirling's approximation of it, n > 0. */
export function stirlingError(n: number): number {
  return n < STIRLING_FROM ? logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - HALF_LOG_TWO_PI : stirlingSeries(n);
}

/** x ln(x/m) + m − x for x, m > 0, without its cancellation where x is near m. */
export function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let j = 1; ; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) return sum;
    sum = next;
  }
}

/** xᵃ e⁻ˣ / Γ(a + 1) for a > 0 and x > 0: the Poisson density where a is whole. */
export function poissonMass(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** xᵃ yᵇ Γ(a + b + 1) / (Γ(a + 1) Γ(b + 1)) for a, b > 0 and x + y = 1, both above 0: the binomial density where a and b are whole. */
export function binomialDensity(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const exponent = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * a * b));
}
