import { chiSquareUpper } from '../distributions/chi-square.js';
import { normalCritical } from '../distributions/normal.js';
import { studentCritical } from '../distributions/student-t.js';
import { requireCounts, requireOpenUnit, requireSameLength, requireSome, requireThat } from '../input-checks.js';
import type { Flag, Interval } from '../results.js';

/** A proportion over several sites, random effects on the logit scale; every proportion and limit back in 0…1. */
export interface SitePooling {
  /** Added to successes and failures of every site where a cell of one is 0: 0.5, else 0. */
  readonly continuity: number;
  readonly fixed: number;
  /** Cochran's Q, its degrees of freedom and p, and the share of variation that is between sites. */
  readonly q: number;
  readonly df: number;
  readonly qP: number;
  readonly i2: number;
  /** Variance between sites (DerSimonian and Laird 1986). */
  readonly tau2: number;
  readonly random: number;
  readonly randomCi: Interval;
  /** Hartung and Knapp 2001, t with k − 1 degrees of freedom; null where all sites have one and the same estimate. */
  readonly hartungKnappCi: Interval | null;
  /** Where another site's proportion may lie (Higgins, Thompson and Spiegelhalter 2009); null below three sites. */
  readonly predictionInterval: Interval | null;
  readonly flags: readonly Flag[];
}

/**
 * Sensitivity or specificity over institutions.
 * @param x     successes a site
 * @param n     trials a site, 1 at least
 * @param conf  level of every interval, 0 < conf < 1
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_DOMAIN, E_TOO_FEW fewer than two sites
 */
export function sitePooling(x: ArrayLike<number>, n: ArrayLike<number>, conf: number): SitePooling {
  requireSome(x);
  requireSameLength(x, n);
  const k = x.length;
  let continuity = 0;
  for (let i = 0; i < k; i++) {
    requireCounts(x[i], n[i]);
    requireThat(n[i] >= 1 && x[i] <= n[i], 'E_DOMAIN');
    if (x[i] === 0 || x[i] === n[i]) continuity = 0.5;
  }
  requireOpenUnit(conf);
  requireThat(k >= 2, 'E_TOO_FEW');
  const effects = Float64Array.from(x, (success, i) => Math.log((success + continuity) / (n[i] - success + continuity)));
  const variances = Float64Array.from(x, (success, i) => 1 / (success + continuity) + 1 / (n[i] - success + continuity));
  const fixed = weightedMean(effects, variances, 0);
  const df = k - 1;
  const q = fixed.squares;
  const scale = fixed.weight - fixed.weightSquares / fixed.weight;
  const tau2 = Math.max(0, (q - df) / scale);
  const random = weightedMean(effects, variances, tau2);
  const se = Math.sqrt(1 / random.weight);
  const around = (half: number): Interval => [logistic(random.mean - half), logistic(random.mean + half)];
  const hartungKnapp = Math.sqrt(random.squares / (df * random.weight));
  const flags: Flag[] = [];
  if (hartungKnapp === 0) flags.push('ZERO_VARIANCE');
  if (k < 3) flags.push('TOO_FEW_FOR_VARIANCE');
  return {
    continuity,
    fixed: logistic(fixed.mean),
    q,
    df,
    qP: chiSquareUpper(q, df),
    i2: q > df ? (q - df) / q : 0,
    tau2,
    random: logistic(random.mean),
    randomCi: around(normalCritical(conf) * se),
    hartungKnappCi: hartungKnapp === 0 ? null : around(studentCritical(conf, df) * hartungKnapp),
    predictionInterval: k < 3 ? null : around(studentCritical(conf, k - 2) * Math.sqrt(tau2 + se * se)),
    flags,
  };
}

const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));

interface Weighted {
  readonly mean: number;
  /** Σ w, Σ w² and Σ w (e − mean)², weights 1 / (variance + tau2). */
  readonly weight: number;
  readonly weightSquares: number;
  readonly squares: number;
}

function weightedMean(effects: Float64Array, variances: Float64Array, tau2: number): Weighted {
  let [weight, weightSquares, sum] = [0, 0, 0];
  for (let i = 0; i < effects.length; i++) {
    const w = 1 / (variances[i] + tau2);
    weight += w;
    weightSquares += w * w;
    sum += w * (effects[i] - effects[0]); // so that equal effects have themselves as mean, to the last digit
  }
  const mean = effects[0] + sum / weight;
  let squares = 0;
  for (let i = 0; i < effects.length; i++) squares += (effects[i] - mean) ** 2 / (variances[i] + tau2);
  return { mean, weight, weightSquares, squares };
}
