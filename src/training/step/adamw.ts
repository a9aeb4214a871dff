import type { Tape, Value } from '../autodiff/tape.js';

export interface AdamWForm {
  readonly weightDecay: number;
  /** Greatest length of the gradient; a longer one is shortened to it. */
  readonly gradientLimit: number;
}

export interface Moved {
  readonly parameters: Value;
  readonly mean: Value;
  readonly square: Value;
  /** Length of the gradient before it was shortened, [1]. */
  readonly gradientNorm: Value;
}

const BETAS = { mean: 0.9, square: 0.999 };
const EPSILON = 1e-8;

/**
 * One step of AdamW (Loshchilov and Hutter 2019) on all parameters as one vector.
 * @param pace   [3]: learning rate, 1 − 0.9^t, 1 − 0.999^t of step t, counted from 1
 * @param decays [P], 1 where weight decay applies, else 0
 */
export function adamW(
  tape: Tape,
  state: { parameters: Value; mean: Value; square: Value },
  gradient: Value,
  pace: Value,
  decays: Value,
  form: AdamWForm,
): Moved {
  const { dims } = state.parameters;
  const op = (type: string, a: Value, b: Value): Value => tape.apply(type, [a, b], a.dims.length >= b.dims.length ? a.dims : b.dims);
  const times = (a: Value, factor: number): Value => op('Mul', a, tape.scalar(factor));
  const [rate, meanShare, squareShare] = [0, 1, 2].map((at) =>
    tape.apply('Slice', [pace], [1], { lists: [tape.whole([at]), tape.whole([at + 1]), tape.whole([0]), tape.whole([1])] }),
  );
  const gradientNorm = tape.apply('ReduceL2', [gradient], [1], { attributes: { axes: { ints: [0] }, keepdims: { int: 1 } } });
  const excess = op('Div', gradientNorm, tape.scalar(form.gradientLimit));
  const limited = op('Div', gradient, op('Max', excess, tape.scalar(1)));
  const mean = op('Add', times(state.mean, BETAS.mean), times(limited, 1 - BETAS.mean));
  const square = op('Add', times(state.square, BETAS.square), times(op('Mul', limited, limited), 1 - BETAS.square));
  const root = tape.apply('Sqrt', [op('Div', square, squareShare)], dims);
  const direction = op('Div', op('Div', mean, meanShare), op('Add', root, tape.scalar(EPSILON)));
  const decay = times(op('Mul', state.parameters, decays), form.weightDecay);
  const parameters = op('Sub', state.parameters, op('Mul', op('Add', direction, decay), rate));
  return { parameters, mean, square, gradientNorm };
}
