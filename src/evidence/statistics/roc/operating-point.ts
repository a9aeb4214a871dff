import {
  requireBothClasses,
  requireFinite,
  requireLabels,
  requireNumber,
  requireOpenUnit,
  requireSameLength,
  requireSome,
  requireThat,
  requireUnit,
} from '../input-checks.js';
import type { ConfusionTable } from '../proportions/confusion-metrics.js';
import { StatisticsError } from '../statistics-error.js';
import type { LabelledScores } from './delong-unpaired.js';
import { rankedClasses } from './roc-auc.js';
import { ratesFromAbove } from './roc-curve.js';

/** What the threshold is to be best at. Of equal ones the highest is taken, of `specificity_at_least` the lowest. */
export type OperatingRule =
  | { readonly rule: 'youden' }
  | { readonly rule: 'sensitivity_at_least'; readonly target: number }
  | { readonly rule: 'specificity_at_least'; readonly target: number }
  | { readonly rule: 'min_cost'; readonly prevalence: number; readonly costFalseNegative: number; readonly costFalsePositive: number };

export interface OperatingPoint {
  /** an observed score of the tuning set: a case is positive where its score ≥ threshold */
  readonly threshold: number;
  readonly tuning: { readonly sensitivity: number; readonly specificity: number };
}

/** Two rates closer than this are the same: what rounding may make of one. */
const SLACK = 1e-12;

/**
 * Chooses a threshold on the tuning set, always one of its scores: a midpoint can change sides on its way through JSON.
 * @param tuning  labels 0 or 1, finite scores
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN (a target outside 0..1, a negative cost), E_ONE_CLASS,
 *         E_NO_OPERATING_POINT no observed score meets the target
 */
export function chooseOperatingPoint({ labels, scores }: LabelledScores, rule: OperatingRule): OperatingPoint {
  const levels = rankedClasses(labels, scores);
  requireRule(rule);
  requireBothClasses(levels);
  const { tpr, fpr } = ratesFromAbove(levels);
  const point = chosen(rule, tpr, fpr);
  if (point < 0) throw new StatisticsError('E_NO_OPERATING_POINT');
  const threshold = scores[levels.ranks.indexOf(tpr.length - 1 - point)];
  return { threshold, tuning: { sensitivity: tpr[point], specificity: 1 - fpr[point] } };
}

/**
 * Cases by truth and answer at a threshold, as for the locked test set.
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN
 */
export function confusionAt({ labels, scores }: LabelledScores, threshold: number): ConfusionTable {
  requireSome(labels);
  requireSameLength(labels, scores);
  const positives = requireLabels(labels);
  requireFinite(scores);
  requireNumber(threshold);
  let tp = 0;
  let fp = 0;
  for (let i = 0; i < scores.length; i++)
    if (scores[i] >= threshold) {
      if (labels[i] === 1) tp++;
      else fp++;
    }
  return { tp, fp, fn: positives - tp, tn: labels.length - positives - fp };
}

function requireRule(rule: OperatingRule): void {
  switch (rule.rule) {
    case 'youden':
      return;
    case 'sensitivity_at_least':
    case 'specificity_at_least':
      return requireUnit(rule.target);
    case 'min_cost':
      requireOpenUnit(rule.prevalence);
      requireThat(rule.costFalseNegative >= 0 && Number.isFinite(rule.costFalseNegative), 'E_DOMAIN');
      return requireThat(rule.costFalsePositive >= 0 && Number.isFinite(rule.costFalsePositive), 'E_DOMAIN');
    default:
      throw new StatisticsError('E_DOMAIN');
  }
}

/** The chosen point among those from the highest score down; −1 where there is none. */
function chosen(rule: OperatingRule, tpr: Float64Array, fpr: Float64Array): number {
  switch (rule.rule) {
    case 'youden':
      return best(tpr.length, (point) => tpr[point] - fpr[point]);
    case 'min_cost': {
      const missed = rule.prevalence * rule.costFalseNegative;
      const alarmed = (1 - rule.prevalence) * rule.costFalsePositive;
      return best(tpr.length, (point) => -(missed * (1 - tpr[point]) + alarmed * fpr[point]));
    }
    case 'sensitivity_at_least':
      return tpr.findIndex((sensitivity) => sensitivity >= rule.target - SLACK);
    case 'specificity_at_least':
      return fpr.findLastIndex((alarms) => 1 - alarms >= rule.target - SLACK);
  }
}

/** The first point whose value no later one exceeds by more than the slack. */
function best(points: number, value: (point: number) => number): number {
  let first = 0;
  for (let point = 1; point < points; point++) if (value(point) > value(first) + SLACK) first = point;
  return first;
}
