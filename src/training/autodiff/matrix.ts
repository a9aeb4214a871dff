import { GraphMalformed } from '../faults.js';
import { reduceSum } from './arithmetic.js';
import { reshape, transpose } from './shape.js';
import type { Tape, Value } from './tape.js';

/**
 * Matrix product over the last two axes. The axes before them are the same on both sides, or b has none: then one
 * matrix serves all.
 */
export function multiplyMatrices(tape: Tape, a: Value, b: Value): Value {
  const [rows, inner] = a.dims.slice(-2);
  const [also, columns] = b.dims.slice(-2);
  const batched = b.dims.length > 2;
  if (inner !== also || (batched && b.dims.slice(0, -2).join() !== a.dims.slice(0, -2).join()))
    throw new GraphMalformed(`matrices [${a.dims.join()}] and [${b.dims.join()}] have no product`);
  return tape.apply('MatMul', [a, b], [...a.dims.slice(0, -2), rows, columns], {
    rules: [
      (dy) => multiplyMatrices(tape, dy, turned(tape, b)),
      (dy) => (batched ? multiplyMatrices(tape, turned(tape, a), dy) : multiplyMatrices(tape, turned(tape, flat(tape, a)), flat(tape, dy))),
    ],
  });
}

/** x · weightᵀ + bias. weight [out, in] as torchvision keeps it; x [..., in]. */
export function linear(tape: Tape, x: Value, weight: Value, bias: Value): Value {
  return addRow(tape, multiplyMatrices(tape, x, turned(tape, weight)), bias);
}

/** Adds a row to every row of x. */
function addRow(tape: Tape, x: Value, row: Value): Value {
  const axes = x.dims.slice(0, -1).map((_, axis) => axis);
  return tape.apply('Add', [x, row], x.dims, { rules: [(dy) => dy, (dy) => reshape(tape, reduceSum(tape, dy, axes), row.dims)] });
}

const flat = (tape: Tape, x: Value): Value => {
  const [inner] = x.dims.slice(-1);
  return reshape(tape, x, [x.dims.slice(0, -1).reduce((product, dim) => product * dim, 1), inner]);
};

/** Transposes the last two axes; the runtime folds it into the product. */
function turned(tape: Tape, x: Value): Value {
  const order = x.dims.map((_, axis) => axis);
  const last = order.length - 1;
  return transpose(tape, x, [...order.slice(0, last - 1), last, last - 1]);
}
