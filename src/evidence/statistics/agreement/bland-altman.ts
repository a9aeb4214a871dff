import { normalCritical } from '../distributions/normal.js';
import { studentCritical } from '../distributions/student-t.js';
import { requireFinite, requireNumber, requireOpenUnit, requireSameLength, requireSome, requireThat } from '../input-checks.js';
import { type Flag, type Interval, intervalOf } from '../results.js';
import { linConcordance } from './lin-concordance.js';

export interface MeasurementAgreement {
  readonly n: number;
  /** Mean and standard deviation (divisor n − 1) of a − b. */
  readonly bias: number;
  readonly sd: number;
  readonly biasCi: Interval | null;
  /** Limits of agreement, within which 95 % of the differences lie: bias ± 1.9599… sd, whatever the level of the intervals. */
  readonly loa: Interval | null;
  readonly loaLowerCi: Interval | null;
  readonly loaUpperCi: Interval | null;
  readonly pearson: number | null;
  /** Lin's concordance correlation. */
  readonly ccc: number | null;
  readonly cccCi: Interval | null;
  readonly flags: readonly Flag[];
}

/**
 * Agreement of two measurements of the same subjects: Bland and Altman's limits of agreement (1986; their intervals 1999)
 * and Lin's concordance.
 * @param a, b  measurements in one unit, same length
 * @param conf  level of every interval, 0 < conf < 1
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_NON_FINITE, E_DOMAIN (also squares that no double holds), E_TOO_FEW fewer than two pairs
 */
export function measurementAgreement(a: ArrayLike<number>, b: ArrayLike<number>, conf: number): MeasurementAgreement {
  requireSome(a);
  requireSameLength(a, b);
  requireFinite(a);
  requireFinite(b);
  requireOpenUnit(conf);
  const n = a.length;
  requireThat(n >= 2, 'E_TOO_FEW');
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    sum += a[i] - b[i];
    largest = Math.max(largest, Math.abs(a[i]), Math.abs(b[i]));
  }
  const bias = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (a[i] - b[i] - bias) ** 2;
  requireNumber(squares);
  // differences that are equal but for the rounding of what they are differences of do not vary
  const sd = squares <= n * (4 * Number.EPSILON * largest) ** 2 ? 0 : Math.sqrt(squares / (n - 1));
  const { flags, ...concordance } = linConcordance(a, b, conf);
  const t = studentCritical(conf, n - 1);
  const z = normalCritical(0.95);
  const half = t * sd * Math.sqrt(1 / n + z ** 2 / (2 * (n - 1)));
  const around = (centre: number, width: number): Interval | null => intervalOf(centre - width, centre + width);
  const intervals = {
    biasCi: around(bias, (t * sd) / Math.sqrt(n)),
    loa: around(bias, z * sd),
    loaLowerCi: around(bias - z * sd, half),
    loaUpperCi: around(bias + z * sd, half),
  };
  const still = Object.values(intervals).includes(null) && !flags.includes('ZERO_VARIANCE');
  return { n, bias, sd, ...intervals, ...concordance, flags: still ? ['ZERO_VARIANCE', ...flags] : flags };
}
