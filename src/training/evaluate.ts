import type { ModelEvaluation } from '../inference/model-card.js';
import { round } from './chest-card.js';
import { operatingPoint, rocArea } from './evaluation/roc.js';

/** Probabilities of the finding and the truth, case by case. */
export interface Outcomes {
  readonly probabilities: readonly number[];
  readonly labels: readonly number[];
}

export function evaluate(dataset: string, split: string, { probabilities, labels }: Outcomes, threshold: number): ModelEvaluation {
  const { auc, interval } = rocArea(probabilities, labels);
  const { sensitivity, specificity } = operatingPoint(probabilities, labels, threshold);
  return {
    dataset,
    split,
    cases: labels.length,
    positives: labels.filter((label) => label === 1).length,
    auc: round(auc),
    aucInterval: [round(interval[0]), round(interval[1])],
    intervalMethod: 'DeLong 1988, 95 %; pictures taken as independent, though some patients have several',
    sensitivity: round(sensitivity),
    specificity: round(specificity),
  };
}
