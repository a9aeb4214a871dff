import { StatisticsError } from '../statistics-error.js';

/** Values replaced by the place of their level: 0 for the smallest, equal values share a place. */
export interface DenseRanks {
  /** rank of each value, in the values' order */
  readonly ranks: Uint32Array;
  /** how many different values there are */
  readonly levels: number;
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;
/** Three digits of 11, 11 and 10 bits in each half of a double. */
const PASSES = 6;

/**
 * The order that sorts values, smallest first and stable, by a radix sort of their bits: linear in their number, without
 * the comparisons' calls. A digit that all values share (the low bits of what was a float32, a common exponent) costs
 * nothing. −0 and 0 are one value.
 * @throws E_NON_FINITE  a value that is missing, not a number or infinite
 */
export function sortedOrder(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  const { low, high } = orderedBits(values);
  let order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  if (n < 2) return order;
  const counts = digitCounts(low, high);
  let next = new Uint32Array(n);
  for (let pass = 0; pass < PASSES; pass++) {
    const words = pass < 3 ? low : high;
    const shift = (pass % 3) * DIGIT_BITS;
    const count = counts.subarray(pass * DIGITS, (pass + 1) * DIGITS);
    if (count[(words[0] >>> shift) & DIGIT_MASK] === n) continue;
    for (let digit = 0, place = 0; digit < DIGITS; digit++) {
      const here = count[digit];
      count[digit] = place;
      place += here;
    }
    for (let k = 0; k < n; k++) {
      const i = order[k];
      next[count[(words[i] >>> shift) & DIGIT_MASK]++] = i;
    }
    [order, next] = [next, order];
  }
  return order;
}

/** @throws E_NON_FINITE */
export function denseRanks(values: ArrayLike<number>): DenseRanks {
  const order = sortedOrder(values);
  const ranks = new Uint32Array(values.length);
  let rank = 0;
  for (let k = 1; k < order.length; k++) {
    if (values[order[k]] !== values[order[k - 1]]) rank++;
    ranks[order[k]] = rank;
  }
  return { ranks, levels: values.length === 0 ? 0 : rank + 1 };
}

/** The doubles' bits as two words each that sort as unsigned numbers do: the sign flipped, of negative ones all bits. */
function orderedBits(values: ArrayLike<number>): { low: Uint32Array; high: Uint32Array } {
  const n = values.length;
  const low = new Uint32Array(n);
  const high = new Uint32Array(n);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer); // little-endian, as every machine that Node runs on
  for (let i = 0; i < n; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) throw new StatisticsError('E_NON_FINITE');
    double[0] = value + 0; // −0 + 0 is 0
    const negative = words[1] >>> 31 === 1;
    low[i] = negative ? ~words[0] : words[0];
    high[i] = negative ? ~words[1] : words[1] ^ 0x80000000;
  }
  return { low, high };
}

/** How often each digit has each value, for all passes in one reading. */
function digitCounts(low: Uint32Array, high: Uint32Array): Uint32Array {
  const counts = new Uint32Array(PASSES * DIGITS);
  for (let i = 0; i < low.length; i++) {
    const l = low[i];
    const h = high[i];
    counts[l & DIGIT_MASK]++;
    counts[DIGITS + ((l >>> DIGIT_BITS) & DIGIT_MASK)]++;
    counts[2 * DIGITS + (l >>> (2 * DIGIT_BITS))]++;
    counts[3 * DIGITS + (h & DIGIT_MASK)]++;
    counts[4 * DIGITS + ((h >>> DIGIT_BITS) & DIGIT_MASK)]++;
    counts[5 * DIGITS + (h >>> (2 * DIGIT_BITS))]++;
  }
  return counts;
}
