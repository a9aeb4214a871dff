import { GraphMalformed } from '../faults.js';
import { size, type Tape, type Value } from './tape.js';

/** The same values in another shape. The first axis is written as "what is left", so that a graph serves any batch. */
export function reshape(tape: Tape, x: Value, dims: readonly number[]): Value {
  if (size(dims) !== size(x.dims)) throw new GraphMalformed(`[${x.dims.join()}] has not the size of [${dims.join()}]`);
  if (dims.join() === x.dims.join() && dims.length === x.dims.length) return x;
  const written = dims.length === 0 ? dims : [-1, ...dims.slice(1)];
  return tape.apply('Reshape', [x], dims, { lists: [tape.whole(written)], rules: [(dy) => reshape(tape, dy, x.dims)] });
}

/** Axis i of the result is axis `order[i]` of x. */
export function transpose(tape: Tape, x: Value, order: readonly number[]): Value {
  const back = order.map((_, axis) => order.indexOf(axis));
  const dims = order.map((axis) => x.dims[axis]);
  return tape.apply('Transpose', [x], dims, { attributes: { perm: { ints: order } }, rules: [(dy) => transpose(tape, dy, back)] });
}

export function concatenate(tape: Tape, parts: readonly Value[], axis: number): Value {
  const total = parts.reduce((sum, { dims }) => sum + dims[axis], 0);
  const dims = parts[0].dims.map((dim, i) => (i === axis ? total : dim));
  let from = 0;
  const rules = parts.map((part) => {
    const start = from;
    from += part.dims[axis];
    return (dy: Value) => slice(tape, dy, [{ axis, start, length: part.dims[axis] }]);
  });
  return tape.apply('Concat', parts, dims, { attributes: { axis: { int: axis } }, rules });
}

export interface Range {
  readonly axis: number;
  readonly start: number;
  readonly length: number;
}

/** A part of x along some axes. */
export function slice(tape: Tape, x: Value, ranges: readonly Range[]): Value {
  const dims = x.dims.map((dim, axis) => ranges.find((range) => range.axis === axis)?.length ?? dim);
  const whole = (of: (range: Range) => number) => tape.whole(ranges.map(of));
  const borders = ranges.map(({ axis, start, length }) => ({ axis, before: start, after: x.dims[axis] - start - length }));
  return tape.apply('Slice', [x], dims, {
    lists: [whole(({ start }) => start), whole(({ start, length }) => start + length), whole(({ axis }) => axis)],
    rules: [(dy) => pad(tape, dy, borders)],
  });
}

export interface Border {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

/** Surrounds x with a value, 0 unless given. */
export function pad(tape: Tape, x: Value, borders: readonly Border[], value = 0): Value {
  const given = borders.filter(({ before, after }) => before > 0 || after > 0);
  if (given.length === 0) return x;
  const of = (axis: number) => given.find((border) => border.axis === axis);
  const dims = x.dims.map((dim, axis) => dim + (of(axis)?.before ?? 0) + (of(axis)?.after ?? 0));
  const pads = [...x.dims.map((_, axis) => of(axis)?.before ?? 0), ...x.dims.map((_, axis) => of(axis)?.after ?? 0)];
  return tape.apply('Pad', [x], dims, {
    lists: [tape.whole(pads), ...(value === 0 ? [] : [tape.scalar(value).name])],
    rules: [
      (dy) =>
        slice(
          tape,
          dy,
          given.map(({ axis, before }) => ({ axis, start: before, length: x.dims[axis] })),
        ),
    ],
  });
}
