/** @jest-environment <rootDir>/onnx.environment.js */
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { OnnxGraph } from '../../../src/inference/onnx/onnx-graph.js';
import { gelu, logSoftmax, relu, sigmoid, softmax, softplus } from '../../../src/training/autodiff/activation.js';
import {
  add,
  divide,
  expand,
  exponential,
  logarithm,
  multiply,
  negate,
  reduceMean,
  reduceSum,
  scale,
  square,
  squareRoot,
  subtract,
} from '../../../src/training/autodiff/arithmetic.js';
import { convolve } from '../../../src/training/autodiff/convolution.js';
import { linear, multiplyMatrices } from '../../../src/training/autodiff/matrix.js';
import { normaliseBatch, normaliseLayer } from '../../../src/training/autodiff/normalisation.js';
import { averagePool, globalAveragePool, maxPool } from '../../../src/training/autodiff/pooling.js';
import { concatenate, pad, reshape, slice, transpose } from '../../../src/training/autodiff/shape.js';
import { size, Tape, type Value } from '../../../src/training/autodiff/tape.js';
import { Random } from '../../../src/training/random.js';
import { trainingLoss } from '../../../src/training/step/loss.js';
import { runInDouble, type Tensor } from './double-precision.js';

/** Of the greatest gradient of the case: single precision against differences in double precision. */
const TOLERANCE = 2e-5;
const STEP = 1e-5;

interface Case {
  readonly dims: readonly (readonly number[])[];
  readonly build: (tape: Tape, inputs: readonly Value[]) => Value;
  /** All inputs above 0: for roots and logarithms. */
  readonly positive?: boolean;
}

const one = (build: (tape: Tape, x: Value) => Value, dims: readonly number[] = [2, 3, 4]): Case => ({
  dims: [dims],
  build: (tape, [x]) => build(tape, x),
});
const two = (build: (tape: Tape, a: Value, b: Value) => Value, a: readonly number[] = [2, 3, 4], b: readonly number[] = [3, 1]): Case => ({
  dims: [a, b],
  build: (tape, [x, y]) => build(tape, x, y),
});
const convolution = (x: readonly number[], weight: readonly number[], form: { stride?: number; padding?: number }): Case => ({
  dims: [x, weight, [weight[0]]],
  build: (tape, [image, kernel, bias]) => convolve(tape, image, kernel, bias, form),
});

