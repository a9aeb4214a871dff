import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { measurementAgreement } from '../../../src/evidence/statistics/agreement/bland-altman.js';
import { cohenKappa } from '../../../src/evidence/statistics/agreement/cohen-kappa.js';
import { fleissKappa } from '../../../src/evidence/statistics/agreement/fleiss-kappa.js';
import { intraclassCorrelation } from '../../../src/evidence/statistics/agreement/icc.js';
import { krippendorffAlpha } from '../../../src/evidence/statistics/agreement/krippendorff-alpha.js';
import { brierScore } from '../../../src/evidence/statistics/calibration/brier.js';
import { calibration } from '../../../src/evidence/statistics/calibration/calibration.js';
import { hosmerLemeshow } from '../../../src/evidence/statistics/calibration/goodness-of-fit.js';
import { calibrationSlope } from '../../../src/evidence/statistics/calibration/logistic-recalibration.js';
import { aucSampleSize, hanleyMcNeilSe, pairedAucSampleSize } from '../../../src/evidence/statistics/design/auc-sample-size.js';
import { pairedNoninferiorityPairs } from '../../../src/evidence/statistics/design/paired-noninferiority.js';
import { mrmcPower } from '../../../src/evidence/statistics/design/mrmc-power.js';
import {
  mcnemarPairs,
  proportionAgainstGoal,
  proportionPrecision,
} from '../../../src/evidence/statistics/design/proportion-sample-size.js';
import { distributionDrift } from '../../../src/evidence/statistics/drift/distribution-drift.js';
import { adwin } from '../../../src/evidence/statistics/monitors/adwin.js';
import { bernoulliCusum } from '../../../src/evidence/statistics/monitors/bernoulli-cusum.js';
import { cusum } from '../../../src/evidence/statistics/monitors/cusum.js';
import { ewma } from '../../../src/evidence/statistics/monitors/ewma.js';
import { pageHinkley } from '../../../src/evidence/statistics/monitors/page-hinkley.js';
import { mantelHaenszel } from '../../../src/evidence/statistics/pooling/mantel-haenszel.js';
import { sitePooling } from '../../../src/evidence/statistics/pooling/site-pooling.js';
import { estimateHeterogeneity, proportionHeterogeneity } from '../../../src/evidence/statistics/pooling/subgroup-heterogeneity.js';
import { expectedPerformance } from '../../../src/evidence/statistics/prevalence/expected-performance.js';
import { prevalenceByLikelihood, roganGladen } from '../../../src/evidence/statistics/prevalence/label-shift.js';
import { anyCount, anyLabel, anyLevel, anyNumber, anyProbability, column, expectSound, finiteNumber } from './hostile-columns.js';

/** Seeded, so that a failure is found again. */
const RUNS = { seed: 20260101, numRuns: 400 };

const pairs = <A, B>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>) =>
  column(fc.tuple(a, b), 14).map((rows) => [rows.map(([x]) => x), rows.map(([, y]) => y)] as const);
const matrix = <T>(of: fc.Arbitrary<T>) =>
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }))
    .chain(([rows, columns]) => fc.array(fc.array(of, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }));

/** What is tried, and how: a property that is looked for a counterexample to. */
const tried: [name: string, look: () => void][] = [];
function check<T>(name: string, inputs: fc.Arbitrary<T>, call: (input: T) => unknown): void {
  tried.push([
    name,
    () => {
      fc.assert(
        fc.property(inputs, (input) => expectSound(() => call(input))),
        RUNS,
      );
    },
  ]);
}

const code = fc.integer({ min: 1, max: 3 });
check('Cohen’s kappa', fc.tuple(pairs(code, code), fc.constantFrom('none', 'linear', 'quadratic'), anyLevel), ([[a, b], weights, conf]) =>
  cohenKappa(a, b, [1, 2, 3], weights, conf),
);
check('Fleiss’ kappa', fc.tuple(matrix(fc.integer({ min: 0, max: 2 })), fc.integer({ min: 1, max: 4 })), ([counts, raters]) =>
  // rows are filled up to one sum, so that most of them are balanced
  fleissKappa(counts.map((row) => [...row, Math.max(0, raters * 2 - row.reduce((sum, one) => sum + one, 0))])),
);
check('Intraclass correlation', fc.tuple(matrix(finiteNumber), anyLevel), ([ratings, conf]) => intraclassCorrelation(ratings, conf));
check('Intraclass correlation of ratings in few steps', fc.tuple(matrix(code), anyLevel), ([ratings, conf]) =>
  intraclassCorrelation(ratings, conf),
);
for (const level of ['nominal', 'ordinal', 'interval', 'ratio'] as const)
  check(`Krippendorff’s alpha, ${level}`, matrix(fc.option(anyNumber, { freq: 4 })), (ratings) => krippendorffAlpha(ratings, level));
check('Bland and Altman, Lin', fc.tuple(pairs(finiteNumber, finiteNumber), anyLevel), ([[a, b], conf]) => measurementAgreement(a, b, conf));
check('Bland and Altman of constants', fc.tuple(pairs(code, code), anyLevel), ([[a, b], conf]) => measurementAgreement(a, b, conf));

