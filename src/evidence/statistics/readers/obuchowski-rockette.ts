import { chiSquareUpper } from '../distributions/chi-square.js';
import { fUpper } from '../distributions/f.js';
import { studentCritical, studentTwoSided } from '../distributions/student-t.js';
import { requireThat } from '../input-checks.js';
import type { Extended, Interval } from '../results.js';
import { apart, errorCovariances, mean, meanSquares, ofOneTest, type ErrorCovariances, type MeanSquares } from './anova-components.js';
import { requireAllRated, requireRatings } from './ratings-checks.js';
import { accuracyOf, covarianceMatrix, requireCasesFor, type CovarianceMethod, type ReaderMetric } from './reader-metric.js';

/** A difference of two tests, numbered from 1; null where it does not vary. */
export interface TestDifference {
  readonly a: number;
  readonly b: number;
  readonly estimate: number;
  readonly se: number;
  readonly df?: Extended;
  readonly t?: number | null;
  readonly z?: number | null;
  readonly p: number | null;
  readonly ci: Interval | null;
}

interface FTest {
  readonly F: number | null;
  readonly df1: number;
  readonly df2: Extended | null;
  readonly p: number | null;
  readonly differences: readonly TestDifference[];
}

/** One test's mean accuracy; the interval is truncated to 0..1 and null where nothing varies. */
interface MeanInterval {
  readonly se: number;
  readonly df?: Extended | null;
  readonly ci: Interval | null;
}

export interface MultiReaderAnalysis {
  /** [tests][readers] */
  readonly theta: readonly (readonly number[])[];
  readonly testMeans: readonly number[];
  readonly ms: MeanSquares;
  /** `varR` and `varTr` are estimates and may be negative */
  readonly components: ErrorCovariances & { readonly varR: number; readonly varTr: number };
  /** of Dorfman, Berbaum and Metz, which the jackknife of the AUC makes the same analysis; null otherwise */
  readonly dbmComponents: {
    readonly varR: number;
    readonly varC: number;
    readonly varTr: number;
    readonly varTc: number;
    readonly varRc: number;
    readonly varError: number;
  } | null;
  /** readers and cases random */
  readonly rrrc: FTest & { readonly denominator: number };
  /** readers fixed, cases random */
  readonly frrc: {
    readonly chi2: number | null;
    readonly df: number;
    readonly p: number | null;
    readonly differences: readonly TestDifference[];
  };
  /** readers random, cases fixed */
  readonly rrfc: FTest;
  readonly means: readonly {
    readonly test: number;
    readonly estimate: number;
    readonly msR: number;
    readonly cov2: number;
    readonly varError: number;
    readonly rrrc: MeanInterval;
    readonly frrc: MeanInterval;
    readonly rrfc: MeanInterval;
  }[];
}

/**
 * Multi-reader multi-case analysis, fully crossed: Obuchowski and Rockette (1995) with Hillis' degrees of freedom (Statistics in
 * Medicine 26 (2007) 596); with the jackknife of the AUC it is Dorfman, Berbaum and Metz' (Hillis, Berbaum and Metz 2008).
 * @param ratings  [tests][readers][cases], at least two tests and two readers; higher is more suspicious
 * @param truth  [cases], 0 or 1
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN, E_ONE_CLASS, E_TOO_FEW (one test, one reader, a class of one
 *         case), E_UNBALANCED a rating or a reader is missing in a test
 */
export function obuchowskiRockette(
  ratings: readonly (readonly ArrayLike<number>[])[],
  truth: ArrayLike<number>,
  metric: ReaderMetric,
  { covariance = 'jackknife', conf = 0.95 }: { readonly covariance?: CovarianceMethod; readonly conf?: number } = {},
): MultiReaderAnalysis {
  const columns = ratings.flat();
  const classes = requireRatings(truth, columns, metric, conf);
  requireThat(['jackknife', 'delong', 'unbiased'].includes(covariance), 'E_DOMAIN');
  requireCasesFor(metric, classes);
  requireThat(ratings.length > 1 && ratings.every((readers) => readers.length > 1), 'E_TOO_FEW');
  requireThat(new Set(ratings.map(({ length }) => length)).size === 1, 'E_UNBALANCED');
  requireAllRated(columns);
  const readers = ratings[0].length;
  const accuracies = columns.map((column) => accuracyOf(truth, column, metric));
  const matrix = covarianceMatrix(truth, accuracies, metric, covariance);
  const theta = ratings.map((_, i) => accuracies.slice(i * readers, (i + 1) * readers).map((accuracy) => accuracy.theta));
  const design = { tests: ratings.length, readers, conf, testMeans: theta.map(mean) };
  const ms = meanSquares(theta);
  const errors = errorCovariances(matrix, readers);
  const cases = truth.length;
  const { varError, cov1, cov2, cov3 } = errors;
  const varR = (ms.r - ms.tr) / design.tests - cov1 + cov3;
  const shared = Math.max(apart(cov2 - cov3, varError), 0);
  return {
    theta,
    testMeans: design.testMeans,
    ms,
    components: { ...errors, varR, varTr: ms.tr - varError + cov1 + shared },
    dbmComponents:
      metric.metric === 'auc' && covariance === 'jackknife'
        ? {
            varR,
            varC: cases * cov3,
            varTr: ms.tr - varError + cov1 + (cov2 - cov3),
            varTc: cases * (cov2 - cov3),
            varRc: cases * (cov1 - cov3),
            varError: cases * (varError - cov1 - cov2 + cov3),
          }
        : null,
    rrrc: { ...fTest(design, ms, ms.tr + readers * shared), denominator: ms.tr + readers * shared },
    frrc: fixedReaders(design, ms.t, apart(varError - cov1, varError) + (readers - 1) * shared),
    rrfc: fTest(design, ms, ms.tr),
    means: theta.map((row, i) => meanOf(i, row, matrix, conf)),
  };
}

