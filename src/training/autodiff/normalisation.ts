import { add, divide, multiply, reduceMean, reduceSum, scale, square, squareRoot, subtract } from './arithmetic.js';
import { reshape } from './shape.js';
import { size, type Tape, type Value } from './tape.js';

export interface NormalisedBatch {
  readonly y: Value;
  /** Of the batch, [C]; the variance with n in the denominator. */
  readonly mean: Value;
  readonly variance: Value;
}

/**
 * Batch normalisation by the batch's own statistics (Ioffe and Szegedy 2015), over every axis but the channels'.
 * @param x  [N, C, ...space];  gain and offset [C]
 */
export function normaliseBatch(tape: Tape, x: Value, gain: Value, offset: Value, epsilon: number): NormalisedBatch {
  const channels = x.dims[1];
  const axes = x.dims.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const count = size(x.dims) / channels;
  const column = (value: Value) =>
    reshape(
      tape,
      value,
      x.dims.map((_, axis) => (axis === 1 ? channels : 1)),
    );
  let mean: Value;
  let variance: Value;
  let inverse: Value;
  const inside = (): Value => {
    mean = reduceMean(tape, x, axes);
    const spread = subtract(tape, reduceMean(tape, square(tape, x), axes), square(tape, mean));
    variance = tape.apply('Relu', [spread], spread.dims); // rounding may leave it a hair below 0
    inverse = divide(tape, tape.scalar(1), squareRoot(tape, add(tape, variance, tape.scalar(epsilon))));
    const slope = multiply(tape, inverse, column(gain));
    return add(tape, multiply(tape, x, slope), subtract(tape, column(offset), multiply(tape, mean, slope)));
  };
  /** Sums over the batch of dy and of dy · x̂: the gradients by offset and gain. */
  const sums = once((dy: Value) => {
    const plain = reduceSum(tape, dy, axes);
    const crossed = reduceSum(tape, multiply(tape, dy, x), axes);
    return { plain, normed: multiply(tape, subtract(tape, crossed, multiply(tape, mean, plain)), inverse) };
  });
  const byInput = (dy: Value): Value => {
    const { plain, normed } = sums(dy);
    const slope = multiply(tape, inverse, column(gain));
    const along = scale(tape, multiply(tape, multiply(tape, slope, inverse), normed), -1 / count);
    const level = subtract(tape, scale(tape, multiply(tape, slope, plain), -1 / count), multiply(tape, along, mean));
    return add(tape, add(tape, multiply(tape, dy, slope), multiply(tape, x, along)), level);
  };
  const row = (value: Value) => reshape(tape, value, [channels]);
  const y = tape.compound([x, gain, offset], inside, [byInput, (dy) => row(sums(dy).normed), (dy) => row(sums(dy).plain)]);
  return { y, mean: row(mean!), variance: row(variance!) }; // `inside` has run
}

/** Layer normalisation over the last axis (Ba, Kiros and Hinton 2016). gain and offset: [last]. */
export function normaliseLayer(tape: Tape, x: Value, gain: Value, offset: Value, epsilon: number): Value {
  const last = [x.dims.length - 1];
  const centred = subtract(tape, x, reduceMean(tape, x, last));
  const deviation = squareRoot(tape, add(tape, reduceMean(tape, square(tape, centred), last), tape.scalar(epsilon)));
  return add(tape, multiply(tape, divide(tape, centred, deviation), gain), offset);
}

/** A function of one value that is called several times with the same one, and writes its operators once. */
function once<T>(of: (value: Value) => T): (value: Value) => T {
  const made = new Map<string, T>();
  return (value) => {
    const known = made.get(value.name) ?? of(value);
    made.set(value.name, known);
    return known;
  };
}
