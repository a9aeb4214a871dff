import { requireFinite, requireNumber, requireSome, requireThat } from '../input-checks.js';
import type { Flag } from '../results.js';

/** What calibrated probabilities let expect of a window whose truth is not known yet: an estimate, never evidence. */
export interface ExpectedPerformance {
  readonly expected: { readonly tp: number; readonly fp: number; readonly fn: number; readonly tn: number };
  readonly sensitivity: number | null;
  readonly specificity: number | null;
  readonly ppv: number | null;
  /** Σ p_i (1−p_j) ψ(p_i, p_j) over pairs i ≠ j, over Σ p_i (1−p_j). */
  readonly auc: number | null;
  readonly expectedPrevalence: number;
  readonly flags: readonly Flag[];
}

/**
 * Confidence-based estimation of performance without labels (Garg et al. 2022). Holds only while calibration does.
 * @param p          calibrated probabilities of disease, 0…1
 * @param threshold  a case is called positive at or above it
 * @throws E_EMPTY, E_NON_FINITE, E_DOMAIN
 */
export function expectedPerformance(p: ArrayLike<number>, threshold: number): ExpectedPerformance {
  requireSome(p);
  requireFinite(p);
  requireNumber(threshold);
  let [tp, fp, fn, tn] = [0, 0, 0, 0];
  for (let i = 0; i < p.length; i++) {
    const one = p[i];
    requireThat(one >= 0 && one <= 1, 'E_DOMAIN');
    if (one >= threshold) {
      tp += one;
      fp += 1 - one;
    } else {
      fn += one;
      tn += 1 - one;
    }
  }
  const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
  const values = {
    sensitivity: share(tp, tp + fn),
    specificity: share(tn, tn + fp),
    ppv: share(tp, tp + fp),
    auc: expectedAuc(p),
  };
  return {
    expected: { tp, fp, fn, tn },
    ...values,
    expectedPrevalence: (tp + fn) / p.length,
    flags: Object.values(values).includes(null) ? ['ZERO_DENOMINATOR'] : [],
  };
}

/** By one sort: above each group of ties, all healthy weight below it counts, and half of its own other members'. */
function expectedAuc(p: ArrayLike<number>): number | null {
  const sorted = Float64Array.from(p).sort();
  let ill = 0;
  let same = 0; // Σ p_i (1−p_i): pairs of a case with itself, which are none
  for (const one of sorted) {
    ill += one;
    same += one * (1 - one);
  }
  const pairs = ill * (sorted.length - ill) - same;
  if (!(pairs > 1e-15 * same)) return null;
  let concordant = 0;
  let below = 0; // healthy weight of smaller probabilities
  for (let i = 0; i < sorted.length;) {
    const one = sorted[i];
    let end = i;
    while (end < sorted.length && sorted[end] === one) end++;
    const ties = end - i;
    concordant += ties * one * below + (ties * (ties - 1) * one * (1 - one)) / 2;
    below += ties * (1 - one);
    i = end;
  }
  return concordant / pairs;
}
