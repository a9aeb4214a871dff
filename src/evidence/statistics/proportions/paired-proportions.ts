import { normalCritical, normalUpper } from '../distributions/normal.js';
import { requireCounts, requireOpenUnit, requireThat } from '../input-checks.js';
import type { Interval } from '../results.js';
import { findRoot } from '../root-finding.js';
import { wilson } from './proportion.js';

/** Cases by whether the test and the comparator were right. */
export interface PairedTable {
  /** both right */
  readonly a: number;
  /** the test alone */
  readonly b: number;
  /** the comparator alone */
  readonly c: number;
  /** neither */
  readonly d: number;
}

export interface PairedProportions {
  readonly n: number;
  readonly pTest: number;
  readonly pComparator: number;
  /** pTest − pComparator */
  readonly difference: number;
  readonly wald: Interval;
  /** the score interval (Tango 1998) */
  readonly tango: Interval;
  /** Newcombe's hybrid score interval for pairs (1998, method 10) */
  readonly newcombe10: Interval;
  /** that the test is not worse by the margin or more, at (1 − conf)/2 one-sided */
  readonly noninferiority: { readonly margin: number; readonly z: number; readonly pOneSided: number; readonly noninferior: boolean };
  /** tested only once the test is not inferior (fixed sequence), at the same level; z null where no pair is discordant */
  readonly superiority: {
    readonly z: number | null;
    readonly pOneSided: number | null;
    readonly tested: boolean;
    readonly superior: boolean;
  };
  /** no pair is discordant: Wald's interval has no width and says nothing */
  readonly undefined?: 'NO_DISCORDANT';
}

/**
 * Difference of two proportions of the same cases, the AI's and a reader's sensitivity for example, with non-inferiority and
 * then superiority (Tango, Statistics in Medicine 17 (1998) 891; Newcombe, ibid. 2635; Liu et al., ibid. 21 (2002) 231).
 * @param margin  of non-inferiority, between 0 and 1
 * @throws E_EMPTY all four are 0; E_DOMAIN a count, the margin or conf
 */
export function pairedProportions(table: PairedTable, margin: number, conf = 0.95): PairedProportions {
  const { a, b, c, d } = table;
  requireThat(!(a === 0 && b === 0 && c === 0 && d === 0), 'E_EMPTY');
  requireCounts(a, b, c, d);
  requireOpenUnit(margin);
  requireOpenUnit(conf);
  const n = a + b + c + d;
  const alpha = (1 - conf) / 2;
  const difference = (b - c) / n;
  const half = (normalCritical(conf) * Math.sqrt(b + c - ((b - c) * (b - c)) / n)) / n;
  const z = tangoScore(table, -margin);
  const pOneSided = normalUpper(z);
  const noninferior = pOneSided < alpha;
  const superiorityZ = b + c === 0 ? null : (b - c) / Math.sqrt(b + c);
  const superiorityP = superiorityZ === null ? null : normalUpper(superiorityZ);
  const tested = noninferior && superiorityP !== null;
  return {
    n,
    pTest: (a + b) / n,
    pComparator: (a + c) / n,
    difference,
    wald: [Math.max(-1, difference - half), Math.min(1, difference + half)],
    tango: tangoInterval(table, conf),
    newcombe10: newcombePaired(table, conf),
    noninferiority: { margin, z, pOneSided, noninferior },
    superiority: { z: superiorityZ, pOneSided: superiorityP, tested, superior: tested && superiorityP < alpha },
    ...(b + c === 0 ? { undefined: 'NO_DISCORDANT' } : {}),
  };
}

/** Tango's score statistic of a true difference `delta` within −1..1; falls with it. */
export function tangoScore({ a, b, c, d }: PairedTable, delta: number): number {
  const n = a + b + c + d;
  const excess = b - c - n * delta;
  const linear = (2 * n - b + c) * delta - b - c;
  const constant = -c * delta * (1 - delta);
  const root = Math.sqrt(Math.max(0, linear * linear - 8 * n * constant));
  // of the two forms of the quadratic's root the one that subtracts nothing
  const q = linear > 0 ? (-2 * constant) / (root + linear) : (root - linear) / (4 * n);
  const variance = n * (2 * q + delta * (1 - delta));
  if (excess === 0) return 0;
  return variance > 0 ? excess / Math.sqrt(variance) : Math.sign(excess) * Number.MAX_VALUE;
}

/** Where Tango's score is ±z. */
function tangoInterval(table: PairedTable, conf: number): Interval {
  const { a, b, c, d } = table;
  const z = normalCritical(conf);
  const difference = (b - c) / (a + b + c + d);
  const lower = difference === -1 ? -1 : findRoot((delta) => tangoScore(table, delta) - z, -1, difference);
  const upper = difference === 1 ? 1 : findRoot((delta) => tangoScore(table, delta) + z, difference, 1);
  return [lower, upper];
}

/** Newcombe's method 10: Wilson's limits of either proportion, joined by phi with its continuity correction. */
function newcombePaired({ a, b, c, d }: PairedTable, conf: number): Interval {
  const n = a + b + c + d;
  const p1 = (a + b) / n;
  const p2 = (a + c) / n;
  const [l1, u1] = wilson(a + b, n, conf);
  const [l2, u2] = wilson(a + c, n, conf);
  const margins = Math.sqrt(a + b) * Math.sqrt(c + d) * Math.sqrt(a + c) * Math.sqrt(b + d);
  const cross = a * d - b * c;
  const phi = margins === 0 ? 0 : (cross > 0 ? Math.max(cross - n / 2, 0) : cross) / margins;
  const distance = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  const difference = (b - c) / n;
  return [difference - distance(p1 - l1, u2 - p2), difference + distance(u1 - p1, p2 - l2)];
}