check('Calibration', fc.tuple(pairs(anyLabel, anyProbability), fc.integer({ min: 1, max: 12 })), ([[y, p], bins]) =>
  calibration(y, p, { bins, hlGroups: bins + 1 }),
);
check('Calibration slope', pairs(anyLabel, anyProbability), ([y, p]) => calibrationSlope(y, p));
check('Brier score', pairs(anyLabel, anyProbability), ([y, p]) => brierScore(y, p));
check('Hosmer and Lemeshow', pairs(anyLabel, anyProbability), ([y, p]) => hosmerLemeshow(y, p, 3));

const bandwidth = fc.constantFrom(1e-300, 1e-3, 0.2, 1, 1e300, 0, -1, NaN);
check('Drift of a distribution', fc.tuple(column(anyNumber), column(anyNumber), bandwidth), ([a, b, sigma]) =>
  distributionDrift(a, b, 4, sigma),
);
check('Drift of a distribution of few values', fc.tuple(column(code), column(code), bandwidth), ([a, b, sigma]) =>
  distributionDrift(a, b, 10, sigma),
);

check('CUSUM', fc.tuple(column(finiteNumber), anyNumber, anyNumber, anyNumber, anyNumber), ([x, mu, sd, k, h]) =>
  cusum(x, { mu, sd, k, h }),
);
check('EWMA', fc.tuple(column(finiteNumber), anyNumber, anyNumber, anyProbability, anyNumber), ([x, mu, sd, lambda, L]) =>
  ewma(x, { mu, sd, lambda, L }),
);
check('Page-Hinkley', fc.tuple(column(finiteNumber), anyNumber, anyNumber, anyProbability), ([x, delta, lambda, alpha]) =>
  pageHinkley(x, { delta, lambda, alpha }),
);
check('Bernoulli CUSUM', fc.tuple(column(anyLabel), anyProbability, anyProbability, anyNumber), ([x, p0, p1, h]) =>
  bernoulliCusum(x, { p0, p1, h }),
);
check('ADWIN', fc.tuple(column(finiteNumber, 30), anyProbability), ([x, delta]) => adwin(x, { delta }));

check('Sites pooled', fc.tuple(pairs(anyCount, anyCount), anyLevel), ([[x, more], conf]) =>
  sitePooling(
    x,
    x.map((one, i) => one + more[i]),
    conf,
  ),
);
check('Mantel and Haenszel', fc.tuple(column(fc.tuple(anyCount, anyCount, anyCount, anyCount), 4), anyLevel), ([tables, conf]) =>
  mantelHaenszel(tables, conf),
);
check('Subgroups by proportions', fc.tuple(pairs(anyCount, anyCount), anyCount), ([[x, more], minN]) =>
  proportionHeterogeneity(
    x,
    x.map((one, i) => one + more[i]),
    minN,
  ),
);
check('Subgroups by estimates', pairs(anyNumber, anyNumber), ([estimate, variance]) => estimateHeterogeneity(estimate, variance));

check('Performance without labels', fc.tuple(column(anyProbability), anyNumber), ([p, threshold]) => expectedPerformance(p, threshold));
check('Prevalence by likelihood', fc.tuple(column(anyProbability), anyProbability), ([p, training]) => prevalenceByLikelihood(p, training));
check('Rogan and Gladen', fc.tuple(anyProbability, anyProbability, anyProbability), ([apparent, se, sp]) =>
  roganGladen({ apparent, se, sp }),
);

const share = fc.oneof(anyProbability, anyNumber);
const four = fc.tuple(share, share, share, share);
check('Size for a precision', four, ([p, halfWidth, prevalence, conf]) => proportionPrecision({ p, halfWidth, prevalence, conf }));
check('Size against a goal', four, ([p0, p1, alpha, beta]) => proportionAgainstGoal({ p0, p1, alpha, beta }));
check('Pairs for McNemar', four, ([p10, p01, alpha, beta]) => mcnemarPairs({ p10, p01, alpha, beta }));
check('Pairs for non-inferiority', fc.tuple(four, share), ([[p10, p01, alpha, beta], margin]) =>
  pairedNoninferiorityPairs({ p10, p01, margin, alpha, beta }),
);
check('Error of an AUC', fc.tuple(share, anyCount, anyCount), ([auc, m, n]) => hanleyMcNeilSe({ auc, m, n }));
check('Size for an AUC', four, ([auc, kappa, alpha, beta]) => aucSampleSize({ auc, kappa, alpha, beta }));
check('Size for two AUCs', fc.tuple(four, share, anyNumber), ([[auc1, auc2, alpha, beta], r, ratio]) =>
  pairedAucSampleSize({ auc1, auc2, r, ratio, alpha, beta }),
);
check(
  'Power of a reader study',
  fc.tuple(fc.tuple(anyCount, anyCount, anyCount), fc.array(anyNumber, { minLength: 6, maxLength: 6 }), anyProbability),
  ([[readers, cases, pilotCases], [effect, varTr, varError, cov1, cov2, cov3], alpha]) =>
    mrmcPower({ readers, cases, pilotCases, effect, varTr, varError, cov1, cov2, cov3, alpha }),
);

describe('Hostile inputs have a sound answer or a coded one', () => {
  it.each(tried)('%s', (_, look) => {
    expect(look).not.toThrow();
  });
});
