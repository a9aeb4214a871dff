import { GraphMalformed } from '../faults.js';
import { reduceSum } from './arithmetic.js';
import { multiplyMatrices } from './matrix.js';
import { concatenate, pad, reshape, slice, transpose, type Border, type Range } from './shape.js';
import { size, type Tape, type Value } from './tape.js';

export interface ConvolutionForm {
  /** The same along every axis; 1 where left out. */
  readonly stride?: number;
  /** Zeros around the picture, the same on every side; 0 where left out. */
  readonly padding?: number;
}

/**
 * Convolution over any number of spatial axes (ONNX Conv, as torch.nn.functional.conv2d and conv3d).
 * @param x       [N, in, ...space]
 * @param weight  [out, in, ...kernel]
 * @param bias    [out]
 */
export function convolve(
  tape: Tape,
  x: Value,
  weight: Value,
  bias: Value | undefined,
  { stride = 1, padding = 0 }: ConvolutionForm,
): Value {
  const kernel = weight.dims.slice(2);
  const space = x.dims.slice(2).map((length, i) => Math.floor((length + 2 * padding - kernel[i]) / stride) + 1);
  if (weight.dims.length !== x.dims.length || weight.dims[1] !== x.dims[1] || space.some((length) => length < 1))
    throw new GraphMalformed(`no convolution of [${x.dims.join()}] by [${weight.dims.join()}]`);
  const form = { stride, padding };
  const attributes = windowAttributes(kernel, stride, padding);
  return tape.apply('Conv', bias === undefined ? [x, weight] : [x, weight, bias], [x.dims[0], weight.dims[0], ...space], {
    attributes,
    rules: [
      (dy) => byInput(tape, x, weight, dy, form),
      (dy) => byWeight(tape, x, weight, dy, form),
      (dy) => reshape(tape, reduceSum(tape, dy, [0, ...space.map((_, i) => i + 2)]), [weight.dims[0]]),
    ],
  });
}

/** The gradient by the input is the transposed convolution; with stride 1 that is a convolution, which runs faster. */
function byInput(tape: Tape, x: Value, weight: Value, dy: Value, { stride, padding }: Required<ConvolutionForm>): Value {
  const kernel = weight.dims.slice(2);
  const axes = kernel.map((_, i) => i + 2);
  if (stride === 1 && kernel.every((length) => length > padding)) {
    const turned = transpose(tape, reversed(tape, weight), [1, 0, ...axes]);
    return tape.apply('Conv', [dy, turned], x.dims, {
      attributes: { ...windowAttributes(kernel, 1, 0), pads: { ints: twice(kernel.map((length) => length - 1 - padding)) } },
    });
  }
  const missing = axes.map((axis, i) => x.dims[axis] - ((dy.dims[axis] - 1) * stride - 2 * padding + kernel[i]));
  return tape.apply('ConvTranspose', [dy, weight], x.dims, {
    attributes: { ...windowAttributes(kernel, stride, padding), output_padding: { ints: missing } },
  });
}

/** Every kernel turned by half: by a product with a reversed identity, which is exact and far faster than Slice backwards. */
function reversed(tape: Tape, weight: Value): Value {
  const [out, channels, ...kernel] = weight.dims;
  const places = size(kernel);
  if (places === 1) return weight;
  const backwards = Float32Array.from({ length: places * places }, (_, i) =>
    Math.floor(i / places) + (i % places) === places - 1 ? 1 : 0,
  );
  const rows = reshape(tape, weight, [out * channels, places]);
  return reshape(tape, multiplyMatrices(tape, rows, tape.constant(backwards, [places, places])), weight.dims);
}

/** Fewer input channels than this make too narrow a product: then the shifted pictures are laid side by side. */
const NARROW = 16;

/** From so many positions on, a product for each picture costs less than putting the pictures side by side first. */
const MANY_POSITIONS = 128;

/**
 * The gradient by the weight: for each place in the kernel, the product of the output's gradient with the picture
 * shifted to that place, over all pictures and positions.
 */
