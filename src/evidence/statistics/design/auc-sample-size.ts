import { normalQuantile } from '../distributions/normal.js';
import { requireCounts, requireOpenUnit, requireThat } from '../input-checks.js';
import { wholeAtLeast } from './whole-at-least.js';

/**
 * Standard error of an AUC from its value alone (Hanley and McNeil 1982).
 * @param auc   0…1
 * @param m, n  cases with and without the disease, 1 at least
 * @throws E_DOMAIN
 */
export function hanleyMcNeilSe({ auc, m, n }: { auc: number; m: number; n: number }): { se: number } {
  requireThat(auc >= 0 && auc <= 1, 'E_DOMAIN');
  requireCounts(m, n);
  requireThat(m >= 1 && n >= 1, 'E_DOMAIN');
  return { se: Math.sqrt(hanleyMcNeilVariance(auc, m, n)) };
}

function hanleyMcNeilVariance(auc: number, m: number, n: number): number {
  const square = auc * auc;
  const ofPositives = auc / (2 - auc) - square;
  const ofNegatives = (2 * square) / (1 + auc) - square;
  return Math.max(0, (auc * (1 - auc) + (m - 1) * ofPositives + (n - 1) * ofNegatives) / m / n);
}

/**
 * Cases to show that an AUC is above 0.5, one-sided at α (Obuchowski and McClish 1997; Obuchowski 2004):
 * cases = (z_{1−α} √V(0.5) + z_{1−β} √V(A))² / (A − 0.5)², V the variance of a binormal AUC times the cases.
 * @param auc    expected, 0.5 < auc < 1
 * @param kappa  controls a case, > 0
 * @throws E_DOMAIN
 */
export function aucSampleSize({ auc, kappa, alpha, beta }: { auc: number; kappa: number; alpha: number; beta: number }): {
  nCasesExact: number;
  nCases: number;
  nControls: number;
} {
  for (const share of [auc, alpha, beta]) requireOpenUnit(share);
  requireThat(auc > 0.5 && kappa > 0 && Number.isFinite(kappa), 'E_DOMAIN');
  const spread =
    -normalQuantile(alpha) * Math.sqrt(binormalVariance(0.5, kappa)) - normalQuantile(beta) * Math.sqrt(binormalVariance(auc, kappa));
  requireThat(spread > 0, 'E_DOMAIN');
  const nCasesExact = (spread / (auc - 0.5)) ** 2;
  const nCases = wholeAtLeast(nCasesExact);
  return { nCasesExact, nCases, nControls: wholeAtLeast(kappa * nCases) };
}

/** Obuchowski's variance function, with her constants: 1.414 is printed so. */
function binormalVariance(auc: number, kappa: number): number {
  const a = 1.414 * normalQuantile(auc);
  return 0.0099 * Math.exp((-a * a) / 2) * (5 * a * a + 8 + (a * a + 8) / kappa);
}

/**
 * Cases to tell two AUCs of the same cases apart, two-sided at α, with Hanley and McNeil's errors (1982, 1983): the fewest
 * cases m, controls ⌈k m⌉, at which |A1 − A2| / √(se1² + se2² − 2 r se1 se2) reaches z_{1−α/2} + z_{1−β}.
 * @param r      correlation of both AUCs, −1 < r < 1
 * @param ratio  k, controls a case, > 0
 * @throws E_DOMAIN
 */
export function pairedAucSampleSize(params: { auc1: number; auc2: number; r: number; ratio: number; alpha: number; beta: number }): {
  nCases: number;
  nControls: number;
} {
  const { auc1, auc2, r, ratio, alpha, beta } = params;
  for (const share of [auc1, auc2, alpha, beta]) requireOpenUnit(share);
  requireThat(auc1 !== auc2 && r > -1 && r < 1 && ratio > 0 && Number.isFinite(ratio), 'E_DOMAIN');
  const wanted = -normalQuantile(alpha / 2) - normalQuantile(beta);
  requireThat(wanted > 0, 'E_DOMAIN');
  const enough = (m: number): boolean => {
    const n = wholeAtLeast(ratio * m);
    const [v1, v2] = [hanleyMcNeilVariance(auc1, m, n), hanleyMcNeilVariance(auc2, m, n)];
    return Math.abs(auc1 - auc2) >= wanted * Math.sqrt(v1 + v2 - 2 * r * Math.sqrt(v1 * v2));
  };
  let high = 1; // errors shrink as cases are added: double until enough, then halve the gap
  while (!enough(high)) {
    high *= 2;
    requireThat(high <= 2 ** 40, 'E_DOMAIN');
  }
  let low = high / 2;
  if (high === 1) low = 0;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return { nCases: high, nControls: wholeAtLeast(ratio * high) };
}
