import { normalCritical, normalTwoSided } from '../distributions/normal.js';
import { studentTwoSided } from '../distributions/student-t.js';
import { requireBothClasses, requireLabels, requireOpenUnit, requireSameLength, requireSome } from '../input-checks.js';
import type { Flag, Interval } from '../results.js';
import { classLevels } from './class-levels.js';
import { delongVariance, placements } from './placements.js';

export interface UnpairedAucs {
  readonly auc1: number;
  readonly auc2: number;
  /** auc1 − auc2 */
  readonly difference: number;
  readonly seDifference: number | null;
  readonly z: number | null;
  /** Welch's, with all cases of a curve as its size, as pROC has it */
  readonly df: number | null;
  /** two-sided, by t with `df` */
  readonly p: number | null;
  /** two-sided, by the normal distribution, as most papers have it */
  readonly pNormal: number | null;
  readonly ci: Interval | null;
  readonly flags: readonly Flag[];
}

/** Labels and scores of one sample. */
export interface LabelledScores {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/**
 * Two ROC curves on different cases, two sites for example (pROC's `roc.test(paired = FALSE)`).
 * @returns test and interval null with ZERO_VARIANCE where neither curve varies, with TOO_FEW_FOR_VARIANCE where a class of
 *          either has one case
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN, E_ONE_CLASS
 */
export function delongUnpaired(first: LabelledScores, second: LabelledScores, conf = 0.95): UnpairedAucs {
  const samples = [first, second] as const;
  for (const { labels } of samples) requireSome(labels);
  for (const { labels, scores } of samples) requireSameLength(labels, scores);
  for (const { labels } of samples) requireLabels(labels);
  const [levels1, levels2] = samples.map(({ labels, scores }) => classLevels(labels, scores));
  requireOpenUnit(conf);
  requireBothClasses(levels1);
  requireBothClasses(levels2);
  const placed1 = placements(levels1);
  const placed2 = placements(levels2);
  const aucs = { auc1: placed1.auc, auc2: placed2.auc, difference: placed1.auc - placed2.auc };
  const var1 = delongVariance(levels1, placed1);
  const var2 = delongVariance(levels2, placed2);
  const untested = { seDifference: null, z: null, df: null, p: null, pNormal: null, ci: null };
  if (var1 === null || var2 === null) return { ...aucs, ...untested, flags: ['TOO_FEW_FOR_VARIANCE'] };
  const variance = var1 + var2;
  if (variance === 0) return { ...aucs, ...untested, seDifference: 0, flags: ['ZERO_VARIANCE'] };
  const seDifference = Math.sqrt(variance);
  const z = aucs.difference / seDifference;
  const df = (variance * variance) / ((var1 * var1) / (first.labels.length - 1) + (var2 * var2) / (second.labels.length - 1));
  const half = normalCritical(conf) * seDifference;
  const ci: Interval = [aucs.difference - half, aucs.difference + half];
  return { ...aucs, seDifference, z, df, p: studentTwoSided(z, df), pNormal: normalTwoSided(z), ci, flags: [] };
}
