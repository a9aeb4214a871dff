import { proportion } from './proportion.js';

export interface RocArea {
  readonly auc: number;
  readonly standardError: number;
  /** 95 %, Wald, kept within 0..1; where DeLong's variance is 0 (all pairs ordered), Wilson's on as many cases as the smaller class has */
  readonly interval: readonly [number, number];
}

/**
 * Area under the ROC curve (Mann–Whitney, ties count half) with DeLong's variance (DeLong, DeLong and Clarke-Pearson
 * 1988, by midranks: Sun and Xu 2014). Needs two cases of each class at least.
 */
export function rocArea(scores: ArrayLike<number>, labels: readonly number[]): RocArea {
  const all = midranks(Array.from(scores));
  const positive = labels.flatMap((label, i) => (label === 1 ? [i] : []));
  const negative = labels.flatMap((label, i) => (label === 1 ? [] : [i]));
  const amongPositive = midranks(positive.map((i) => scores[i]));
  const amongNegative = midranks(negative.map((i) => scores[i]));
  const placements = positive.map((i, k) => (all[i] - amongPositive[k]) / negative.length);
  const complements = negative.map((i, k) => 1 - (all[i] - amongNegative[k]) / positive.length);
  const auc = mean(placements);
  const standardError = Math.sqrt(variance(placements) / positive.length + variance(complements) / negative.length);
  return { auc, standardError, interval: intervalOf(auc, standardError, Math.min(positive.length, negative.length)) };
}

function intervalOf(auc: number, standardError: number, cases: number): [number, number] {
  if (standardError === 0) {
    const [low, high] = proportion(auc * cases, cases)?.interval ?? [0, 1];
    return [low, high];
  }
  const half = 1.959963984540054 * standardError;
  return [Math.max(0, auc - half), Math.min(1, auc + half)];
}

export interface OperatingPoint {
  readonly sensitivity: number;
  readonly specificity: number;
}

/** Rule: positive where score ≥ threshold. */
export function operatingPoint(scores: ArrayLike<number>, labels: readonly number[], threshold: number): OperatingPoint {
  const share = (label: number): number => {
    const own = labels.flatMap((value, i) => (value === label ? [scores[i]] : []));
    return own.filter((score) => score >= threshold).length / own.length;
  };
  return { sensitivity: share(1), specificity: 1 - share(0) };
}

/** The highest threshold that still finds at least `sensitivity` of the positives. */
export function thresholdFor(sensitivity: number, scores: ArrayLike<number>, labels: readonly number[]): number {
  const positive = labels.flatMap((label, i) => (label === 1 ? [scores[i]] : [])).sort((a, b) => b - a);
  return positive[Math.ceil(sensitivity * positive.length) - 1];
}

/** Ranks from 1, ties share the mean of theirs. */
function midranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = values.map(() => 0);
  for (let from = 0; from < order.length;) {
    let to = from + 1; // a score that is no number equals nothing, itself neither
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) ranks[order[k]] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/** Mean over the classes of the AUC of each against the rest; of two classes, that of the second. */
export function macroAuc(probabilities: readonly (readonly number[])[], labels: readonly number[]): number {
  const classes = probabilities[0].length;
  const areas = Array.from({ length: classes }, (_, k) => oneAgainstRest(probabilities, labels, k).auc);
  return classes === 2 ? areas[1] : mean(areas);
}

export function oneAgainstRest(probabilities: readonly (readonly number[])[], labels: readonly number[], k: number): RocArea {
  return rocArea(
    probabilities.map((own) => own[k]),
    labels.map((label) => (label === k ? 1 : 0)),
  );
}
