import { betaCdf, betaQuantile } from '../../../../src/evidence/statistics/distributions/beta.js';
import { binomialCdf } from '../../../../src/evidence/statistics/distributions/binomial.js';
import { chiSquareUpper } from '../../../../src/evidence/statistics/distributions/chi-square.js';
import { fNoncentralUpper, fQuantile, fUpper } from '../../../../src/evidence/statistics/distributions/f.js';
import { logGamma } from '../../../../src/evidence/statistics/distributions/log-gamma.js';
import { normalCdf, normalQuantile, normalUpper } from '../../../../src/evidence/statistics/distributions/normal.js';
import { studentQuantile, studentUpper } from '../../../../src/evidence/statistics/distributions/student-t.js';
import type { Adapter } from '../reference-cases.js';

/** Ours for each function that the file calls by R's name. */
const BY_R_NAME: Readonly<Record<string, (...args: [number, number, number, number]) => number>> = {
  qnorm: normalQuantile,
  pnorm: normalCdf,
  pnorm_upper: normalUpper,
  pt_upper: studentUpper,
  qt: studentQuantile,
  pf_upper: fUpper,
  qf: fQuantile,
  pf_noncentral_upper: fNoncentralUpper,
  pchisq_upper: chiSquareUpper,
  qbeta: betaQuantile,
  pbeta: betaCdf,
  lgamma: logGamma,
  pbinom: binomialCdf,
};

export const DISTRIBUTIONS: Readonly<Record<string, Adapter>> = {
  special_functions: ({ fn, args }: { fn: string; args: [number, number, number, number] }) => ({ value: BY_R_NAME[fn](...args) }),
};
