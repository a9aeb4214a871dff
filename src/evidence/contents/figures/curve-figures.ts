import type { Area, CurveOfRates, OperatingPoint } from '../../figures/figure.js';
import type { PrecisionRecallInput } from '../../figures/precision-recall.js';
import type { RocInput } from '../../figures/roc.js';
import { confusionMetrics } from '../../statistics/proportions/confusion-metrics.js';
import { requireBothClasses } from '../../statistics/input-checks.js';
import { rankedClasses } from '../../statistics/roc/roc-auc.js';
import { ratesFromAbove } from '../../statistics/roc/roc-curve.js';
import type { StudyView } from '../study/study-view.js';
import { tableOf } from './call-figures.js';
import { plannedResult } from './planned-result.js';
import { rocBand } from './roc-band.js';

/** Resampled curves of the band: its limits are quantiles of them. */
const REPLICATES = 500;

/** @throws FigureUnplanned, StatisticsError */
export function rocInput(view: StudyView): Omit<RocInput, 'title'> {
  const { answers, protocol } = view;
  const { plan, seed } = protocol.protocol;
  const auc = plannedResult(view, 'auc');
  return {
    conf: plan.conf,
    curve: curveOf(view),
    auc: { estimate: auc.auc, interval: auc.ciDelong },
    band: rocBand(answers.labels, answers.scores, { seed: String(seed), replicates: REPLICATES, conf: plan.conf }),
    operatingPoint: operatingPointOf(view),
  };
}

/** By the plan's rule of failures, as its AUC is. @throws StatisticsError */
export function curveOf({ answers }: StudyView): CurveOfRates {
  const levels = rankedClasses(answers.labels, answers.scores);
  requireBothClasses(levels);
  return ratesFromAbove(levels);
}

/** The plan's threshold on the curve, with Wilson's intervals; null without cases of a class. */
export function operatingPointOf(view: StudyView): OperatingPoint | null {
  const { sensitivity, specificity } = metricsOf(view);
  if (sensitivity.value === null || specificity.value === null) return null;
  return {
    sensitivity: sensitivity.value,
    specificity: specificity.value,
    sensitivityInterval: sensitivity.wilson,
    specificityInterval: specificity.wilson,
  };
}

const metricsOf = (view: StudyView) => confusionMetrics(tableOf(view), view.protocol.protocol.plan.conf);

/** @throws StatisticsError */
export function precisionRecallInput(view: StudyView): Omit<PrecisionRecallInput, 'title'> {
  const { answers, protocol } = view;
  const levels = rankedClasses(answers.labels, answers.scores);
  requireBothClasses(levels);
  const count = levels.positivesAt.length;
  const recall = new Float64Array(count);
  const precision = new Float64Array(count);
  let [found, called, area] = [0, 0, 0];
  for (let point = 0; point < count; point++) {
    const positives = levels.positivesAt[count - 1 - point];
    found += positives;
    called += positives + levels.negativesAt[count - 1 - point];
    recall[point] = found / levels.positives;
    precision[point] = found / called;
    area += (positives / levels.positives) * precision[point]; // step-wise, no interpolation between points
  }
  const { sensitivity, ppv, prevalence } = metricsOf(view);
  const averagePrecision: Area = { estimate: Math.min(1, area), interval: null };
  return {
    conf: protocol.protocol.plan.conf,
    recall,
    precision,
    averagePrecision,
    prevalence: prevalence.value ?? 0,
    operatingPoint:
      sensitivity.value === null || ppv.value === null
        ? null
        : { recall: sensitivity.value, precision: ppv.value, recallInterval: sensitivity.wilson, precisionInterval: ppv.wilson },
  };
}
