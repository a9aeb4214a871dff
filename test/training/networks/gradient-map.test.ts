/** @jest-environment <rootDir>/onnx.environment.js */
import { describe, expect, it } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { OnnxGraph } from '../../../src/inference/onnx/onnx-graph.js';
import { TensorProto_DataType as DataType } from '../../../src/inference/onnx/onnx_pb.js';
import { linear } from '../../../src/training/autodiff/matrix.js';
import { globalAveragePool } from '../../../src/training/autodiff/pooling.js';
import { Tape, type Value } from '../../../src/training/autodiff/tape.js';
import { gradientMap } from '../../../src/training/networks/gradient-map.js';
import type { HeadOutputs } from '../../../src/training/networks/heads.js';
import { OPSET } from '../../../src/training/networks/network.js';
import { Random } from '../../../src/training/random.js';

const [PICTURES, CHANNELS, CLASSES, ROWS, COLUMNS] = [3, 4, 2, 2, 3];
const PLACES = ROWS * COLUMNS;
const random = new Random(7);
const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
const features = draw(PICTURES * CHANNELS * PLACES);
const weight = draw(CLASSES * CHANNELS);

/** A network that is no more than the mean of its features and a classifier: there Grad-CAM is the class activation map. */
async function mapsOf(chosen: readonly number[]): Promise<Float32Array> {
  const graph = new OnnxGraph('maps');
  const tape = new Tape(graph);
  const given = (name: string, dims: readonly number[]): Value => {
    graph.input(name, DataType.FLOAT, ['N', ...dims]);
    return { name, dims: [1, ...dims] };
  };
  const x = given('features', [CHANNELS, ROWS, COLUMNS]);
  const classes = given('chosen', [CLASSES]);
  const bias = tape.constant(new Float32Array(CLASSES), [CLASSES]);
  const logits = linear(tape, globalAveragePool(tape, x), tape.constant(weight, [CLASSES, CHANNELS]), bias);
  const map = gradientMap(tape, { logits, features: x } as HeadOutputs, classes); // it needs no other
  graph.node('Identity', 'map', [map.name]);
  graph.output('map', DataType.FLOAT, ['N', 1, ROWS, COLUMNS]);
  const form = { opset: OPSET, irVersion: 8, producerName: 'test', modelVersion: 1, docString: '', metadata: {} };
  const session = await InferenceSession.create(graph.toBytes(form));
  const oneHot = Float32Array.from(chosen.flatMap((k) => [0, 1].map((own) => (own === k ? 1 : 0))));
  const outputs = await session.run({
    features: new Tensor('float32', features, [PICTURES, CHANNELS, ROWS, COLUMNS]),
    chosen: new Tensor('float32', oneHot, [PICTURES, CLASSES]),
  });
  expect(outputs.map.dims).toEqual([PICTURES, 1, ROWS, COLUMNS]);
  return outputs.map.data as Float32Array;
}

/** ReLU(Σ w f) over its greatest value, by hand. */
function expected(picture: number, k: number): number[] {
  const sums = Array.from({ length: PLACES }, (_, at) => {
    const channels = Array.from(
      { length: CHANNELS },
      (__, c) => weight[k * CHANNELS + c] * features[(picture * CHANNELS + c) * PLACES + at],
    );
    return Math.max(
      0,
      channels.reduce((sum, value) => sum + value, 0),
    );
  });
  const greatest = Math.max(...sums);
  return sums.map((value) => (greatest > 0 ? value / greatest : 0));
}

describe('A gradient map', () => {
  it.each([[[0, 0, 0]], [[1, 1, 1]], [[1, 0, 1]]])(
    'is what the classifier adds at each place, of every picture its own class: %j',
    async (chosen) => {
      const maps = await mapsOf(chosen);
      chosen.forEach((k, picture) => {
        const own = Array.from(maps.subarray(picture * PLACES, (picture + 1) * PLACES));
        expect(own).toEqual(expected(picture, k).map((value) => expect.closeTo(value, 5)));
      });
    },
  );
});
