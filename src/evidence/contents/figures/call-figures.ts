import type { ConfusionInput } from '../../figures/confusion.js';
import type { ScoreDistributionInput } from '../../figures/score-distribution.js';
import type { ConfusionTable } from '../../statistics/proportions/confusion-metrics.js';
import type { StudyView } from '../study/study-view.js';

/** Calls by the plan's rule of failures. */
export function tableOf({ answers: { labels, called } }: StudyView): ConfusionTable {
  const counts = [
    [0, 0],
    [0, 0],
  ];
  for (let i = 0; i < labels.length; i++) counts[labels[i]][called[i]]++;
  const [[tn, fp], [fn, tp]] = counts;
  return { tp, fp, fn, tn };
}

export function confusionInput(view: StudyView): Omit<ConfusionInput, 'title'> {
  const { tp, fp, fn, tn } = tableOf(view);
  return {
    classes: ['negative', 'positive'],
    counts: [
      [tn, fp],
      [fn, tp],
    ],
  };
}

/** Of the answers there are: what a failure is counted as is no score that the model gave. */
export function scoreInput({ cases, protocol }: StudyView): Omit<ScoreDistributionInput, 'title'> {
  const answered = cases.flatMap(({ row, prediction: { score } }) => (score === null ? [] : [{ truth: row.truth, score }]));
  return {
    labels: answered.map(({ truth }) => truth),
    scores: answered.map(({ score }) => score),
    threshold: protocol.protocol.plan.threshold,
  };
}
