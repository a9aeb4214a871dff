import { type CalibrationOptions, calibration } from '../../statistics/calibration/calibration.js';
import { clusteredAuc } from '../../statistics/roc/clustered-auc.js';
import { rocAuc } from '../../statistics/roc/roc-auc.js';
import type { AnalysisPlan, CalibrationEndpoint } from '../plan.js';
import { computed } from '../refused.js';
import type { Answers } from '../study-data.js';
import { sortIntoParts } from '../trace.js';
import { type Computed, traced } from './computed.js';

/** AUC, DeLong. */
export function aucEndpoint(answers: Answers, { conf }: AnalysisPlan) {
  const result = computed(() => rocAuc(answers.labels, answers.scores, conf));
  return traced(answers, result, byTruth(answers));
}

/** AUC with patients as clusters, Obuchowski. */
export function clusteredAucEndpoint(answers: Answers, { conf }: AnalysisPlan) {
  const patients = answers.cases.map(({ patientId }) => patientId);
  const result = computed(() => clusteredAuc(answers.labels, answers.scores, patients, conf));
  return traced(answers, result, byTruth(answers));
}

/** Calibration of the scores as probabilities; its parts are the bars of the reliability diagram. */
export function calibrationEndpoint(answers: Answers, plan: AnalysisPlan, { bins, hlGroups }: CalibrationEndpoint) {
  const options: CalibrationOptions = { bins, hlGroups, conf: plan.conf };
  const result = computed(() => calibration(answers.labels, answers.scores, options));
  const lower = 'bins' in result ? result.bins.map((bin) => bin.lower) : [];
  const barOf = (score: number): string => {
    const bar = lower.findLastIndex((edge) => score >= edge);
    return `from ${lower[bar]}`;
  };
  const parts = lower.length === 0 ? {} : sortIntoParts(answers.keys, (i) => barOf(answers.scores[i]));
  return traced(answers, result, parts);
}

const byTruth = (answers: Answers): Computed<object>['trace']['parts'] =>
  sortIntoParts(answers.keys, (i) => (answers.labels[i] === 1 ? 'positive' : 'negative'), ['positive', 'negative']);
