import { CHANNELS, FEATURES, GRID } from './chest-features.js';
import type { LinearModel } from './logistic-regression.js';
import type { Calibration } from './platt-scaling.js';
import type { Standardisation } from './standardisation.js';

/**
 * The finished classifier: logit of pneumonia = intercept + Σ weights · (features − means), calibrated.
 * In single precision, as the graph holds it.
 */
export interface ChestClassifier {
  /** [CHANNELS, GRID, GRID], as are the means. */
  readonly weights: Float32Array;
  readonly means: Float32Array;
  readonly intercept: number;
  /** Contribution of a cell, in units of the logit, that the attention map shows as 1. */
  readonly fullAttention: number;
}

const FULL_ATTENTION_QUANTILE = 0.995;

/** Folds standardisation, regression and calibration into one set of weights. */
export function foldClassifier(
  { weights, intercept }: LinearModel,
  { means, deviations }: Standardisation,
  { slope, offset }: Calibration,
  training: readonly Float64Array[],
): ChestClassifier {
  const folded = {
    weights: Float32Array.from(weights, (weight, k) => (slope * weight) / deviations[k]),
    means: Float32Array.from(means),
    intercept: Math.fround(slope * intercept + offset),
  };
  const raised = training.flatMap((features) => Array.from(cellContributions(folded, features))).filter((value) => value > 0);
  raised.sort((a, b) => a - b);
  return { ...folded, fullAttention: Math.fround(raised[Math.floor(FULL_ATTENTION_QUANTILE * raised.length)]) };
}

/** What each cell adds to the logit of pneumonia, against the mean training picture: [GRID, GRID]. */
export function cellContributions({ weights, means }: Pick<ChestClassifier, 'weights' | 'means'>, features: Float64Array): Float64Array {
  const cells = GRID * GRID;
  const contributions = new Float64Array(cells);
  for (let k = 0; k < FEATURES; k++) contributions[k % cells] += weights[k] * (features[k] - means[k]);
  return contributions;
}

/** Calibrated logit of pneumonia. */
export function pneumoniaLogit(classifier: ChestClassifier, features: Float64Array): number {
  return cellContributions(classifier, features).reduce((sum, value) => sum + value, classifier.intercept);
}

export const WEIGHTS_SHAPE = [1, CHANNELS, GRID, GRID] as const;
