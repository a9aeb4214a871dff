import { GraphMalformed } from '../faults.js';
import { reshape } from './shape.js';
import type { Tape, Value } from './tape.js';

/** a + b; shapes broadcast as NumPy's (ONNX, Multidirectional Broadcasting). */
export function add(tape: Tape, a: Value, b: Value): Value {
  return tape.apply('Add', [a, b], broadcast(a.dims, b.dims), {
    rules: [(dy) => sumTo(tape, dy, a.dims), (dy) => sumTo(tape, dy, b.dims)],
  });
}

export function subtract(tape: Tape, a: Value, b: Value): Value {
  return tape.apply('Sub', [a, b], broadcast(a.dims, b.dims), {
    rules: [(dy) => sumTo(tape, dy, a.dims), (dy) => sumTo(tape, negate(tape, dy), b.dims)],
  });
}

export function multiply(tape: Tape, a: Value, b: Value): Value {
  return tape.apply('Mul', [a, b], broadcast(a.dims, b.dims), {
    rules: [(dy) => sumTo(tape, multiply(tape, dy, b), a.dims), (dy) => sumTo(tape, multiply(tape, dy, a), b.dims)],
  });
}

export function divide(tape: Tape, a: Value, b: Value): Value {
  const quotient: Value = tape.apply('Div', [a, b], broadcast(a.dims, b.dims), {
    rules: [
      (dy) => sumTo(tape, divide(tape, dy, b), a.dims),
      (dy) => sumTo(tape, negate(tape, multiply(tape, dy, divide(tape, quotient, b))), b.dims),
    ],
  });
  return quotient;
}

export const negate = (tape: Tape, x: Value): Value => tape.apply('Neg', [x], x.dims, { rules: [(dy) => negate(tape, dy)] });

/** x · factor, a number. */
export const scale = (tape: Tape, x: Value, factor: number): Value => multiply(tape, x, tape.scalar(factor));

export const square = (tape: Tape, x: Value): Value => multiply(tape, x, x);

/** √x; for x above 0. */
export function squareRoot(tape: Tape, x: Value): Value {
  const root: Value = tape.apply('Sqrt', [x], x.dims, { rules: [(dy) => divide(tape, scale(tape, dy, 0.5), root)] });
  return root;
}

export function exponential(tape: Tape, x: Value): Value {
  const power: Value = tape.apply('Exp', [x], x.dims, { rules: [(dy) => multiply(tape, dy, power)] });
  return power;
}

/** Natural logarithm; for x above 0. */
export const logarithm = (tape: Tape, x: Value): Value => tape.apply('Log', [x], x.dims, { rules: [(dy) => divide(tape, dy, x)] });

/** The sum over `axes`, which stay as axes of length 1. */
export function reduceSum(tape: Tape, x: Value, axes: readonly number[]): Value {
  const dims = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return tape.apply('ReduceSum', [x], dims, {
    lists: [tape.whole(axes)],
    attributes: { keepdims: { int: 1 } },
    rules: [(dy) => expand(tape, dy, x.dims)],
  });
}

/** The mean over `axes`, which stay as axes of length 1. */
export function reduceMean(tape: Tape, x: Value, axes: readonly number[]): Value {
  const dims = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  const count = axes.reduce((product, axis) => product * x.dims[axis], 1);
  return tape.apply('ReduceMean', [x], dims, {
    attributes: { axes: { ints: axes }, keepdims: { int: 1 } },
    rules: [(dy) => expand(tape, scale(tape, dy, 1 / count), x.dims)],
  });
}

/** Repeats a value along its axes of length 1. */
export const expand = (tape: Tape, x: Value, dims: readonly number[]): Value =>
  tape.apply('Expand', [x], dims, { lists: [tape.whole(dims)], rules: [(dy) => sumTo(tape, dy, x.dims)] });

/** Undoes a broadcast: sums over the axes that it repeated. */
function sumTo(tape: Tape, x: Value, dims: readonly number[]): Value {
  if (x.dims.join() === dims.join()) return x;
  const added = x.dims.length - dims.length;
  const axes = x.dims.flatMap((dim, axis) => (axis < added || (dims[axis - added] === 1 && dim !== 1) ? [axis] : []));
  return reshape(tape, reduceSum(tape, x, axes), dims);
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const one = a[axis - rank + a.length] ?? 1;
    const other = b[axis - rank + b.length] ?? 1;
    if (one !== other && one !== 1 && other !== 1) throw new GraphMalformed(`shapes [${a.join()}] and [${b.join()}] do not broadcast`);
    return Math.max(one, other);
  });
}
