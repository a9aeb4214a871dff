import { multiply, reduceMean, reduceSum } from '../autodiff/arithmetic.js';
import { relu } from '../autodiff/activation.js';
import type { Tape, Value } from '../autodiff/tape.js';
import type { HeadOutputs } from './heads.js';

/** Below it a map is taken for one of nothing but zeros. */
const LEAST = 1e-12;

/**
 * Grad-CAM (Selvaraju et al. 2017, equations 1 and 2) on the backbone's last features, by the gradients of our own
 * tape, through the attention head too: each channel weighs by its mean gradient, what speaks against the class is 0.
 * @param chosen  1 at the class that is to be explained, [N, K]
 * @returns 0..1 of its own greatest value, [N, 1, ...space]; all 0 where nothing speaks for the class
 */
export function gradientMap(tape: Tape, { logits, features }: HeadOutputs, chosen: Value): Value {
  const places = features.dims.slice(2).map((_, i) => i + 2);
  const wanted = reduceSum(tape, multiply(tape, logits, chosen), [0, 1]);
  const [gradients] = tape.gradients(wanted, [features]);
  const weighted = multiply(tape, features, reduceMean(tape, gradients, places));
  const map = relu(tape, reduceSum(tape, weighted, [1]));
  const greatest = tape.apply('ReduceMax', [map], [map.dims[0], ...map.dims.slice(1).map(() => 1)], {
    attributes: { axes: { ints: [1, ...places] }, keepdims: { int: 1 } },
  });
  const divisor = tape.apply('Max', [greatest, tape.scalar(LEAST)], greatest.dims);
  return tape.apply('Div', [map, divisor], map.dims);
}
