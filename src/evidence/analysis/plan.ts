import type { KappaWeights } from '../statistics/agreement/cohen-kappa.js';
import type { CovarianceMethod } from '../statistics/readers/reader-metric.js';
import { PlanContradictory } from './faults.js';
import type { Arm } from './study-tables.js';

/**
 * How cases count that the model gave no answer for. Worst case: a diseased one was called negative with the lowest score
 * there is, a healthy one positive with the highest. Excluded ones are a sensitivity analysis, never the primary one.
 */
export type FailureRule = 'worst-case' | 'excluded';

/** A column of the cases by which they are grouped, or a number that falls into bands. */
export interface Factor {
  readonly name: string;
  readonly column: string;
  /** Without bands the column's own values are the levels, in the order of their code points. */
  readonly bands?: readonly Band[];
}

/** Whole numbers from…to, both in it; a fraction counts as the whole number below it, as an age in completed years does. */
export interface Band {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

interface Planned {
  readonly id: string;
  /** Where this endpoint departs from the plan's own rule. */
  readonly failures?: FailureRule;
}

/** AUC of the model, DeLong. */
export interface AucEndpoint extends Planned {
  readonly kind: 'auc';
}

/** AUC of the model with patients as clusters, Obuchowski. */
export interface ClusteredAucEndpoint extends Planned {
  readonly kind: 'clustered-auc';
}

/** Sensitivity, specificity and their relatives at the plan's threshold. */
export interface AccuracyEndpoint extends Planned {
  readonly kind: 'accuracy';
}

/** The model's sensitivity or specificity less a comparator's on the same cases, Tango; non-inferiority, then superiority. */
export interface PairedAccuracyEndpoint extends Planned {
  readonly kind: 'paired-accuracy';
  readonly measure: 'sensitivity' | 'specificity';
  /** Binary column of the cases: what the comparator called each. */
  readonly comparator: string;
  readonly margin: number;
}

/** The model less the mean reader without it, on the cases that the readers read. */
export interface AgainstReadersEndpoint extends Planned {
  readonly kind: 'against-readers';
  /** AUC from ratings; sensitivity and specificity from explicit clinical actions, never from ratings. */
  readonly measure: 'auc' | 'sensitivity' | 'specificity';
  readonly margin: number;
}

/** Readers with the model less the same readers without it, fully crossed: Obuchowski and Rockette, readers and cases random. */
export interface AidedReadersEndpoint extends Planned {
  readonly kind: 'aided-readers';
  readonly measure: 'auc' | 'sensitivity' | 'specificity';
  readonly covariance: CovarianceMethod;
}

/** Whether the model's sensitivity or specificity differs between the levels of each factor; p-values adjusted over the factors. */
export interface SubgroupsEndpoint extends Planned {
  readonly kind: 'subgroups';
  readonly measure: 'sensitivity' | 'specificity';
  readonly factors: readonly Factor[];
  readonly adjustment: 'holm' | 'hochberg' | 'bonferroni';
}

export interface CalibrationEndpoint extends Planned {
  readonly kind: 'calibration';
  readonly bins: number;
  readonly hlGroups: number;
}

/** Fleiss' kappa of the readers' clinical actions in an arm. */
export interface ReaderAgreementEndpoint extends Planned {
  readonly kind: 'reader-agreement';
  readonly arm: Arm;
}

/** Cohen's kappa of the model's call with a comparator's. */
export interface ComparatorAgreementEndpoint extends Planned {
  readonly kind: 'comparator-agreement';
  readonly comparator: string;
  readonly weights: KappaWeights;
}

export type SingleEndpoint =
  | AucEndpoint
  | ClusteredAucEndpoint
  | AccuracyEndpoint
  | PairedAccuracyEndpoint
  | AgainstReadersEndpoint
  | AidedReadersEndpoint
  | SubgroupsEndpoint
  | CalibrationEndpoint
  | ReaderAgreementEndpoint
  | ComparatorAgreementEndpoint;

/** Other endpoints of the plan once more, with failures counted another way. */
export interface RepeatEndpoint {
  readonly id: string;
  readonly kind: 'repeat';
  readonly of: readonly string[];
  readonly failures: FailureRule;
}

export type PlannedEndpoint = SingleEndpoint | RepeatEndpoint;

/** The part of a locked protocol that numbers are computed from. */
export interface AnalysisPlan {
  /** A case is called positive where its score is at or above it. */
  readonly threshold: number;
  /** Lowest and highest score that the model can give: what a failure scores in the worst case. */
  readonly scoreRange: readonly [lowest: number, highest: number];
  /** Level of every two-sided interval. */
  readonly conf: number;
  /** Level of every one-sided test of a margin: (1 − conf) / 2, so that interval and test say the same. */
  readonly alphaOneSided: number;
  readonly failures: FailureRule;
  /** Smaller subgroups are reported and not tested. */
  readonly minSubgroupN: number;
  readonly endpoints: readonly PlannedEndpoint[];
}

/** @throws PlanContradictory */
export function checkPlan({ conf, alphaOneSided, scoreRange, threshold, endpoints }: AnalysisPlan): void {
  if (Math.abs(alphaOneSided - (1 - conf) / 2) > 1e-12)
    throw new PlanContradictory('The one-sided level is not half of what the intervals leave out: test and interval could disagree.');
  if (!(scoreRange[0] < threshold && threshold <= scoreRange[1]))
    throw new PlanContradictory('The threshold is not within the range of scores: all cases would be called alike.');
  const single = new Set(endpoints.flatMap((one) => (one.kind === 'repeat' ? [] : [one.id])));
  if (new Set(endpoints.map(({ id }) => id)).size !== endpoints.length) throw new PlanContradictory('Two endpoints have one id.');
  const lost = endpoints.flatMap((one) => (one.kind === 'repeat' ? one.of.filter((id) => !single.has(id)) : []));
  if (lost.length > 0) throw new PlanContradictory(`Repeated, but not planned: ${lost.join(', ')}.`);
  for (const one of endpoints) {
    if (one.kind !== 'subgroups') continue;
    if (new Set(one.factors.map(({ name }) => name)).size !== one.factors.length)
      throw new PlanContradictory(`Two factors of ${one.id} have one name.`);
    one.factors.forEach(checkBands);
  }
}

function checkBands({ name, bands = [] }: Factor): void {
  for (const [i, { from, to }] of bands.entries())
    if (!(from <= to) || bands.slice(i + 1).some((other) => other.from <= to && from <= other.to))
      throw new PlanContradictory(`The bands of ${name} overlap, or one is empty.`);
}

/** A band as protocols write it: `45-54`. @throws PlanContradictory it is none */
export function bandOf(label: string): Band {
  const [, from, to] = /^(\d+)\s*[-–]\s*(\d+)$/.exec(label) ?? [];
  if (from === undefined || to === undefined) throw new PlanContradictory(`No band of whole numbers: ${label}.`);
  return { label, from: Number(from), to: Number(to) };
}
