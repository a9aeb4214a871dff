import { requireBothClasses, requireThat, requireUnit } from '../input-checks.js';
import { ratesFromAbove } from './roc-curve.js';
import { rankedClasses } from './roc-auc.js';

export interface PartialAuc {
  /** area within the band, at most its width */
  readonly pauc: number;
  /** McClish's form: 0.5 for chance, 1 for a perfect curve */
  readonly paucCorrected: number;
}

/** Which rate the band is of. */
export type BandFocus = 'specificity' | 'sensitivity';

/**
 * Partial area under the empirical ROC curve, straight between its points (McClish 1989; pROC's `partial.auc`).
 * A band of specificity is the area below the curve where 1 − specificity is in it; a band of sensitivity the area between
 * the curve and 1 − specificity = 1 where the sensitivity is in it.
 * @param labels  [cases], 0 or 1
 * @param scores  [cases], finite
 * @param low, high  the band's ends, 0 ≤ low < high ≤ 1
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN, E_ONE_CLASS
 */
export function partialAuc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  { focus, low, high }: { readonly focus: BandFocus; readonly low: number; readonly high: number },
): PartialAuc {
  const levels = rankedClasses(labels, scores);
  requireUnit(low);
  requireUnit(high);
  requireThat(low < high, 'E_DOMAIN');
  requireThat(focus === 'specificity' || focus === 'sensitivity', 'E_DOMAIN');
  requireBothClasses(levels);
  const { tpr, fpr } = ratesFromAbove(levels);
  const pauc =
    focus === 'specificity'
      ? areaBelow(fpr, tpr, 0, [1 - high, 1 - low])
      : areaBelow(
          tpr,
          fpr.map((rate) => 1 - rate),
          1,
          [low, high],
        );
  const width = high - low;
  const chance = (width * (2 - low - high)) / 2;
  return { pauc, paucCorrected: (1 + (pauc - chance) / (width - chance)) / 2 };
}

/** Area below the line through (0, `yAtZero`) and the points, x never falling, from one x to another. */
function areaBelow(x: Float64Array, y: Float64Array, yAtZero: number, [from, to]: readonly [number, number]): number {
  let area = 0;
  let x0 = 0;
  let y0 = yAtZero;
  for (let point = 0; point < x.length && x0 < to; point++) {
    const x1 = x[point];
    const y1 = y[point];
    const left = Math.max(x0, from);
    const right = Math.min(x1, to);
    if (right > left) {
      const slope = (y1 - y0) / (x1 - x0);
      area += (right - left) * (y0 + slope * ((left + right) / 2 - x0));
    }
    x0 = x1;
    y0 = y1;
  }
  return area;
}