const CASES: Readonly<Record<string, Case>> = {
  add: two(add),
  'add, repeated on both sides': two(add, [3, 1], [2, 1, 4]),
  subtract: two(subtract),
  multiply: two(multiply),
  'multiply with itself': one((tape, x) => multiply(tape, x, x)),
  divide: { ...two(divide), positive: true },
  negate: one(negate),
  scale: one((tape, x) => scale(tape, x, -2.5)),
  square: one(square),
  squareRoot: { ...one(squareRoot), positive: true },
  exponential: one(exponential),
  logarithm: { ...one(logarithm), positive: true },
  reduceSum: one((tape, x) => reduceSum(tape, x, [0, 2])),
  reduceMean: one((tape, x) => reduceMean(tape, x, [1])),
  expand: one((tape, x) => expand(tape, x, [2, 3, 4]), [2, 1, 4]),
  reshape: one((tape, x) => reshape(tape, x, [6, 4])),
  transpose: one((tape, x) => transpose(tape, x, [2, 0, 1])),
  concatenate: two((tape, a, b) => concatenate(tape, [a, b, a], 1), [2, 3, 4], [2, 2, 4]),
  slice: one((tape, x) =>
    slice(tape, x, [
      { axis: 1, start: 1, length: 2 },
      { axis: 2, start: 0, length: 3 },
    ]),
  ),
  pad: one((tape, x) =>
    pad(tape, x, [
      { axis: 1, before: 2, after: 1 },
      { axis: 2, before: 0, after: 1 },
    ]),
  ),
  relu: one(relu),
  sigmoid: one(sigmoid),
  gelu: one(gelu),
  softplus: one(softplus),
  softmax: one(softmax),
  logSoftmax: one(logSoftmax),
  'multiplyMatrices, one for all': two(multiplyMatrices, [2, 3, 4], [4, 5]),
  'multiplyMatrices, batched': two(multiplyMatrices, [2, 2, 3, 4], [2, 2, 4, 5]),
  linear: { dims: [[2, 3, 4], [5, 4], [5]], build: (tape, [x, weight, bias]) => linear(tape, x, weight, bias) },
  'convolve 3 × 3': convolution([2, 3, 5, 6], [4, 3, 3, 3], { padding: 1 }),
  'convolve 3 × 3, wide': convolution([1, 17, 4, 4], [3, 17, 3, 3], { padding: 1 }),
  'convolve 3 × 3, stride 2, even': convolution([2, 3, 6, 8], [4, 3, 3, 3], { stride: 2, padding: 1 }),
  'convolve 3 × 3, stride 2, odd': convolution([2, 3, 5, 7], [4, 3, 3, 3], { stride: 2, padding: 1 }),
  'convolve 7 × 7, stride 2': convolution([2, 1, 9, 10], [2, 1, 7, 7], { stride: 2, padding: 3 }),
  'convolve 3 × 3, many positions': convolution([1, 2, 12, 12], [3, 2, 3, 3], { padding: 1 }),
  'convolve 3 × 3, many positions, stride 2': convolution([1, 1, 24, 23], [2, 1, 3, 3], { stride: 2, padding: 1 }),
  'convolve 1 × 1': convolution([2, 3, 4, 5], [4, 3, 1, 1], {}),
  'convolve 1 × 1, stride 2': convolution([2, 3, 5, 6], [4, 3, 1, 1], { stride: 2 }),
  'convolve 2 × 2, stride 3, no border': convolution([1, 2, 7, 8], [3, 2, 2, 2], { stride: 3 }),
  'convolve 3 × 3 × 3': convolution([1, 2, 4, 3, 5], [3, 2, 3, 3, 3], { padding: 1 }),
  'convolve 3 × 3 × 3, stride 2': convolution([1, 2, 5, 4, 6], [3, 2, 3, 3, 3], { stride: 2, padding: 1 }),
  'maxPool 3, stride 2': one((tape, x) => maxPool(tape, x, { kernel: 3, stride: 2, padding: 1 }), [2, 3, 6, 7]),
  'maxPool 2 × 2 × 2': one((tape, x) => maxPool(tape, x, { kernel: 2, stride: 2, padding: 0 }), [1, 2, 4, 4, 4]),
  averagePool: one((tape, x) => averagePool(tape, x, 2), [2, 3, 4, 6]),
  globalAveragePool: one(globalAveragePool, [2, 3, 4, 5]),
  normaliseBatch: { dims: [[3, 4, 2, 5], [4], [4]], build: (tape, [x, gain, offset]) => normaliseBatch(tape, x, gain, offset, 1e-5).y },
  normaliseLayer: { dims: [[3, 4, 6], [6], [6]], build: (tape, [x, gain, offset]) => normaliseLayer(tape, x, gain, offset, 1e-6) },
  trainingLoss: {
    dims: [[4, 3], [4], [4, 2], [4, 1, 2, 2]],
    build: (tape, [logits, uncertainty, insightLogits, attentionLogits]) => {
      const targets = tape.constant(Float32Array.of(1, 0, 0, 0, 1, 0, 0.2, 0, 0.8, 0, 0, 1), [4, 3]);
      const weights = tape.constant(Float32Array.of(1, 2, 0.5, 1), [4]);
      const insightTargets = tape.constant(Float32Array.of(1, 0, 0, 1, 0, 0, 0.5, 0.5), [4, 2]);
      const shares = tape.constant(Float32Array.of(0, 1, 0.5, 0, 1, 1, 0, 0.2, 0, 0, 0, 0, 1, 0, 0, 0.9), [4, 1, 2, 2]);
      const regions = { shares, weights: tape.constant(Float32Array.of(1, 1, 0, 1), [4, 1, 1, 1]) };
      const unused = { attention: logits, insights: logits, activation: logits, pooled: logits, features: logits };
      const outputs = { logits, uncertainty, insightLogits, attentionLogits, ...unused };
      return trainingLoss(tape, outputs, { targets, weights, insightTargets, regions }).total;
    },
  },
};