function byWeight(tape: Tape, x: Value, weight: Value, dy: Value, form: Required<ConvolutionForm>): Value {
  const [out, channels, ...kernel] = weight.dims;
  const [n, , ...space] = dy.dims;
  const positions = size(space);
  const apart = positions >= MANY_POSITIONS; // picture by picture
  const swapped = [1, 0, ...kernel.map((_, i) => i + 2)];
  const gradient = apart ? reshape(tape, dy, [n, out, positions]) : reshape(tape, transpose(tape, dy, swapped), [out, n * positions]);
  const shiftedTo = shifts(tape, apart ? x : transpose(tape, x, swapped), space, kernel, form);
  const rows = (pictures: Value) => reshape(tape, pictures, apart ? [n, channels, positions] : [channels, n * positions]);
  const shifted = places(kernel).map((place) => rows(shiftedTo(place)));
  const product = (pictures: Value): Value => {
    if (!apart) return multiplyMatrices(tape, gradient, transpose(tape, pictures, [1, 0]));
    const each = multiplyMatrices(tape, gradient, transpose(tape, pictures, [0, 2, 1]));
    return reshape(tape, reduceSum(tape, each, [0]), each.dims.slice(1));
  };
  const products = channels < NARROW ? product(concatenate(tape, shifted, apart ? 1 : 0)) : concatenate(tape, shifted.map(product), 1);
  return reshape(tape, transpose(tape, reshape(tape, products, [out, shifted.length, channels]), [0, 2, 1]), weight.dims);
}

/**
 * The picture as each place of the kernel sees it: a part of x, padded, of the size of `space`. With a stride x is first
 * sorted into its phases (every stride-th row from the first, from the second, …), so that each view has no gaps.
 * @param x  two axes, then the spatial ones
 */
function shifts(
  tape: Tape,
  x: Value,
  space: readonly number[],
  kernel: readonly number[],
  { stride, padding }: Required<ConvolutionForm>,
): (place: readonly number[]) => Value {
  const rank = kernel.length;
  const spatial = kernel.map((_, i) => i);
  const phased = space.map((length, i) => length + Math.floor((kernel[i] - 1) / stride)); // rows of a phase that any place looks at
  const borders = spatial.map((i) => ({ axis: i + 2, before: padding, after: phased[i] * stride - padding - x.dims[i + 2] }));
  const bordered = pad(
    tape,
    crop(tape, x, borders),
    borders.map((border) => ({ ...border, after: Math.max(0, border.after) })),
  );
  if (stride === 1)
    return (place) =>
      view(
        tape,
        bordered,
        place.map((start, i) => ({ axis: i + 2, start, length: space[i] })),
      );
  const [first, second] = x.dims;
  const apart = reshape(tape, bordered, [first, second, ...phased.flatMap((length) => [length, stride])]);
  const sorted = transpose(tape, apart, [...spatial.map((i) => 2 * i + 3), 0, 1, ...spatial.map((i) => 2 * i + 2)]); // [...phases, ·, ·, ...rows]
  return (place) => {
    const phase = place.map((at, i) => ({ axis: i, start: at % stride, length: 1 }));
    const rows = place.map((at, i) => ({ axis: rank + 2 + i, start: Math.floor(at / stride), length: space[i] }));
    return reshape(tape, view(tape, sorted, [...phase, ...rows]), [first, second, ...space]);
  };
}

/** A part of x, or x itself where the ranges leave nothing out. */
function view(tape: Tape, x: Value, ranges: readonly Range[]): Value {
  const needed = ranges.filter(({ axis, length }) => length !== x.dims[axis]);
  return needed.length === 0 ? x : slice(tape, x, needed);
}

/** Rows and columns at the end that no window reaches. */
function crop(tape: Tape, x: Value, borders: readonly Border[]): Value {
  const ranges = borders.filter(({ after }) => after < 0).map(({ axis, after }) => ({ axis, start: 0, length: x.dims[axis] + after }));
  return ranges.length === 0 ? x : slice(tape, x, ranges);
}

/** Every place of a kernel, the last axis running fastest. */
function places(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>((all, length) => all.flatMap((place) => Array.from({ length }, (_, i) => [...place, i])), [[]]);
}

const twice = (values: readonly number[]): number[] => [...values, ...values];

export const windowAttributes = (kernel: readonly number[], stride: number, padding: number) => ({
  kernel_shape: { ints: kernel },
  strides: { ints: kernel.map(() => stride) },
  pads: { ints: twice(kernel.map(() => padding)) },
});
