import { normalCritical } from '../distributions/normal.js';
import { requireCounts, requireOpenUnit, requireThat } from '../input-checks.js';
import type { Extended, Interval } from '../results.js';
import { proportion, type Proportion } from './proportion.js';

/** Cases by truth and answer. */
export interface ConfusionTable {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
  readonly tn: number;
}

/** A ratio with its interval on the log scale. */
export interface Ratio {
  readonly value: Extended | null;
  readonly ci: Interval | null;
  readonly undefined?: 'ZERO_DENOMINATOR' | 'ZERO_CELL';
}

export interface ConfusionMetrics {
  readonly n: number;
  readonly sensitivity: Proportion;
  readonly specificity: Proportion;
  readonly ppv: Proportion;
  readonly npv: Proportion;
  readonly accuracy: Proportion;
  readonly prevalence: Proportion;
  readonly falsePositiveRate: Proportion;
  readonly falseNegativeRate: Proportion;
  readonly f1: number | null;
  readonly youdenJ: number | null;
  readonly balancedAccuracy: number | null;
  /** Matthews' correlation */
  readonly mcc: number | null;
  readonly lrPositive: Ratio;
  readonly lrNegative: Ratio;
  readonly diagnosticOddsRatio: Ratio;
}

/**
 * Diagnostic accuracy of a 2 × 2 table (FDA, Statistical Guidance on Reporting Results from Studies Evaluating Diagnostic
 * Tests, 2007): proportions with Wilson's and Clopper and Pearson's intervals, likelihood ratios with Simel, Samsa and
 * Matchar's (1991), the odds ratio with Woolf's.
 * @returns what has no denominator is null with ZERO_DENOMINATOR; a ratio of which a cell is empty has no interval, ZERO_CELL
 * @throws E_EMPTY all four are 0; E_DOMAIN a count that is negative or no whole number, conf outside (0, 1)
 */
export function confusionMetrics({ tp, fp, fn, tn }: ConfusionTable, conf = 0.95): ConfusionMetrics {
  requireThat(!(tp === 0 && fp === 0 && fn === 0 && tn === 0), 'E_EMPTY');
  requireCounts(tp, fp, fn, tn);
  requireOpenUnit(conf);
  const diseased = tp + fn;
  const healthy = fp + tn;
  const n = diseased + healthy;
  const z = normalCritical(conf);
  const sensitivity = proportion(tp, diseased, conf);
  const specificity = proportion(tn, healthy, conf);
  const both = sensitivity.value !== null && specificity.value !== null;
  const product = Math.sqrt(tp + fp) * Math.sqrt(diseased) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn);
  return {
    n,
    sensitivity,
    specificity,
    ppv: proportion(tp, tp + fp, conf),
    npv: proportion(tn, tn + fn, conf),
    accuracy: proportion(tp + tn, n, conf),
    prevalence: proportion(diseased, n, conf),
    falsePositiveRate: proportion(fp, healthy, conf),
    falseNegativeRate: proportion(fn, diseased, conf),
    f1: 2 * tp + fp + fn === 0 ? null : (2 * tp) / (2 * tp + fp + fn),
    youdenJ: both ? tp / diseased + tn / healthy - 1 : null,
    balancedAccuracy: both ? (tp / diseased + tn / healthy) / 2 : null,
    mcc: product === 0 ? null : (tp * tn - fp * fn) / product,
    lrPositive: likelihoodRatio([tp, diseased], [fp, healthy], z),
    lrNegative: likelihoodRatio([fn, diseased], [tn, healthy], z),
    diagnosticOddsRatio: oddsRatio({ tp, fp, fn, tn }, z),
  };
}

type Share = readonly [count: number, of: number];

/** Share of the diseased with a result over the share of the healthy with it. */
function likelihoodRatio([a, n1]: Share, [b, n2]: Share, z: number): Ratio {
  if (n1 === 0 || n2 === 0 || (a === 0 && b === 0)) return { value: null, ci: null, undefined: 'ZERO_DENOMINATOR' };
  if (b === 0) return { value: 'Infinity', ci: null, undefined: 'ZERO_CELL' };
  const value = a / n1 / (b / n2);
  if (a === 0) return { value, ci: null, undefined: 'ZERO_CELL' };
  return { value, ci: onLogScale(value, z * Math.sqrt(1 / a - 1 / n1 + (1 / b - 1 / n2))) };
}

function oddsRatio({ tp, fp, fn, tn }: ConfusionTable, z: number): Ratio {
  if (tp * tn === 0 && fp * fn === 0) return { value: null, ci: null, undefined: 'ZERO_DENOMINATOR' };
  if (fp * fn === 0) return { value: 'Infinity', ci: null, undefined: 'ZERO_CELL' };
  const value = (tp / fp) * (tn / fn);
  if (value === 0) return { value, ci: null, undefined: 'ZERO_CELL' };
  return { value, ci: onLogScale(value, z * Math.sqrt(1 / tp + 1 / fp + 1 / fn + 1 / tn)) };
}

/** Null where there is no width: a ratio of 1 to 1 of all cases says nothing of its error. */
function onLogScale(value: number, half: number): Interval | null {
  return half > 0 ? [value * Math.exp(-half), value * Math.exp(half)] : null;
}