const worst = new Map<string, { elements: number; forward: number; gradient: number }>();

jest.setTimeout(300_000); // beside other tests on a small machine

describe('Gradient of every operator, against finite differences in double precision', () => {
  it.each(Object.keys(CASES))('%s', async (name) => {
    const { dims, build, positive = false } = CASES[name];
    const random = Random.named(1, name);
    const inputs = dims.map((shape) =>
      Float32Array.from({ length: size(shape) }, () => (positive ? 0.5 + random.uniform() : random.normal())),
    );
    const { model, value, loss } = written(dims, build, random);
    const session = await InferenceSession.create(model, { graphOptimizationLevel: 'disabled' });
    const given = await session.run(Object.fromEntries(inputs.map((data, i) => [`x${i}`, new RuntimeTensor('float32', data, dims[i])])));

    const doubles = inputs.map((data, i) => ({ dims: dims[i], data: Float64Array.from(data) }));
    const feeds = (changed: readonly Tensor[]) => Object.fromEntries(changed.map((tensor, i) => [`x${i}`, tensor]));
    const forward = difference(given.value.data as Float32Array, runInDouble(model, feeds(doubles), value).data);
    const lossAt = (i: number, k: number, by: number): number => {
      const changed = doubles.map(({ dims: shape, data }, j) => ({ dims: shape, data: j === i ? data.with(k, data[k] + by) : data }));
      return runInDouble(model, feeds(changed), loss).data[0];
    };
    const gradients = inputs.map((data, i) => {
      const expected = Float64Array.from(data, (_, k) => (lossAt(i, k, STEP) - lossAt(i, k, -STEP)) / (2 * STEP));
      return difference(given[`gradient${i}`].data as Float32Array, expected);
    });
    worst.set(name, { elements: inputs.reduce((sum, { length }) => sum + length, 0), forward, gradient: Math.max(...gradients) });
    expect(forward).toBeLessThan(1e-5);
    expect(Math.max(...gradients)).toBeLessThan(TOLERANCE);
  });

  afterAll(() => {
    const rows = Array.from(
      worst,
      ([name, { elements, forward, gradient }]) =>
        `${name}: ${elements} derivatives, forward ${forward.toExponential(1)}, gradient ${gradient.toExponential(1)}`,
    );
    process.stdout.write(`Worst relative error by operator\n${rows.join('\n')}\n`);
  });
});

/** The operator under test, the sum of its values times fixed random numbers as loss, and the gradients by all inputs. */
function written(dims: Case['dims'], build: Case['build'], random: Random): { model: Uint8Array; value: string; loss: string } {
  const graph = new OnnxGraph('case');
  const tape = new Tape(graph);
  const inputs = dims.map((shape, i) => tape.input(`x${i}`, shape));
  const value = build(tape, inputs);
  const weights = tape.constant(
    Float32Array.from({ length: size(value.dims) }, () => random.normal()),
    value.dims,
  );
  const weighted = multiply(tape, value, weights);
  const loss = reduceSum(
    tape,
    weighted,
    weighted.dims.map((_, axis) => axis),
  );
  tape.output('value', value);
  tape.gradients(loss, inputs).forEach((gradient, i) => tape.output(`gradient${i}`, gradient));
  const model = graph.toBytes({ opset: 17, irVersion: 8, producerName: 'test', modelVersion: 1, docString: '', metadata: {} });
  return { model, value: value.name, loss: loss.name };
}

/** Greatest difference, in units of the greatest expected value. */
function difference(given: ArrayLike<number>, expected: Float64Array): number {
  const unit = expected.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 1e-3);
  return expected.reduce((greatest, value, i) => Math.max(greatest, Math.abs(value - given[i])), 0) / unit;
}
