import { requireFinite, requireLabels, requireOpenUnit, requireSameLength, requireSome, requireUnit } from '../input-checks.js';

export interface DecisionCurve {
  /** net benefit at each threshold, in true positives per case */
  readonly model: readonly number[];
  readonly treatAll: readonly number[];
  readonly treatNone: 0;
}

/**
 * Net benefit (Vickers and Elkin 2006) of acting where the predicted probability reaches a threshold, beside acting always
 * and never.
 * @param labels  [cases], 0 or 1
 * @param probabilities  [cases], 0..1
 * @param thresholds  each between 0 and 1, in any order; the results are in theirs
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN
 */
export function decisionCurve(labels: ArrayLike<number>, probabilities: ArrayLike<number>, thresholds: ArrayLike<number>): DecisionCurve {
  requireSome(labels);
  requireSome(thresholds);
  requireSameLength(labels, probabilities);
  const positives = requireLabels(labels);
  requireFinite(probabilities);
  for (let i = 0; i < probabilities.length; i++) requireUnit(probabilities[i]);
  const all = Array.from(thresholds);
  for (const threshold of all) requireOpenUnit(threshold);
  const n = labels.length;
  const netBenefit = (found: number, alarms: number, threshold: number): number => found / n - (alarms / n) * (threshold / (1 - threshold));
  return {
    model: all.map((threshold) => {
      let found = 0;
      let alarms = 0;
      for (let i = 0; i < n; i++)
        if (probabilities[i] >= threshold) {
          if (labels[i] === 1) found++;
          else alarms++;
        }
      return netBenefit(found, alarms, threshold);
    }),
    treatAll: all.map((threshold) => netBenefit(positives, n - positives, threshold)),
    treatNone: 0,
  };
}
