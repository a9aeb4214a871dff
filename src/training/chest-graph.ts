import { OnnxGraph } from '../inference/onnx/onnx-graph.js';
import { TensorProto_DataType as DataType } from '../inference/onnx/onnx_pb.js';
import { WEIGHTS_SHAPE, type ChestClassifier } from './chest-classifier.js';
import { EDGE_KERNELS, GRID, PREPARATION } from './chest-features.js';

export const OPSET = 17;

/** One insight for each of 8 × 8 regions. */
const INSIGHTS_GRID = 8;

/** The classifier as an ONNX model that gives every output of the model contract, for any number of images. */
export function chestGraph(classifier: ChestClassifier, name: string, version: number): Uint8Array {
  const graph = new OnnxGraph(name);
  graph.input('images', DataType.FLOAT, ['N', 1, PREPARATION.rows, PREPARATION.columns], 'z-scored grey');
  const contributions = addContributions(graph, classifier);
  addProbabilities(graph, addLogits(graph, contributions, classifier.intercept));
  addExplanations(graph, contributions, classifier.fullAttention);
  return graph.toBytes({
    opset: OPSET,
    irVersion: 8,
    producerName: 'wetread',
    modelVersion: version,
    docString: 'Demonstration, not for clinical use.',
    metadata: {},
  });
}

/** What each cell adds to the logit of pneumonia, [N, 1, GRID, GRID]: the features of chest-features.ts, weighted. */
function addContributions(graph: OnnxGraph, { weights, means }: ChestClassifier): string {
  const greyCell = PREPARATION.rows / GRID;
  const edgeCell = greyCell / 2;
  const square = (size: number) => ({ kernel_shape: { ints: [size, size] }, strides: { ints: [size, size] } });
  const grey = graph.node('AveragePool', 'cell_grey', ['images'], square(greyCell));
  const half = graph.node('AveragePool', 'half', ['images'], square(2));
  const border = graph.constant('border', BigInt64Array.of(0n, 0n, 1n, 1n, 0n, 0n, 1n, 1n), [8]);
  const repeated = graph.node('Pad', 'half_bordered', [half, border], { mode: { text: 'edge' } });
  const kernels = graph.constant('edge_kernels', EDGE_KERNELS, [EDGE_KERNELS.length / 9, 1, 3, 3]);
  const edges = graph.node('Conv', 'edges', [repeated, kernels], { kernel_shape: { ints: [3, 3] } });
  const strength = graph.node('Abs', 'edge_strength', [edges]);
  const edgeMeans = graph.node('AveragePool', 'cell_edges', [strength], square(edgeCell));
  const features = graph.node('Concat', 'features', [grey, edgeMeans], { axis: { int: 1 } });
  const centred = graph.node('Sub', 'centred', [features, graph.constant('means', means, WEIGHTS_SHAPE)]);
  const weighted = graph.node('Mul', 'weighted', [centred, graph.constant('weights', weights, WEIGHTS_SHAPE)]);
  const channels = graph.constant('channel_axis', BigInt64Array.of(1n), [1]);
  return graph.node('ReduceSum', 'contributions', [weighted, channels], { keepdims: { int: 1 } });
}

/** logits [N, 2]: ∓ half the logit of pneumonia, so that their softmax is its sigmoid. */
function addLogits(graph: OnnxGraph, contributions: string, intercept: number): string {
  const flat = graph.node('Flatten', 'contributions_flat', [contributions], { axis: { int: 1 } });
  const axis = graph.constant('class_axis', BigInt64Array.of(1n), [1]);
  const sum = graph.node('ReduceSum', 'contribution', [flat, axis], { keepdims: { int: 1 } });
  const logit = graph.node('Add', 'logit', [sum, graph.constant('intercept', Float32Array.of(intercept), [1])]);
  const halves = graph.constant('halves', Float32Array.of(-0.5, 0.5), [1, 2]);
  graph.output('logits', DataType.FLOAT, ['N', 2], 'normal, pneumonia');
  return graph.node('Mul', 'logits', [logit, halves]);
}

/** Probabilities, their greatest, their entropy / log 2, their index. */
function addProbabilities(graph: OnnxGraph, logits: string): void {
  const probabilities = graph.node('Softmax', 'probabilities', [logits], { axis: { int: 1 } });
  graph.output('probabilities', DataType.FLOAT, ['N', 2], 'normal, pneumonia; sum 1');
  graph.node('ReduceMax', 'confidence', [probabilities], { axes: { ints: [1] }, keepdims: { int: 0 } });
  graph.output('confidence', DataType.FLOAT, ['N'], 'greatest probability');
  const logarithms = graph.node('LogSoftmax', 'log_probabilities', [logits], { axis: { int: 1 } });
  const products = graph.node('Mul', 'p_log_p', [probabilities, logarithms]);
  const sum = graph.node('ReduceSum', 'negative_entropy', [products, 'class_axis'], { keepdims: { int: 0 } });
  const unit = graph.constant('entropy_unit', Float32Array.of(-1 / Math.LN2), []);
  const entropy = graph.node('Mul', 'entropy', [sum, unit]);
  const bounds = [graph.constant('zero', Float32Array.of(0), []), graph.constant('one', Float32Array.of(1), [])];
  graph.node('Clip', 'uncertainty', [entropy, ...bounds]);
  graph.output('uncertainty', DataType.FLOAT, ['N'], 'entropy of the probabilities / log 2');
  graph.node('ArgMax', 'prediction', [probabilities], { axis: { int: 1 }, keepdims: { int: 0 } });
  graph.output('prediction', DataType.INT64, ['N'], '0 normal, 1 pneumonia');
}

/** attention_map: positive contributions over a fixed full scale, cut at 1. clinical_insights: sums over 8 × 8 regions. */
function addExplanations(graph: OnnxGraph, contributions: string, fullAttention: number): void {
  const scale = graph.constant('full_attention', Float32Array.of(fullAttention), []);
  const scaled = graph.node('Div', 'attention', [contributions, scale]);
  graph.node('Clip', 'attention_map', [scaled, 'zero', 'one']);
  graph.output('attention_map', DataType.FLOAT, ['N', 1, GRID, GRID], 'what speaks for pneumonia');
  const side = GRID / INSIGHTS_GRID;
  const means = graph.node('AveragePool', 'region_means', [contributions], {
    kernel_shape: { ints: [side, side] },
    strides: { ints: [side, side] },
  });
  const cells = graph.constant('cells_in_region', Float32Array.of(side * side), []);
  const sums = graph.node('Mul', 'region_sums', [means, cells]);
  graph.node('Flatten', 'clinical_insights', [sums], { axis: { int: 1 } });
  graph.output('clinical_insights', DataType.FLOAT, ['N', INSIGHTS_GRID * INSIGHTS_GRID], 'part of the logit by region');
}
