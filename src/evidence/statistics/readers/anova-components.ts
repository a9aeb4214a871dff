/** Two-way analysis of variance of [tests][readers] without replication: the mean squares. */
export interface MeanSquares {
  readonly t: number;
  readonly r: number;
  readonly tr: number;
}

/** Averages of the covariance matrix by what two accuracies share. */
export interface ErrorCovariances {
  readonly varError: number;
  /** same reader, different test */
  readonly cov1: number;
  /** same test, different reader */
  readonly cov2: number;
  /** both different */
  readonly cov3: number;
}

/** Accuracies are within 0..1: what is left of a sum of squares below this is rounding, and 0. */
const ROUNDING = 1e-30;
/** A difference of covariances below this share of the error variance is rounding, and 0. */
const SHARE = 1e-13;

export const unlessRounding = (meanSquare: number): number => (meanSquare > ROUNDING ? meanSquare : 0);

/** A difference of two covariances, 0 where only rounding keeps them apart: the same readings given as two tests vary in nothing. */
export const apart = (difference: number, varError: number): number => (Math.abs(difference) > SHARE * varError ? difference : 0);

export function meanSquares(theta: readonly (readonly number[])[]): MeanSquares {
  const tests = theta.length;
  const readers = theta[0].length;
  const testMeans = theta.map(mean);
  const readerMeans = theta[0].map((_, j) => mean(theta.map((row) => row[j])));
  const grand = mean(testMeans);
  let tr = 0;
  for (const [i, row] of theta.entries())
    for (const [j, value] of row.entries()) tr += (value - testMeans[i] - readerMeans[j] + grand) ** 2;
  return {
    t: unlessRounding((readers * sumOfSquares(testMeans, grand)) / (tests - 1)),
    r: unlessRounding((tests * sumOfSquares(readerMeans, grand)) / (readers - 1)),
    tr: unlessRounding(tr / ((tests - 1) * (readers - 1))),
  };
}

/** @param matrix  covariances of the accuracies, test by test, each reader by reader */
export function errorCovariances(matrix: readonly ArrayLike<number>[], readers: number): ErrorCovariances {
  const sums = { varError: 0, cov1: 0, cov2: 0, cov3: 0 };
  const counts = { varError: 0, cov1: 0, cov2: 0, cov3: 0 };
  for (let a = 0; a < matrix.length; a++)
    for (let b = 0; b < matrix.length; b++) {
      const sameReader = a % readers === b % readers;
      const sameTest = Math.floor(a / readers) === Math.floor(b / readers);
      const kind = sameReader ? (sameTest ? 'varError' : 'cov1') : sameTest ? 'cov2' : 'cov3';
      sums[kind] += matrix[a][b];
      counts[kind]++;
    }
  return {
    varError: sums.varError / counts.varError,
    cov1: sums.cov1 / counts.cov1,
    cov2: sums.cov2 / counts.cov2,
    cov3: sums.cov3 / counts.cov3,
  };
}

/** The same for one test: its readers' mean square, error variance and covariance of different readers. */
export function ofOneTest(theta: readonly number[], matrix: readonly ArrayLike<number>[], test: number) {
  const readers = theta.length;
  let varError = 0;
  let cov2 = 0;
  for (let j = 0; j < readers; j++)
    for (let k = 0; k < readers; k++) {
      const covariance = matrix[test * readers + j][test * readers + k];
      if (j === k) varError += covariance;
      else cov2 += covariance;
    }
  return {
    msR: unlessRounding(sumOfSquares(theta, mean(theta)) / (readers - 1)),
    varError: varError / readers,
    cov2: cov2 / (readers * (readers - 1)),
  };
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function sumOfSquares(values: readonly number[], centre: number): number {
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}
