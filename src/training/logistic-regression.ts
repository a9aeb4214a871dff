/** Cases × features, row by row, standardised by the training set's mean and deviation. */
export interface Design {
  readonly cases: number;
  readonly features: number;
  readonly values: Float64Array;
}

export interface LinearModel {
  readonly weights: Float64Array;
  readonly intercept: number;
}

const STEPS = 2000;
const TOLERANCE = 1e-6;

/**
 * Logistic regression with an L2 penalty: minimises mean log loss + penalty / 2 · |weights|²; the intercept is free.
 * Nesterov's accelerated gradient with adaptive restart (O'Donoghue and Candès 2015). No chance is involved.
 * @param labels  0 or 1, one a case
 * @param start  where to begin; does not change the minimum
 */
export function fitLogistic(design: Design, labels: readonly number[], penalty: number, start: LinearModel): LinearModel {
  const { features } = design;
  const step = 1 / (0.25 * largestEigenvalue(design) + penalty);
  let at = Float64Array.from([...start.weights, start.intercept]);
  let ahead = at.slice();
  let momentum = 1;
  for (let i = 0; i < STEPS; i++) {
    const slope = gradient(design, labels, penalty, ahead);
    const next = ahead.map((value, k) => value - step * slope[k]);
    const moved = next.map((value, k) => value - at[k]);
    const uphill = moved.reduce((sum, value, k) => sum + value * slope[k], 0) > 0;
    const grown = uphill ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const carry = uphill ? 0 : (momentum - 1) / grown;
    ahead = next.map((value, k) => value + carry * moved[k]);
    at = next;
    momentum = grown;
    if (Math.hypot(...slope) < TOLERANCE) break;
  }
  return { weights: at.slice(0, features), intercept: at[features] };
}

/** Linear scores of all cases. */
export function scores({ cases, features, values }: Design, { weights, intercept }: LinearModel): Float64Array {
  const result = new Float64Array(cases);
  for (let i = 0; i < cases; i++) {
    let sum = intercept;
    for (let k = 0; k < features; k++) sum += values[i * features + k] * weights[k];
    result[i] = sum;
  }
  return result;
}

export const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));

/** Gradient by weights and, last, the intercept. */
function gradient(design: Design, labels: readonly number[], penalty: number, at: Float64Array): Float64Array {
  const { cases, features, values } = design;
  const score = scores(design, { weights: at.subarray(0, features), intercept: at[features] });
  const slope = at.map((value, k) => (k < features ? penalty * value : 0));
  for (let i = 0; i < cases; i++) {
    const residual = (sigmoid(score[i]) - labels[i]) / cases;
    for (let k = 0; k < features; k++) slope[k] += residual * values[i * features + k];
    slope[features] += residual;
  }
  return slope;
}

/** Largest eigenvalue of XᵀX / cases, with the intercept's column of ones, by power iteration; a little above it to be safe. */
function largestEigenvalue(design: Design): number {
  const { cases, features, values } = design;
  let direction = new Float64Array(features + 1).fill(1 / Math.sqrt(features + 1));
  let value = 0;
  for (let round = 0; round < 30; round++) {
    const product = new Float64Array(features + 1);
    const score = scores(design, { weights: direction.subarray(0, features), intercept: direction[features] });
    for (let i = 0; i < cases; i++) {
      for (let k = 0; k < features; k++) product[k] += (score[i] / cases) * values[i * features + k];
      product[features] += score[i] / cases;
    }
    value = Math.hypot(...product);
    direction = product.map((entry) => entry / value);
  }
  return 1.05 * value;
}
