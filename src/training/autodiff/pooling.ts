import { GraphMalformed } from '../faults.js';
import { expand, reduceMean, scale } from './arithmetic.js';
import { windowAttributes } from './convolution.js';
import { reshape } from './shape.js';
import { size, type Tape, type Value } from './tape.js';

export interface PoolingForm {
  /** The same along every axis. */
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/** Greatest value under a window, over [N, C, ...space]. Of equal values the first one gets the gradient. */
export function maxPool(tape: Tape, x: Value, { kernel, stride, padding }: PoolingForm): Value {
  const space = x.dims.slice(2).map((length) => Math.floor((length + 2 * padding - kernel) / stride) + 1);
  const dims = [...x.dims.slice(0, 2), ...space];
  const attributes = windowAttributes(
    space.map(() => kernel),
    stride,
    padding,
  );
  return tape.apply('MaxPool', [x], dims, { attributes, rules: [(dy) => scatter(tape, dy, x, attributes)] });
}

/** Adds each gradient where its greatest value came from: MaxPool's second output counts over the whole tensor. */
function scatter(tape: Tape, dy: Value, x: Value, attributes: ReturnType<typeof windowAttributes>): Value {
  const indices = tape.fresh('places');
  tape.graph.nodeOf('MaxPool', [`${indices}_values`, indices], [x.name], attributes);
  const flat = (name: string, length: number): Value =>
    tape.apply('Reshape', [{ name, dims: [length] }], [length], { lists: [tape.whole([-1])] });
  const zeros = tape.apply('ConstantOfShape', [], [size(x.dims)], { lists: [tape.whole([size(x.dims)])] });
  const gathered = tape.apply('ScatterElements', [zeros], zeros.dims, {
    lists: [flat(indices, size(dy.dims)).name, reshape(tape, dy, [size(dy.dims)]).name],
    attributes: { reduction: { text: 'add' }, axis: { int: 0 } },
  });
  return reshape(tape, gathered, x.dims);
}

/** Means of windows side by side (kernel = stride); what does not fill a window at the end is left out. */
export function averagePool(tape: Tape, x: Value, kernel: number): Value {
  const space = x.dims.slice(2).map((length) => Math.floor(length / kernel));
  if (x.dims.slice(2).some((length, i) => length !== space[i] * kernel))
    throw new GraphMalformed('a mean over windows that do not fill the picture');
  const dims = [...x.dims.slice(0, 2), ...space];
  const attributes = windowAttributes(
    space.map(() => kernel),
    kernel,
    0,
  );
  return tape.apply('AveragePool', [x], dims, {
    attributes,
    rules: [(dy) => spread(tape, scale(tape, dy, kernel ** -space.length), kernel, x.dims)],
  });
}

/** Repeats each value over its window. */
function spread(tape: Tape, dy: Value, kernel: number, dims: readonly number[]): Value {
  const [n, channels, ...space] = dy.dims;
  const apart = reshape(tape, dy, [n, channels, ...space.flatMap((length) => [length, 1])]);
  return reshape(tape, expand(tape, apart, [n, channels, ...space.flatMap((length) => [length, kernel])]), dims);
}

/** Mean over all positions: [N, C, ...space] → [N, C]. */
export function globalAveragePool(tape: Tape, x: Value): Value {
  const [n, channels, ...space] = x.dims;
  const mean = reduceMean(
    tape,
    x,
    space.map((_, i) => i + 2),
  );
  return reshape(tape, mean, [n, channels]);
}
