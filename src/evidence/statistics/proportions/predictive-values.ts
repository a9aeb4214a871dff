import { requireCounts, requireOpenUnit, requireThat } from '../input-checks.js';
import type { Interval } from '../results.js';
import { logitInterval } from '../wald-intervals.js';
import type { ConfusionTable } from './confusion-metrics.js';

export interface PredictiveValue {
  readonly value: number | null;
  readonly ci: Interval | null;
  readonly undefined?: 'ZERO_CELL' | 'ZERO_DENOMINATOR';
}

/**
 * PPV and NPV at a prevalence that is not the sample's, as where cases were enriched: Bayes' rule with the interval on the
 * logit scale (Mercaldo, Lau and Zhou, Statistics in Medicine 26 (2007) 2170).
 * @param prevalence  of the population that is meant, between 0 and 1
 * @returns interval null with ZERO_CELL where sensitivity or specificity is such that the logit has no variance
 * @throws E_EMPTY; E_DOMAIN a count, the prevalence or conf; E_ONE_CLASS no diseased case or no healthy one
 */
export function predictiveValuesAtPrevalence(
  { tp, fp, fn, tn }: ConfusionTable,
  prevalence: number,
  conf = 0.95,
): { readonly ppv: PredictiveValue; readonly npv: PredictiveValue } {
  requireThat(!(tp === 0 && fp === 0 && fn === 0 && tn === 0), 'E_EMPTY');
  requireCounts(tp, fp, fn, tn);
  requireOpenUnit(prevalence);
  requireOpenUnit(conf);
  requireThat(tp + fn > 0 && fp + tn > 0, 'E_ONE_CLASS');
  const sensitivity = tp / (tp + fn);
  const specificity = tn / (fp + tn);
  const missed = fn / (tp + fn);
  const alarmed = fp / (fp + tn);
  return {
    ppv: predictiveValue(
      sensitivity * prevalence,
      alarmed * (1 - prevalence),
      missed / (sensitivity * (tp + fn)) + specificity / (alarmed * (fp + tn)),
      conf,
    ),
    npv: predictiveValue(
      specificity * (1 - prevalence),
      missed * prevalence,
      sensitivity / (missed * (tp + fn)) + alarmed / (specificity * (fp + tn)),
      conf,
    ),
  };
}

/** Share of the right answers among all of one kind, with the variance of its logit (not finite where a cell is empty). */
function predictiveValue(right: number, wrong: number, variance: number, conf: number): PredictiveValue {
  if (right === 0 && wrong === 0) return { value: null, ci: null, undefined: 'ZERO_DENOMINATOR' };
  const value = right / (right + wrong);
  if (right === 0 || wrong === 0 || !Number.isFinite(variance)) return { value, ci: null, undefined: 'ZERO_CELL' };
  return { value, ci: logitInterval(value, Math.sqrt(variance), conf) };
}
