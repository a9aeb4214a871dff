import { binomialCdf, binomialMass } from '../distributions/binomial.js';
import { chiSquareUpper } from '../distributions/chi-square.js';
import { requireCounts } from '../input-checks.js';

export interface McNemar {
  readonly chi2: number | null;
  readonly p: number | null;
  /** with Edwards' continuity correction (1948) */
  readonly chi2Cc: number | null;
  readonly pCc: number | null;
  /** two-sided, binomial */
  readonly pExact: number;
  readonly pMidp: number;
  readonly undefined?: 'NO_DISCORDANT';
}

/**
 * McNemar's test (1947) of the two discordant counts of a paired 2 × 2 table; mid-p as Fagerland, Lydersen and Laake (BMC
 * Medical Research Methodology 13 (2013) 91) have it.
 * @returns chi-squares null with NO_DISCORDANT where no pair is discordant
 * @throws E_DOMAIN a count that is negative or no whole number
 */
export function mcnemar(b: number, c: number): McNemar {
  requireCounts(b, c);
  const n = b + c;
  if (n === 0) return { chi2: null, p: null, chi2Cc: null, pCc: null, pExact: 1, pMidp: 1, undefined: 'NO_DISCORDANT' };
  const distance = Math.abs(b - c);
  const corrected = Math.max(distance - 1, 0);
  const chi2 = (distance / n) * distance;
  const chi2Cc = (corrected / n) * corrected;
  const fewer = Math.min(b, c);
  const pExact = Math.min(1, 2 * binomialCdf(fewer, n, 0.5));
  const mass = binomialMass(fewer, n, 0.5);
  return {
    chi2,
    p: chiSquareUpper(chi2, 1),
    chi2Cc,
    pCc: chiSquareUpper(chi2Cc, 1),
    pExact,
    pMidp: b === c ? 1 - mass / 2 : pExact - mass,
  };
}
