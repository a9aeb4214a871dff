import { requireThat } from '../input-checks.js';

/**
 * ln Γ(x) to full relative precision, near its zeros at 1 and 2 too: its Taylor series about 2 (DLMF 5.7.3) within ½ of it, brought
 * there by Γ(x + 1) = xΓ(x), and Stirling's series (DLMF 5.11.1) from 15.
 * @throws E_DOMAIN unless x > 0 and finite
 */
export function logGamma(x: number): number {
  requireThat(x > 0 && x < Infinity, 'E_DOMAIN');
  if (x >= STIRLING_FROM) return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingSeries(x);
  if (x < 0.5) return aboutTwo(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return aboutTwo(x - 1) - Math.log1p(x - 1);
  let product = 1;
  let reduced = x;
  while (reduced >= 2.5) product *= --reduced;
  return Math.log(product) + aboutTwo(reduced - 2);
}

/** From here Stirling's series is exact to the last digit. */
export const STIRLING_FROM = 15;
export const HALF_LOG_TWO_PI = 0.918_938_533_204_672_8;

/** What Stirling's approximation of ln Γ(n), and of ln n!, lacks, for n of at least STIRLING_FROM. */
export function stirlingSeries(n: number): number {
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** ln Γ(2 + z) = (1 − γ)z + Σ (−1)ᵏ(ζ(k) − 1)zᵏ/k, |z| at most ½. */
function aboutTwo(z: number): number {
  let sum = 0;
  for (let k = LARGEST_POWER; k >= 2; k--) sum = z * (((k % 2 === 0 ? 1 : -1) * ZETA_LESS_ONE[k - 2]) / k + sum);
  return z * (ONE_LESS_EULER + sum);
}

/** 1 − γ */
const ONE_LESS_EULER = 0.42278433509846713;
/** ζ(k) − 1 for k = 2, 3, …: each term of the series is less than a quarter of the one before. */
const ZETA_LESS_ONE = [
  0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993, 0.01734306198444914, 0.008349277381922827,
  0.00407735619794434, 0.0020083928260822143, 0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
  6.124813505870483e-5, 3.058823630702049e-5, 1.528225940865187e-5, 7.637197637899763e-6, 3.81729326499984e-6, 1.908212716553939e-6,
  9.539620338727962e-7, 4.769329867878064e-7, 2.38450502727733e-7, 1.1921992596531106e-7, 5.960818905125948e-8, 2.980350351465228e-8,
  1.490155482836504e-8, 7.45071178983543e-9, 3.725334024788457e-9, 1.862659723513049e-9, 9.313274324196682e-10, 4.656629065033784e-10,
];
const LARGEST_POWER = ZETA_LESS_ONE.length + 1;