interface Design {
  readonly tests: number;
  readonly readers: number;
  readonly conf: number;
  readonly testMeans: readonly number[];
}

/** The test of equal means with random readers; its error is the denominator's, of which MS(T×R) is the part that is estimated. */
function fTest(design: Design, ms: MeanSquares, denominator: number): FTest {
  const df1 = design.tests - 1;
  const differ = (df2: number) => differences(design, Math.sqrt((2 / design.readers) * denominator), df2);
  if (!(denominator > 0)) return { F: null, df1, df2: null, p: null, differences: differ(Infinity) };
  const ratio = denominator / ms.tr;
  const df2 = ratio * ratio * df1 * (design.readers - 1); // infinite where tests and readers do not interact
  const F = ms.t / denominator;
  return { F, df1, df2: extended(df2), p: fUpper(F, df1, df2), differences: differ(df2) };
}

function fixedReaders(design: Design, msT: number, denominator: number): MultiReaderAnalysis['frrc'] {
  const df = design.tests - 1;
  const known = denominator > 0;
  const chi2 = known ? (df * msT) / denominator : null;
  const se = known ? Math.sqrt((2 / design.readers) * denominator) : 0;
  const normal = differences(design, se, Infinity).map(({ a, b, estimate, se: error, t, p, ci }) => ({
    a,
    b,
    estimate,
    se: error,
    z: t,
    p,
    ci,
  }));
  return { chi2, df, p: chi2 === null ? null : chiSquareUpper(chi2, df), differences: normal };
}

/** Each pair of tests, the earlier less the later one. */
function differences({ testMeans, conf }: Design, se: number, df: number): TestDifference[] {
  return testMeans.flatMap((first, a) =>
    testMeans.slice(a + 1).map((second, k) => {
      const estimate = first - second;
      const between = { a: a + 1, b: a + k + 2, estimate, se, df: extended(df) };
      if (!(se > 0)) return { ...between, t: null, p: null, ci: null };
      const half = studentCritical(conf, df) * se;
      const t = estimate / se;
      return { ...between, t, p: studentTwoSided(t, df), ci: [estimate - half, estimate + half] as const };
    }),
  );
}

function meanOf(
  test: number,
  theta: readonly number[],
  matrix: readonly ArrayLike<number>[],
  conf: number,
): MultiReaderAnalysis['means'][number] {
  const readers = theta.length;
  const estimate = mean(theta);
  const { msR, varError, cov2 } = ofOneTest(theta, matrix, test);
  const shared = Math.max(cov2, 0);
  const denominator = msR + readers * shared;
  const ratio = denominator / msR;
  const within = (se: number, df: number): MeanInterval => {
    const half = se > 0 ? studentCritical(conf, df) * se : 0;
    return { se, df: se > 0 ? extended(df) : null, ci: se > 0 ? [Math.max(0, estimate - half), Math.min(1, estimate + half)] : null };
  };
  const frrc = within(Math.sqrt(Math.max(0, varError + (readers - 1) * shared) / readers), Infinity);
  return {
    test: test + 1,
    estimate,
    msR,
    cov2,
    varError,
    rrrc: within(Math.sqrt(denominator / readers), ratio * ratio * (readers - 1)),
    frrc: { se: frrc.se, ci: frrc.ci },
    rrfc: within(Math.sqrt(msR / readers), readers - 1),
  };
}

const extended = (value: number): Extended => (value === Infinity ? 'Infinity' : value);
