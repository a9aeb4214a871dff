import { requireBothClasses, requireThat } from '../input-checks.js';
import { requireClip, requireProbabilities } from './probabilities.js';

export interface CalibrationSlope {
  /** b of logit(y) = a + b logit(p): below 1 the probabilities are too extreme (Cox 1958). */
  readonly slope: number;
  readonly slopeSe: number;
  readonly interceptJoint: number;
}

export interface CalibrationInTheLarge {
  /** a of logit(y) = a + logit(p): above 0 the probabilities are too low. */
  readonly intercept: number;
  readonly interceptSe: number;
}

/**
 * Calibration slope, maximum likelihood by Newton's method; standard error by the information at the fit itself.
 * @param eps  probabilities are clipped to eps … 1 − eps
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN, E_ONE_CLASS,
 *         E_SEPARATION some threshold on p parts the classes, or all p are one: no finite slope is likeliest
 */
export function calibrationSlope(y: ArrayLike<number>, p: ArrayLike<number>, eps = 1e-12): CalibrationSlope {
  requireBothClasses(requireProbabilities(y, p));
  requireClip(eps);
  return slopeOf(y, logits(p, eps));
}

/** @throws as `calibrationSlope`, but for E_SEPARATION: with both classes there this fit exists */
export function calibrationInTheLarge(y: ArrayLike<number>, p: ArrayLike<number>, eps = 1e-12): CalibrationInTheLarge {
  const { positives } = requireProbabilities(y, p);
  requireBothClasses({ positives, negatives: y.length - positives });
  requireClip(eps);
  return inTheLargeOf(y, logits(p, eps), positives);
}

/** @param p  0…1 each, clipped to eps … 1 − eps */
export function logits(p: ArrayLike<number>, eps: number): Float64Array {
  const x = new Float64Array(p.length);
  for (let i = 0; i < x.length; i++) {
    const one = p[i] < eps ? eps : p[i] > 1 - eps ? 1 - eps : p[i];
    x[i] = Math.log(one / (1 - one));
  }
  return x;
}

/** As `calibrationSlope`, of logits and with both classes known to be there. @throws E_SEPARATION */
export function slopeOf(y: ArrayLike<number>, logit: Float64Array): CalibrationSlope {
  const n = logit.length;
  let [lowest1, highest1, lowest0, highest0, sum] = [Infinity, -Infinity, Infinity, -Infinity, 0];
  for (let i = 0; i < n; i++) {
    const one = logit[i];
    sum += one;
    if (y[i] === 1) {
      if (one < lowest1) lowest1 = one;
      if (one > highest1) highest1 = one;
    } else {
      if (one < lowest0) lowest0 = one;
      if (one > highest0) highest0 = one;
    }
  }
  requireThat(highest0 > lowest1 && highest1 > lowest0, 'E_SEPARATION');
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (logit[i] - mean) ** 2;
  const sd = Math.sqrt(squares / n);
  const x = logit.map((one) => (one - mean) / sd); // so that both parameters are of one size
  const fit = newton(y, x);
  return { slope: fit.b / sd, slopeSe: fit.bSe / sd, interceptJoint: fit.a - (fit.b / sd) * mean };
}

interface Likelihood {
  readonly log: number;
  /** Gradient and information of a and b. */
  readonly ga: number;
  readonly gb: number;
  readonly iaa: number;
  readonly iab: number;
  readonly ibb: number;
}

/** Values whose 1 + e^{−|η|} are multiplied before one logarithm is taken of them: the product stays below 2^256. */
const CHUNK = 256;

function likelihood(y: ArrayLike<number>, x: Float64Array, a: number, b: number): Likelihood {
  let [log, ga, gb, iaa, iab, ibb] = [0, 0, 0, 0, 0, 0];
  for (let start = 0; start < x.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, x.length);
    let product = 1;
    for (let i = start; i < end; i++) {
      const eta = a + b * x[i];
      const e = Math.exp(eta > 0 ? -eta : eta); // e^{−|η|}
      const near = 1 / (1 + e);
      const mu = eta > 0 ? near : e * near;
      const w = e * near * near;
      const residual = y[i] - mu;
      product *= 1 + e;
      log += eta > 0 ? (y[i] - 1) * eta : y[i] * eta;
      ga += residual;
      gb += residual * x[i];
      iaa += w;
      iab += w * x[i];
      ibb += w * x[i] * x[i];
    }
    log -= Math.log(product);
  }
  return { log, ga, gb, iaa, iab, ibb };
}

/** The maximum of a concave likelihood that has one; a step that overshoots is halved. @throws E_SEPARATION none is found */
function newton(y: ArrayLike<number>, x: Float64Array): { a: number; b: number; bSe: number } {
  let [a, b] = [0, 0];
  let here = likelihood(y, x, a, b);
  for (let step = 0; step < 100; step++) {
    const determinant = here.iaa * here.ibb - here.iab * here.iab;
    requireThat(determinant > 0, 'E_SEPARATION');
    let da = (here.ibb * here.ga - here.iab * here.gb) / determinant;
    let db = (here.iaa * here.gb - here.iab * here.ga) / determinant;
    if (Math.abs(da) <= 1e-13 * (1 + Math.abs(a)) && Math.abs(db) <= 1e-13 * (1 + Math.abs(b)))
      return { a, b, bSe: Math.sqrt(here.iaa / determinant) };
    let next = likelihood(y, x, a + da, b + db);
    const noise = 1e-12 * (1 + Math.abs(here.log)); // near the top rounding alone may look like a fall
    for (let halving = 0; next.log < here.log - noise && halving < 60; halving++) {
      da /= 2;
      db /= 2;
      next = likelihood(y, x, a + da, b + db);
    }
    const small = Math.abs(da) <= 1e-9 * (1 + Math.abs(a)) && Math.abs(db) <= 1e-9 * (1 + Math.abs(b));
    a += da;
    b += db;
    here = next;
    // the step after one of 1e-9 is of 1e-18: what is left is rounding
    if (small) return { a, b, bSe: Math.sqrt(here.iaa / (here.iaa * here.ibb - here.iab * here.iab)) };
  }
  requireThat(false, 'E_SEPARATION');
  return { a, b, bSe: 0 };
}

/** As `calibrationInTheLarge`, of logits; 0 < positives < n. */
export function inTheLargeOf(y: ArrayLike<number>, logit: Float64Array, positives: number): CalibrationInTheLarge {
  const n = logit.length;
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = 0; i < n; i++) {
    if (logit[i] < lowest) lowest = logit[i];
    if (logit[i] > highest) highest = logit[i];
  }
  const rate = Math.log(positives / (n - positives));
  let [low, high, a] = [rate - highest, rate - lowest, 0]; // at these two no, or every, expectation is above the rate
  for (let step = 0; ; step++) {
    a = Math.min(high, Math.max(low, a));
    let [surplus, information] = [0, 0];
    for (let i = 0; i < n; i++) {
      const eta = a + logit[i];
      const e = Math.exp(eta > 0 ? -eta : eta);
      const near = 1 / (1 + e);
      surplus += y[i] - (eta > 0 ? near : e * near);
      information += e * near * near;
    }
    const newton = a + surplus / information;
    if (Math.abs(newton - a) <= 1e-14 * (1 + Math.abs(a)) || step === 200) return { intercept: a, interceptSe: 1 / Math.sqrt(information) };
    if (surplus > 0) low = a;
    else high = a;
    a = newton > low && newton < high ? newton : (low + high) / 2;
    if (a === low || a === high) return { intercept: a, interceptSe: 1 / Math.sqrt(information) };
  }
}
