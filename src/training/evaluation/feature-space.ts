import type { FeatureSpace } from '../networks/served-graph.js';

/** Share of the mean variance that is added to each: features that never changed in training must not decide alone. */
const RIDGE = 0.05;

/**
 * Class means and the common covariance of training features, as the distance of an input is measured by (Lee et al. 2018).
 * @param features  [cases][F]
 * @returns whitening W with W Wᵀ = (covariance + ridge)⁻¹: the transposed inverse of its Cholesky factor
 */
export function featureSpace(features: readonly Float32Array[], labels: readonly number[], classes: number): FeatureSpace {
  const count = features[0].length;
  const means = new Float64Array(classes * count);
  const sizes = Array.from({ length: classes }, (_, k) => labels.filter((label) => label === k).length);
  features.forEach((own, i) => own.forEach((value, f) => (means[labels[i] * count + f] += value / sizes[labels[i]])));
  const covariance = new Float64Array(count * count);
  features.forEach((own, i) => {
    const apart = Float64Array.from(own, (value, f) => value - means[labels[i] * count + f]);
    for (let a = 0; a < count; a++) for (let b = 0; b <= a; b++) covariance[a * count + b] += (apart[a] * apart[b]) / features.length;
  });
  let trace = 0;
  for (let a = 0; a < count; a++) trace += covariance[a * count + a];
  for (let a = 0; a < count; a++) covariance[a * count + a] += (RIDGE * trace) / count;
  return { means: Float32Array.from(means), whitening: Float32Array.from(transposedInverse(cholesky(covariance, count), count)) };
}

/** L with L Lᵀ = the matrix, whose lower half is given. */
function cholesky(matrix: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      let value = matrix[a * n + b];
      for (let k = 0; k < b; k++) value -= lower[a * n + k] * lower[b * n + k];
      lower[a * n + b] = a === b ? Math.sqrt(value) : value / lower[b * n + b];
    }
  return lower;
}

/** (L⁻¹)ᵀ of a lower triangular matrix. */
function transposedInverse(lower: Float64Array, n: number): Float64Array {
  const turned = new Float64Array(n * n);
  for (let column = 0; column < n; column++)
    for (let row = column; row < n; row++) {
      let value = row === column ? 1 : 0;
      for (let k = column; k < row; k++) value -= lower[row * n + k] * turned[column * n + k];
      turned[column * n + row] = value / lower[row * n + row];
    }
  return turned;
}
