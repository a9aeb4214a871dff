import { requireBothClasses } from '../input-checks.js';
import type { ClassLevels } from './class-levels.js';
import { rankedClasses } from './roc-auc.js';

/** The empirical ROC curve: a point at each observed score, highest first; the point (0, 0) above all scores is implied. */
export interface RocCurve {
  /** a case is positive where its score ≥ threshold */
  readonly threshold: Float64Array;
  readonly tpr: Float64Array;
  readonly fpr: Float64Array;
}

/**
 * @param labels  [cases], 0 or 1
 * @param scores  [cases], finite
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_ONE_CLASS
 */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): RocCurve {
  const levels = rankedClasses(labels, scores);
  requireBothClasses(levels);
  const count = levels.positivesAt.length;
  const threshold = new Float64Array(count);
  for (let i = 0; i < scores.length; i++) threshold[count - 1 - levels.ranks[i]] = scores[i];
  return { threshold, ...ratesFromAbove(levels) };
}

/** True and false positive rate with the threshold at each score, highest score first. */
export function ratesFromAbove({ positives, negatives, positivesAt, negativesAt }: ClassLevels): Omit<RocCurve, 'threshold'> {
  const count = positivesAt.length;
  const tpr = new Float64Array(count);
  const fpr = new Float64Array(count);
  let found = 0;
  let alarms = 0;
  for (let point = 0; point < count; point++) {
    found += positivesAt[count - 1 - point];
    alarms += negativesAt[count - 1 - point];
    tpr[point] = found / positives;
    fpr[point] = alarms / negatives;
  }
  return { tpr, fpr };
}
