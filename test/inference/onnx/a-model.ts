import { OnnxGraph, type ModelProperties } from '../../../src/inference/onnx/onnx-graph.js';
import { TensorProto_DataType as DataType } from '../../../src/inference/onnx/onnx_pb.js';

export const properties: ModelProperties = {
  opset: 17,
  irVersion: 8,
  producerName: 'test',
  modelVersion: 1,
  docString: '',
  metadata: { purpose: 'test' },
};

/** Two logits: the mean of the picture and twice that. */
export function aGraph(input = 'images', output = 'logits'): OnnxGraph {
  const graph = new OnnxGraph('mean');
  graph.input(input, DataType.FLOAT, ['N', 1, 4, 4]);
  const pooled = graph.node('AveragePool', 'pooled', [input], { kernel_shape: { ints: [4, 4] } });
  const flat = graph.node('Flatten', 'flat', [pooled], { axis: { int: 1 } });
  graph.node('MatMul', output, [flat, graph.constant('weights', Float32Array.of(1, 2), [1, 2])]);
  graph.output(output, DataType.FLOAT, ['N', 2]);
  return graph;
}
