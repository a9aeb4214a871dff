import { clusteredProportion } from '../../../../src/evidence/statistics/proportions/clustered-proportion.js';
import { confusionMetrics, type ConfusionTable } from '../../../../src/evidence/statistics/proportions/confusion-metrics.js';
import { mcnemar } from '../../../../src/evidence/statistics/proportions/mcnemar.js';
import { decisionCurve } from '../../../../src/evidence/statistics/proportions/net-benefit.js';
import { pairedProportions, type PairedTable } from '../../../../src/evidence/statistics/proportions/paired-proportions.js';
import { predictiveValuesAtPrevalence } from '../../../../src/evidence/statistics/proportions/predictive-values.js';
import { unpairedProportions, type TwoArms } from '../../../../src/evidence/statistics/proportions/unpaired-proportions.js';
import { adjustPValues, type Adjustment } from '../../../../src/evidence/statistics/multiplicity.js';
import { clusteredAuc } from '../../../../src/evidence/statistics/roc/clustered-auc.js';
import { delongPaired } from '../../../../src/evidence/statistics/roc/delong-paired.js';
import { delongUnpaired } from '../../../../src/evidence/statistics/roc/delong-unpaired.js';
import { chooseOperatingPoint, confusionAt, type OperatingRule } from '../../../../src/evidence/statistics/roc/operating-point.js';
import { partialAuc, type BandFocus } from '../../../../src/evidence/statistics/roc/partial-auc.js';
import { rocAuc } from '../../../../src/evidence/statistics/roc/roc-auc.js';
import { rocCurve } from '../../../../src/evidence/statistics/roc/roc-curve.js';
import type { Adapter } from '../reference-cases.js';

interface Cases {
  readonly labels: number[];
  readonly scores: number[];
  readonly conf: number;
}

type Clustered =
  | { readonly kind: 'proportion'; readonly successes: number[]; readonly trials: number[]; readonly conf: number }
  | ({ readonly kind: 'auc'; readonly cluster: string[] } & Cases);

interface OperatingInput {
  readonly tune_labels: number[];
  readonly tune_scores: number[];
  readonly rule: OperatingRule['rule'];
  readonly target: number;
  readonly cost: { readonly prevalence: number; readonly c_fn: number; readonly c_fp: number };
  readonly test_labels: number[];
  readonly test_scores: number[];
}

function ruleOf({ rule, target, cost }: OperatingInput): OperatingRule {
  if (rule === 'youden') return { rule };
  if (rule !== 'min_cost') return { rule, target };
  return { rule, prevalence: cost.prevalence, costFalseNegative: cost.c_fn, costFalsePositive: cost.c_fp };
}

export const DIAGNOSTIC_ACCURACY: Readonly<Record<string, Adapter>> = {
  confusion_metrics: (table: ConfusionTable & { conf: number }) => confusionMetrics(table, table.conf),
  predictive_values_at_prevalence: (table: ConfusionTable & { prevalence: number; conf: number }) =>
    predictiveValuesAtPrevalence(table, table.prevalence, table.conf),
  roc_auc: ({ labels, scores, conf }: Cases) => ({ ...rocAuc(labels, scores, conf), roc: rocCurve(labels, scores) }),
  partial_auc: ({ labels, scores, ...band }: Cases & { focus: BandFocus; low: number; high: number }) => partialAuc(labels, scores, band),
  delong_paired: ({ labels, scores1, scores2, ...options }: Cases & { scores1: number[]; scores2: number[]; margin: number }) =>
    delongPaired(labels, scores1, scores2, options),
  delong_unpaired: (input: { labels1: number[]; scores1: number[]; labels2: number[]; scores2: number[]; conf: number }) =>
    delongUnpaired({ labels: input.labels1, scores: input.scores1 }, { labels: input.labels2, scores: input.scores2 }, input.conf),
  operating_point: (input: OperatingInput) => {
    const point = chooseOperatingPoint({ labels: input.tune_labels, scores: input.tune_scores }, ruleOf(input));
    return { ...point, test: confusionAt({ labels: input.test_labels, scores: input.test_scores }, point.threshold) };
  },
  clustered: (input: Clustered) =>
    input.kind === 'auc'
      ? clusteredAuc(input.labels, input.scores, input.cluster, input.conf)
      : clusteredProportion(input.successes, input.trials, input.conf),
  mcnemar: ({ b, c }: { b: number; c: number }) => mcnemar(b, c),
  paired_proportions: (table: PairedTable & { margin: number; conf: number }) => pairedProportions(table, table.margin, table.conf),
  unpaired_proportions: (arms: TwoArms & { margin: number; conf: number }) => unpairedProportions(arms, arms.margin, arms.conf),
  multiplicity: ({ p, method, m }: { p: (number | null)[]; method: Adjustment; m?: number }) => adjustPValues(p, method, m),
  decision_curve: ({ y, p, thresholds }: { y: number[]; p: number[]; thresholds: number[] }) => decisionCurve(y, p, thresholds),
};
