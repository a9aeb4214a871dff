import { add, multiply, reduceSum, scale, subtract } from './arithmetic.js';
import { TensorProto_DataType as DataType } from '../../inference/onnx/onnx_pb.js';
import type { Tape, Value } from './tape.js';

/** max(x, 0); the gradient at 0 is 0. */
export function relu(tape: Tape, x: Value): Value {
  const y: Value = tape.apply('Relu', [x], x.dims, { rules: [(dy) => multiply(tape, dy, tape.apply('Sign', [y], y.dims))] });
  return y;
}

export function sigmoid(tape: Tape, x: Value): Value {
  const y: Value = tape.apply('Sigmoid', [x], x.dims, {
    rules: [(dy) => multiply(tape, dy, multiply(tape, y, subtract(tape, tape.scalar(1), y)))],
  });
  return y;
}

/** log(1 + eˣ), without overflow. */
export const softplus = (tape: Tape, x: Value): Value =>
  tape.apply('Softplus', [x], x.dims, { rules: [(dy) => multiply(tape, dy, tape.apply('Sigmoid', [x], x.dims))] });

/** x · Φ(x), with the error function (Hendrycks and Gimpel 2016), as torchvision's ViT has it. */
export function gelu(tape: Tape, x: Value): Value {
  const normal = (): Value => {
    const erf = tape.apply('Erf', [scale(tape, x, Math.SQRT1_2)], x.dims);
    return scale(tape, add(tape, erf, tape.scalar(1)), 0.5);
  };
  const density = (): Value =>
    scale(tape, tape.apply('Exp', [scale(tape, multiply(tape, x, x), -0.5)], x.dims), 1 / Math.sqrt(2 * Math.PI));
  let phi: Value;
  const inside = () => multiply(tape, x, (phi = normal()));
  return tape.compound([x], inside, [(dy) => multiply(tape, dy, add(tape, phi, multiply(tape, x, density())))]);
}

/** Softmax over the last axis. */
export function softmax(tape: Tape, x: Value): Value {
  const last = x.dims.length - 1;
  const y: Value = tape.apply('Softmax', [x], x.dims, {
    attributes: { axis: { int: last } },
    rules: [
      (dy) => {
        const weighted = multiply(tape, dy, y);
        return subtract(tape, weighted, multiply(tape, y, reduceSum(tape, weighted, [last])));
      },
    ],
  });
  return y;
}

/** log softmax over the last axis, without underflow. */
export function logSoftmax(tape: Tape, x: Value): Value {
  const last = x.dims.length - 1;
  const y: Value = tape.apply('LogSoftmax', [x], x.dims, {
    attributes: { axis: { int: last } },
    rules: [(dy) => subtract(tape, dy, multiply(tape, tape.apply('Exp', [y], y.dims), reduceSum(tape, dy, [last])))],
  });
  return y;
}

/** 1 at the greatest value of the last axis, at all of equals, else 0. No gradient passes. */
export function atGreatest(tape: Tape, x: Value): Value {
  const last = x.dims.length - 1;
  const attributes = { axes: { ints: [last] }, keepdims: { int: 1 } };
  const greatest = tape.apply('ReduceMax', [x], [...x.dims.slice(0, -1), 1], { attributes });
  const equal = tape.apply('Equal', [x, greatest], x.dims);
  return tape.apply('Cast', [equal], x.dims, { attributes: { to: { int: DataType.FLOAT } } });
}
