/** Which source samples make each output sample along an axis, and by what weights (sum 1). */
export interface Taps {
  /** The first source sample of each output sample. */
  readonly first: Int32Array;
  /** How many follow it, itself included. */
  readonly count: Int32Array;
  /** Weight t of output sample i at i × most + t. */
  readonly weights: Float64Array;
  readonly most: number;
}

/** @param tapsOf  the first source sample and the weights of one output sample */
function tapsFrom(target: number, most: number, tapsOf: (i: number) => readonly [first: number, weights: readonly number[]]): Taps {
  const taps = { first: new Int32Array(target), count: new Int32Array(target), weights: new Float64Array(target * most), most };
  for (let i = 0; i < target; i++) {
    const [first, weights] = tapsOf(i);
    taps.first[i] = first;
    taps.count[i] = weights.length;
    taps.weights.set(weights, i * most);
  }
  return taps;
}

export function bilinearTaps(source: number, target: number): Taps {
  return tapsFrom(target, 2, (i) => {
    const at = Math.max(0, ((i + 0.5) * source) / target - 0.5);
    const first = Math.floor(at);
    return first >= source - 1 ? [source - 1, [1]] : [first, [1 - (at - first), at - first]];
  });
}

export function areaTaps(source: number, target: number): Taps {
  return tapsFrom(target, Math.ceil(source / target) + 1, (i) => {
    // In units of 1 / target of a source pixel all edges are whole numbers: no slivers from rounding.
    const from = i * source;
    const to = from + source;
    const first = Math.floor(from / target);
    const weights: number[] = [];
    for (let s = first; s * target < to; s++) weights.push((Math.min(to, (s + 1) * target) - Math.max(from, s * target)) / source);
    return [first, weights];
  });
}

/** Sharpness of the cubic kernel: OpenCV's. */
const A = -0.75;

/** Keys' kernel over four samples; what lies outside counts to the border sample. */
export function cubicTaps(source: number, target: number): Taps {
  return tapsFrom(target, 4, (i) => {
    const at = ((i + 0.5) * source) / target - 0.5;
    const whole = Math.floor(at);
    const part = at - whole;
    const kernel = [farWeight(part + 1), nearWeight(part), nearWeight(1 - part), farWeight(2 - part)];
    const inside = (s: number): number => Math.min(source - 1, Math.max(0, s));
    const first = inside(whole - 1);
    const weights = new Array<number>(inside(whole + 2) - first + 1).fill(0);
    kernel.forEach((weight, tap) => (weights[inside(whole - 1 + tap) - first] += weight));
    return [first, weights];
  });
}

/** At a distance of 0..1. */
const nearWeight = (d: number): number => ((A + 2) * d - (A + 3)) * d * d + 1;
/** At a distance of 1..2. */
const farWeight = (d: number): number => ((A * d - 5 * A) * d + 8 * A) * d - 4 * A;
