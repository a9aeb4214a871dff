import { requireClip, requireProbabilities } from './probabilities.js';

export interface BrierScore {
  /** Mean (p − y)² (Brier 1950). */
  readonly brier: number;
  /** 1 − Brier / (ȳ (1 − ȳ)); null where all cases are of one class. */
  readonly brierSkill: number | null;
  /** Mean −ln of the probability that the truth was given, p clipped to eps … 1 − eps. */
  readonly logLoss: number;
  /** Events over Σ p; null where Σ p is 0, or as good as that. */
  readonly observedExpected: number | null;
}

/** @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN */
export function brierScore(y: ArrayLike<number>, p: ArrayLike<number>, eps = 1e-12): BrierScore {
  const { positives } = requireProbabilities(y, p);
  requireClip(eps);
  const n = y.length;
  let [squares, loss, expected] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const one = p[i];
    const error = one - y[i];
    squares += error * error;
    expected += one;
    const given = y[i] === 1 ? one : 1 - one;
    loss -= Math.log(given < eps ? eps : given > 1 - eps ? 1 - eps : given);
  }
  const brier = squares / n;
  const ratio = positives / expected;
  const rate = positives / n;
  return {
    brier,
    brierSkill: positives === 0 || positives === n ? null : 1 - brier / (rate * (1 - rate)),
    logLoss: loss / n,
    observedExpected: Number.isFinite(ratio) ? ratio : null,
  };
}
