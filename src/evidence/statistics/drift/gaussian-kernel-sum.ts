/**
 * Σ_i Σ_j exp(−(a_i − b_j)² / (2σ²)) in time that grows with the number of values, not of pairs: the fast Gauss transform
 * (Greengard and Strain 1991) in one dimension. Neighbouring values share a box; the kernel between two boxes is expanded in
 * Hermite functions about their centres, so that a box is known by its moments alone.
 * The kernel h_k(t) = (−1)^k d^k/dt^k e^{−t²} is bounded by 1.09 · 2^{k/2} √k! (Cramér); two deviations of at most a quarter
 * of the unit each make the term of order k at most 2^{−k/2} / √k!, which is below 1e-17 at ORDER.
 */

/** Widest box, in units of σ√2. */
const BOX = 0.5;
/** Terms kept, by the bound above. */
const ORDER = 27;
/** Distance of centres, in the same unit, at which e^{−t²} is below 1e-19 even at the boxes' nearest edges. */
const REACH = 7.2;
/** Pairs of a pair of boxes up to which their kernels are summed one by one: that is as fast as the expansion. */
const FEW_PAIRS = 150;

interface Boxes {
  readonly values: Float64Array;
  /** Where each box starts in `values`; one more at the end. */
  readonly starts: Int32Array;
  readonly centres: Float64Array;
  /** Σ d^k / k! over a box's values, d their distance from its centre in the unit, k below ORDER. */
  readonly moments: Float64Array;
}

/** @param sigma > 0 @param ascending  finite values in ascending order */
export function boxesOf(ascending: Float64Array, sigma: number): Boxes {
  const unit = sigma * Math.SQRT2;
  const starts: number[] = [];
  for (let i = 0; i < ascending.length; i++)
    if (starts.length === 0 || ascending[i] - ascending[starts[starts.length - 1]] > BOX * unit) starts.push(i);
  const centres = new Float64Array(starts.length);
  const moments = new Float64Array(starts.length * ORDER);
  starts.push(ascending.length);
  for (let b = 0; b < centres.length; b++) {
    const first = ascending[starts[b]];
    centres[b] = first + (ascending[starts[b + 1] - 1] - first) / 2;
    for (let i = starts[b]; i < starts[b + 1]; i++) {
      const d = (ascending[i] - centres[b]) / unit;
      for (let k = 0, term = 1; k < ORDER; k++, term *= d / k) moments[b * ORDER + k] += term;
    }
  }
  return { values: ascending, starts: Int32Array.from(starts), centres, moments };
}

/** The sum over all pairs of two columns in boxes of the same σ. */
export function gaussianKernelSum(a: Boxes, b: Boxes, sigma: number): number {
  const unit = sigma * Math.SQRT2;
  const hermite = new Float64Array(ORDER);
  let total = 0;
  let nearest = 0;
  for (let i = 0; i < a.centres.length; i++) {
    while (nearest < b.centres.length && a.centres[i] - b.centres[nearest] > REACH * unit) nearest++;
    for (let j = nearest; j < b.centres.length && b.centres[j] - a.centres[i] <= REACH * unit; j++) {
      const pairs = (a.starts[i + 1] - a.starts[i]) * (b.starts[j + 1] - b.starts[j]);
      total += pairs <= FEW_PAIRS ? pairwise(a, i, b, j, unit) : expanded(a, i, b, j, unit, hermite);
    }
  }
  return total;
}

function pairwise(a: Boxes, i: number, b: Boxes, j: number, unit: number): number {
  let sum = 0;
  for (let p = a.starts[i]; p < a.starts[i + 1]; p++)
    for (let q = b.starts[j]; q < b.starts[j + 1]; q++) {
      const d = (a.values[p] - b.values[q]) / unit;
      sum += Math.exp(-d * d);
    }
  return sum;
}

/** e^{−(t + d − s)²} = Σ_k h_k(t) (s − d)^k / k!, the binomial sum of the power taken over both boxes' moments. */
function expanded(a: Boxes, i: number, b: Boxes, j: number, unit: number, hermite: Float64Array): number {
  const t = (a.centres[i] - b.centres[j]) / unit;
  hermite[0] = Math.exp(-t * t);
  hermite[1] = 2 * t * hermite[0];
  for (let k = 2; k < ORDER; k++) hermite[k] = 2 * t * hermite[k - 1] - 2 * (k - 1) * hermite[k - 2];
  let sum = 0;
  for (let k = 0; k < ORDER; k++) {
    let power = 0; // Σ (s − d)^k / k! over pairs
    for (let l = 0; l <= k; l++) {
      const term = a.moments[i * ORDER + l] * b.moments[j * ORDER + k - l];
      power += l % 2 === 0 ? term : -term;
    }
    sum += hermite[k] * power;
  }
  return sum;
}
