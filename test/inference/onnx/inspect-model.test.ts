import { describe, expect, it } from '@jest/globals';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelUnsafe } from '../../../src/inference/onnx/faults.js';
import { inspectModel } from '../../../src/inference/onnx/inspect-model.js';
import { AttributeProtoSchema, ModelProtoSchema, TensorProtoSchema, type ModelProto } from '../../../src/inference/onnx/onnx_pb.js';
import { aGraph, properties } from './a-model.js';

/** A sound model with one thing made wrong. */
function spoilt(change: (model: ModelProto, graph: NonNullable<ModelProto['graph']>) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, aGraph().toBytes(properties));
  if (model.graph === undefined) throw new Error('the model of this test has a graph');
  change(model, model.graph);
  return toBinary(ModelProtoSchema, model);
}

const external = (tensor: { dataLocation: number; externalData: unknown[] }) => {
  tensor.dataLocation = 1;
};

describe('A model from outside is refused', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['that is no protobuf', new TextEncoder().encode('<html>not a model</html>'), /not an ONNX/],
    ['that is empty', new Uint8Array(0), /default operators/],
    ['cut short', aGraph().toBytes(properties).slice(0, 100), /not an ONNX/],
    ['without images', aGraph('pictures').toBytes(properties), /images/],
    ['without logits', aGraph('images', 'scores').toBytes(properties), /logits/],
    ['of an opset too old', aGraph().toBytes({ ...properties, opset: 6 }), /opset/],
    ['of an opset not known yet', aGraph().toBytes({ ...properties, opset: 22 }), /opset/],
    ['that keeps weights in another file', spoilt((_, graph) => external(graph.initializer[0])), /other files/],
    [
      'that names a file for its weights',
      spoilt((_, graph) =>
        graph.initializer[0].externalData.push({
          $typeName: 'onnx.StringStringEntryProto',
          key: 'location',
          value: '../../etc/passwd',
        }),
      ),
      /other files/,
    ],
    [
      "that hides another file in a node's constant",
      spoilt((_, graph) => {
        const t = create(TensorProtoSchema, { dataLocation: 1 });
        graph.node[0].attribute.push(create(AttributeProtoSchema, { name: 'value', t }));
      }),
      /other files/,
    ],
    ['with an operator of another domain', spoilt((_, graph) => void (graph.node[0].domain = 'com.microsoft')), /safe ones/],
    ['that imports another domain', spoilt((model) => void (model.opsetImport[0].domain = 'ai.onnx.ml')), /default operators/],
    ['with an operator not on the list', spoilt((_, graph) => void (graph.node[0].opType = 'Loop')), /safe ones/],
    ['with random numbers', spoilt((_, graph) => void (graph.node[0].opType = 'RandomNormal')), /safe ones/],
    [
      'with a graph in a node',
      spoilt((_, graph) => graph.node[0].attribute.push(create(AttributeProtoSchema, { name: 'body', g: [new Uint8Array(0)] }))),
      /within a node/,
    ],
    ['with functions of its own', spoilt((model) => model.functions.push(new Uint8Array(0))), /of its own/],
    ['with a training graph', spoilt((model) => model.trainingInfo.push(new Uint8Array(0))), /training/],
    ['with sparse weights', spoilt((_, graph) => graph.sparseInitializer.push(new Uint8Array(0))), /sparse/],
    ['with a tensor of impossible size', spoilt((_, graph) => void (graph.initializer[0].dims = [1n << 40n, 1n << 40n])), /impossible/],
    ['with a negative size', spoilt((_, graph) => void (graph.initializer[0].dims = [-1n])), /impossible/],
    ['with two inputs', spoilt((_, graph) => graph.input.push({ ...graph.input[0], name: 'more' })), /one float32 input/],
    ['without nodes', spoilt((_, graph) => void (graph.node = [])), /no graph/],
  ])('%s', (_, bytes, reason) => {
    expect(() => inspectModel(bytes)).toThrow(ModelUnsafe);
    expect(() => inspectModel(bytes)).toThrow(reason);
  });

  it('but not one that lists its constants as inputs too (IR version 3)', () => {
    const old = spoilt((_, graph) => graph.input.push({ ...graph.input[0], name: 'weights' }));
    expect(inspectModel(old).inputs).toHaveLength(1);
  });
});
