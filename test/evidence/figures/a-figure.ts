import type { CalibrationInput } from '../../../src/evidence/figures/calibration.js';
import type { CaseFlowInput } from '../../../src/evidence/figures/case-flow.js';
import type { ConfusionInput } from '../../../src/evidence/figures/confusion.js';
import type { DriftInput } from '../../../src/evidence/figures/drift.js';
import type { PrecisionRecallInput } from '../../../src/evidence/figures/precision-recall.js';
import type { ReaderScatterInput } from '../../../src/evidence/figures/reader-scatter.js';
import type { RocInput } from '../../../src/evidence/figures/roc.js';
import type { ScoreDistributionInput } from '../../../src/evidence/figures/score-distribution.js';
import type { SubgroupForestInput } from '../../../src/evidence/figures/subgroup-forest.js';

/** Numbers from 0 to 1 that look like chance and are the same each time (Park and Miller 1988). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

export interface Scored {
  readonly labels: number[];
  readonly scores: number[];
}

export function scoredCases(count: number, seed = 7): Scored {
  const next = chance(seed);
  const labels = Array.from({ length: count }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const scores = labels.map((label) => Math.min(1, Math.max(0, (next() + next() + next()) / 3 + (label === 1 ? 0.22 : -0.12))));
  return { labels, scores };
}

const highestFirst = ({ labels, scores }: Scored): number[] =>
  [...labels.keys()].sort((a, b) => scores[b] - scores[a]).map((i) => labels[i]);

export function ratesOf(cases: Scored): { fpr: number[]; tpr: number[]; recall: number[]; precision: number[] } {
  const sorted = highestFirst(cases);
  const positives = sorted.filter((label) => label === 1).length;
  const points = { fpr: [] as number[], tpr: [] as number[], recall: [] as number[], precision: [] as number[] };
  let found = 0;
  for (const [i, label] of sorted.entries()) {
    found += label;
    points.fpr.push((i + 1 - found) / (sorted.length - positives));
    points.tpr.push(found / positives);
    points.recall.push(found / positives);
    points.precision.push(found / (i + 1));
  }
  return points;
}

export function aRoc(given: Partial<RocInput> = {}): RocInput {
  const { fpr, tpr } = ratesOf(scoredCases(400));
  const grid = Array.from({ length: 21 }, (_, i) => i / 20);
  const near = grid.map((rate) => tpr[fpr.findIndex((one) => one >= rate)]);
  return {
    title: 'ROC curve of the model, all cases',
    conf: 0.95,
    curve: { fpr, tpr },
    auc: { estimate: 0.912, interval: [0.88, 0.94] },
    band: { fpr: grid, lower: near.map((rate) => Math.max(0, rate - 0.05)), upper: near.map((rate) => Math.min(1, rate + 0.04)) },
    operatingPoint: { sensitivity: 0.8, specificity: 0.85, sensitivityInterval: [0.71, 0.87], specificityInterval: [0.8, 0.89] },
    ...given,
  };
}

export function aPrecisionRecall(given: Partial<PrecisionRecallInput> = {}): PrecisionRecallInput {
  const { recall, precision } = ratesOf(scoredCases(400));
  return {
    title: 'Precision and recall',
    conf: 0.95,
    recall,
    precision,
    averagePrecision: { estimate: 0.81, interval: [0.74, 0.87] },
    prevalence: 0.25,
    operatingPoint: { recall: 0.8, precision: 0.64, recallInterval: [0.71, 0.87], precisionInterval: [0.55, 0.72] },
    ...given,
  };
}

export function aCalibration(given: Partial<CalibrationInput> = {}): CalibrationInput {
  const { labels, scores } = scoredCases(400);
  const bins = Array.from({ length: 10 }, (_, k) => {
    const own = scores.flatMap((score, i) => (Math.min(9, Math.floor(score * 10)) === k ? [i] : []));
    const edges = { lower: k / 10, upper: (k + 1) / 10, n: own.length };
    if (own.length === 0) return { ...edges, meanPredicted: null, observed: null, interval: null };
    const mean = (values: readonly number[]): number => own.reduce((sum, i) => sum + values[i], 0) / own.length;
    const observed = mean(labels);
    const half = 1 / Math.sqrt(own.length + 4);
    const interval = [Math.max(0, observed - half), Math.min(1, observed + half)] as const;
    return { ...edges, meanPredicted: mean(scores), observed, interval };
  });
  return { title: 'Calibration', conf: 0.95, bins, ece: 0.094, scores, ...given };
}

export const aDistribution = (given: Partial<ScoreDistributionInput> = {}): ScoreDistributionInput => ({
  title: 'Scores by class',
  ...scoredCases(400),
  threshold: 0.5,
  ...given,
});

export function aForest(count = 12, given: Partial<SubgroupForestInput> = {}): SubgroupForestInput {
  const next = chance(11);
  const subgroups = Array.from({ length: count }, (_, i) => {
    const estimate = 0.78 + 0.2 * next();
    const interval = [estimate - 0.08 * next(), Math.min(1, estimate + 0.06 * next())] as const;
    const row = {
      variable: ['Sex', 'Age', 'Scanner', 'Site'][Math.floor(i / 10) % 4],
      level: `Level ${i + 1}`,
      n: Math.round(40 + 900 * next()),
    };
    return i === 5 ? { ...row, estimate: null, interval: null } : { ...row, estimate, interval: i === 3 ? null : interval };
  });
  return {
    title: 'AUC by subgroup',
    conf: 0.95,
    metric: 'AUC',
    subgroups,
    pooled: { n: 29_000, estimate: 0.912, interval: [0.901, 0.923] },
    ...given,
  };
}

export function aReaderScatter(count = 6, given: Partial<ReaderScatterInput> = {}): ReaderScatterInput {
  const next = chance(3);
  const readers = Array.from({ length: count }, (_, i) => {
    const unaided = { sensitivity: 0.6 + 0.2 * next(), specificity: 0.7 + 0.2 * next() };
    const aided = { sensitivity: Math.min(1, unaided.sensitivity + 0.1), specificity: Math.min(1, unaided.specificity + 0.06 * next()) };
    return { reader: `Reader ${i + 1}`, unaided, aided };
  });
  const { curve, auc, title, conf } = aRoc({ title: 'Readers with and without the model' });
  return { title, conf, readers, curve, auc, operatingPoint: { sensitivity: 0.8, specificity: 0.85 }, ...given };
}

export const aConfusion = (given: Partial<ConfusionInput> = {}): ConfusionInput => ({
  title: 'Calls against truth',
  classes: ['No finding', 'Finding'],
  counts: [
    [254, 46],
    [20, 80],
  ],
  ...given,
});

export function aDrift(count = 24, given: Partial<DriftInput> = {}): DriftInput {
  const next = chance(5);
  const values = Array.from({ length: count }, (_, i) => 0.05 + 0.05 * next() + (0.2 * i) / count);
  return {
    title: 'Population stability of the scores by week',
    statistic: 'PSI',
    labels: values.map((_, i) => `2026-W${String(i + 1).padStart(2, '0')}`),
    values,
    lowerLimit: null,
    upperLimit: 0.2,
    alarms: values.flatMap((value, i) => (value > 0.2 ? [i] : [])),
    ...given,
  };
}

export const aCaseFlow = (given: Partial<CaseFlowInput> = {}): CaseFlowInput => ({
  title: 'Flow of cases (STARD)',
  steps: [
    {
      label: 'Examinations screened',
      n: 29_431,
      excluded: [
        { reason: 'younger than 18 years', n: 211 },
        { reason: 'no frontal view', n: 120 },
      ],
    },
    { label: 'Eligible', n: 29_100, excluded: [{ reason: 'no reference standard within twelve months of the examination', n: 97 }] },
    { label: 'Read by the model', n: 29_003, excluded: [{ reason: 'model failed', n: 3 }] },
    { label: 'Analysed', n: 29_000, excluded: [] },
  ],
  groups: [
    { label: 'With the finding', n: 7_250 },
    { label: 'Without the finding', n: 21_750 },
  ],
  ...given,
});
