/** @jest-environment <rootDir>/onnx.environment.js */
import { describe, expect, it } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { OnnxGraph } from '../../../src/inference/onnx/onnx-graph.js';
import { Tape } from '../../../src/training/autodiff/tape.js';
import { OPSET } from '../../../src/training/networks/network.js';
import { adamW } from '../../../src/training/step/adamw.js';
import { Random } from '../../../src/training/random.js';

const [COUNT, STEPS, RATE] = [5, 20, 0.01];
const FORM = { weightDecay: 0.1, gradientLimit: 1 };
const DECAYS = [1, 1, 0, 1, 0];
const flat = (values: number[]): Tensor => new Tensor('float32', Float32Array.from(values), [values.length]);

describe('AdamW (Loshchilov and Hutter 2019, algorithm 2), the gradient shortened first', () => {
  it('moves as the algorithm written out in double precision does', async () => {
    const tape = new Tape(new OnnxGraph('step'));
    const [parameters, mean, square, gradient] = ['parameters', 'mean', 'square', 'gradient'].map((name) => tape.input(name, [COUNT]));
    const pace = tape.input('pace', [3]);
    const moved = adamW(tape, { parameters, mean, square }, gradient, pace, tape.constant(Float32Array.from(DECAYS), [COUNT]), FORM);
    for (const name of ['parameters', 'mean', 'square', 'gradientNorm'] as const) tape.output(`${name}_next`, moved[name]);
    const form = { opset: OPSET, irVersion: 8, producerName: 'test', modelVersion: 1, docString: '', metadata: {} };
    const session = await InferenceSession.create(tape.graph.toBytes(form));

    const random = new Random(3);
    const own = { parameters: [1, -2, 3, 0.5, -0.25], mean: [0, 0, 0, 0, 0], square: [0, 0, 0, 0, 0] };
    let state = { parameters: flat(own.parameters), mean: flat(own.mean), square: flat(own.square) };
    const norms: number[] = [];
    for (let t = 1; t <= STEPS; t++) {
      const g = Float32Array.from({ length: COUNT }, () => random.normal() * (t % 3 === 0 ? 3 : 0.2));
      const feeds = { ...state, gradient: new Tensor('float32', g, [COUNT]), pace: flat([RATE, 1 - 0.9 ** t, 1 - 0.999 ** t]) };
      const given = await session.run(feeds);
      state = {
        parameters: given.parameters_next as Tensor,
        mean: given.mean_next as Tensor,
        square: given.square_next as Tensor,
      } as typeof state;
      const norm = Math.hypot(...g);
      norms.push(norm);
      expect(Number(given.gradientNorm_next.data[0])).toBeCloseTo(norm, 4);
      for (let i = 0; i < COUNT; i++) {
        const limited = g[i] / Math.max(1, norm / FORM.gradientLimit);
        own.mean[i] = 0.9 * own.mean[i] + 0.1 * limited;
        own.square[i] = 0.999 * own.square[i] + 0.001 * limited ** 2;
        const direction = own.mean[i] / (1 - 0.9 ** t) / (Math.sqrt(own.square[i] / (1 - 0.999 ** t)) + 1e-8);
        own.parameters[i] -= RATE * (direction + FORM.weightDecay * DECAYS[i] * own.parameters[i]);
      }
    }
    expect(norms.some((norm) => norm > FORM.gradientLimit) && norms.some((norm) => norm < FORM.gradientLimit)).toBe(true);
    expect(Array.from(state.parameters.data as Float32Array)).toEqual(own.parameters.map((value) => expect.closeTo(value, 5)));
  });
});
