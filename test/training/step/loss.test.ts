/** @jest-environment <rootDir>/onnx.environment.js */
import { describe, expect, it } from '@jest/globals';
import { InferenceSession } from 'onnxruntime-node';
import { OnnxGraph } from '../../../src/inference/onnx/onnx-graph.js';
import { Tape } from '../../../src/training/autodiff/tape.js';
import type { HeadOutputs } from '../../../src/training/networks/heads.js';
import { OPSET } from '../../../src/training/networks/network.js';
import { trainingLoss } from '../../../src/training/step/loss.js';

const LOGITS = [
  [2, -1],
  [0.5, 0.25],
  [-1, 3],
];
const TARGETS = [
  [1, 0],
  [0, 1],
  [0, 1],
];
const WEIGHTS = [0.5, 1.5, 1];
const UNCERTAINTY = [0.1, 0.6, 0.3];
const INSIGHTS = [
  [1, 0, -1],
  [0, 0, 0],
  [2, 1, 0],
];
const INSIGHT_TARGETS = [
  [1, 0, 0],
  [0, 0, 0], // nothing is known of it
  [0, 0, 1],
];
const ATTENTION = [
  [1, -1],
  [0, 2],
  [3, 3],
];
const SHARES = [
  [1, 0.25],
  [0, 0],
  [0.5, 1],
];
const REGION_WEIGHTS = [1, 0, 1];

async function lossOf(taught: 'classes' | 'regions', targets = TARGETS): Promise<number> {
  const tape = new Tape(new OnnxGraph('loss'));
  const given = (values: number[] | number[][], dims: number[]) => tape.constant(Float32Array.from(values.flat()), dims);
  const outputs = {
    logits: given(LOGITS, [3, 2]),
    uncertainty: given(UNCERTAINTY, [3]),
    insightLogits: given(INSIGHTS, [3, 3]),
    attentionLogits: given(ATTENTION, [3, 1, 1, 2]),
  } as HeadOutputs; // it needs no other
  const regions = { shares: given(SHARES, [3, 1, 1, 2]), weights: given(REGION_WEIGHTS, [3, 1, 1, 1]) };
  const truths = { targets: given(targets, [3, 2]), weights: given(WEIGHTS, [3]), insightTargets: given(INSIGHT_TARGETS, [3, 3]) };
  const { total } = trainingLoss(tape, outputs, { ...truths, regions: taught === 'regions' ? regions : undefined });
  tape.output('loss', total);
  const form = { opset: OPSET, irVersion: 8, producerName: 'test', modelVersion: 1, docString: '', metadata: {} };
  const session = await InferenceSession.create(tape.graph.toBytes(form));
  return Number((await session.run({})).loss.data[0]);
}

const logSoftmax = (row: number[]): number[] => row.map((value) => value - Math.log(row.reduce((sum, one) => sum + Math.exp(one), 0)));
const weighted = (each: number[]): number =>
  each.reduce((sum, value, i) => sum + value * WEIGHTS[i], 0) / WEIGHTS.reduce((a, b) => a + b, 0);
const crossEntropy = (logits: number[][], truth: number[][]): number =>
  weighted(logits.map((row, i) => -logSoftmax(row).reduce((sum, value, k) => sum + value * truth[i][k], 0)));
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Worked out by the words: the second picture alone is called wrongly. */
const byHand = (wrong: number[], targets = TARGETS): number =>
  crossEntropy(LOGITS, targets) +
  0.1 * mean(UNCERTAINTY.map((value, i) => (value - wrong[i]) ** 2)) +
  0.1 * crossEntropy(INSIGHTS, INSIGHT_TARGETS);

describe('The loss', () => {
  it('is class-weighted cross-entropy + 0.1 × the uncertainty’s squared error + 0.1 × cross-entropy from the insights', async () => {
    expect(await lossOf('classes')).toBeCloseTo(byHand([0, 1, 0]), 5);
  });

  it('+ 0.5 × cross-entropy of the attention map where regions are known', async () => {
    const each = ATTENTION.map((row, i) =>
      row.map((z, k) => {
        const a = 1 / (1 + Math.exp(-z));
        return REGION_WEIGHTS[i] * -(SHARES[i][k] * Math.log(a) + (1 - SHARES[i][k]) * Math.log(1 - a));
      }),
    );
    expect(await lossOf('regions')).toBeCloseTo(byHand([0, 1, 0]) + 0.5 * mean(each.flat()), 5);
  });

  it('holds the uncertainty against the label as it is smoothed', async () => {
    const smoothed = TARGETS.map((row) => row.map((value) => 0.95 * value + 0.025));
    expect(await lossOf('classes', smoothed)).toBeCloseTo(byHand([0.025, 0.975, 0.025], smoothed), 5);
  });
});
