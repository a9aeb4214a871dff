import { chiSquareUpper } from '../distributions/chi-square.js';
import { normalCritical } from '../distributions/normal.js';
import { requireCounts, requireOpenUnit, requireSome, requireThat } from '../input-checks.js';
import { type Extended, type Flag, type Interval, intervalOf } from '../results.js';

/** A stratum: a, b successes and failures of arm 1; c, d of arm 2. */
export type Stratum = ArrayLike<number>;

export interface MantelHaenszel {
  /** Cochran-Mantel-Haenszel, no continuity correction; null where no stratum can tell the arms apart. */
  readonly cmhChi2: number | null;
  readonly p: number | null;
  readonly mhOddsRatio: Extended | null;
  /** Variance of the logarithm by Robins, Breslow and Greenland (1986). */
  readonly mhOddsRatioCi: Interval | null;
  readonly riskDifference: number | null;
  /** Variance by Sato (1989). */
  readonly riskDifferenceCi: Interval | null;
  readonly flags: readonly Flag[];
}

/**
 * Two independent arms over strata, say sites (Mantel and Haenszel 1959).
 * @param tables  one [a, b, c, d] a stratum
 * @param conf    level of both intervals, 0 < conf < 1
 * @throws E_EMPTY, E_LENGTH_MISMATCH a stratum of not four cells, E_DOMAIN, E_TOO_FEW all cells 0
 */
export function mantelHaenszel(tables: ArrayLike<Stratum>, conf: number): MantelHaenszel {
  requireSome(tables);
  for (let k = 0; k < tables.length; k++) requireThat(tables[k].length === 4, 'E_LENGTH_MISMATCH');
  for (let k = 0; k < tables.length; k++) requireCounts(...Array.from(tables[k]));
  requireOpenUnit(conf);
  requireThat(
    Array.from(tables).some((table) => Array.from(table).some((cell) => cell > 0)),
    'E_TOO_FEW',
  );
  const z = normalCritical(conf);
  const flags = new Set<Flag>();
  const answer = { ...conditional(tables, flags), ...oddsRatio(tables, z, flags), ...riskDifference(tables, z, flags) };
  return { ...answer, flags: [...flags] };
}

function conditional(tables: ArrayLike<Stratum>, flags: Set<Flag>): Pick<MantelHaenszel, 'cmhChi2' | 'p'> {
  let [difference, variance] = [0, 0];
  for (let k = 0; k < tables.length; k++) {
    const [a, b, c, d] = Array.from(tables[k]);
    const [n1, n2, m1, m2] = [a + b, c + d, a + c, b + d];
    const n = n1 + n2;
    if (n < 2) continue; // one case has nothing to be compared with
    difference += a - (n1 * m1) / n;
    variance += ((n1 / n) * (n2 / n) * m1 * m2) / (n - 1);
  }
  if (variance === 0) {
    flags.add('ZERO_DENOMINATOR');
    return { cmhChi2: null, p: null };
  }
  const cmhChi2 = difference ** 2 / variance;
  return { cmhChi2, p: chiSquareUpper(cmhChi2, 1) };
}

function oddsRatio(tables: ArrayLike<Stratum>, z: number, flags: Set<Flag>): Pick<MantelHaenszel, 'mhOddsRatio' | 'mhOddsRatioCi'> {
  let [r, s, pr, psqr, qs] = [0, 0, 0, 0, 0];
  for (let k = 0; k < tables.length; k++) {
    const [a, b, c, d] = Array.from(tables[k]);
    const n = a + b + c + d;
    if (n === 0) continue;
    const [forOne, forTwo] = [(a * d) / n, (b * c) / n];
    const [p, q] = [(a + d) / n, (b + c) / n];
    r += forOne;
    s += forTwo;
    pr += p * forOne;
    psqr += p * forTwo + q * forOne;
    qs += q * forTwo;
  }
  if (r === 0 || s === 0) {
    flags.add(r === s ? 'ZERO_DENOMINATOR' : 'ZERO_CELL');
    return { mhOddsRatio: r === s ? null : s === 0 ? 'Infinity' : 0, mhOddsRatioCi: null };
  }
  const ratio = r / s;
  const half = z * Math.sqrt(pr / (2 * r * r) + psqr / (2 * r * s) + qs / (2 * s * s));
  const limits = intervalOf(ratio * Math.exp(-half), ratio * Math.exp(half));
  if (limits === null) flags.add('TOO_FEW_FOR_VARIANCE');
  return { mhOddsRatio: ratio, mhOddsRatioCi: limits };
}

function riskDifference(
  tables: ArrayLike<Stratum>,
  z: number,
  flags: Set<Flag>,
): Pick<MantelHaenszel, 'riskDifference' | 'riskDifferenceCi'> {
  let [weight, sum, sumP, sumQ] = [0, 0, 0, 0];
  for (let k = 0; k < tables.length; k++) {
    const [a, b, c, d] = Array.from(tables[k]);
    const [n1, n2] = [a + b, c + d];
    const n = n1 + n2;
    if (n === 0) continue;
    weight += (n1 * n2) / n;
    sum += (a * n2 - c * n1) / n;
    sumP += (n1 * n1 * c - n2 * n2 * a + (n1 * n2 * (n2 - n1)) / 2) / (n * n);
    sumQ += (a * (n2 - c) + c * (n1 - a)) / (2 * n);
  }
  if (weight === 0) {
    flags.add('ZERO_DENOMINATOR');
    return { riskDifference: null, riskDifferenceCi: null };
  }
  const difference = sum / weight;
  const variance = (difference * sumP + sumQ) / weight ** 2;
  if (!(variance > 1e-14 / weight)) {
    flags.add('ZERO_VARIANCE');
    return { riskDifference: difference, riskDifferenceCi: null };
  }
  const half = z * Math.sqrt(variance);
  return { riskDifference: difference, riskDifferenceCi: [difference - half, difference + half] };
}
