import { OnnxGraph } from '../../inference/onnx/onnx-graph.js';
import { TensorProto_DataType as DataType } from '../../inference/onnx/onnx_pb.js';
import { atGreatest, softmax } from '../autodiff/activation.js';
import { Tape, type Value } from '../autodiff/tape.js';
import type { HeadOutputs } from './heads.js';
import { gradientMap } from './gradient-map.js';
import { Layers } from './layers.js';
import { network, OPSET, type NetworkForm } from './network.js';
import { Constants, type Declaration } from './parameters.js';

/** One trained network. */
export interface TrainedNetwork {
  readonly parameters: Float32Array;
  readonly statistics: Float32Array;
}

/** Where pictures like the training ones lie among all features. */
export interface FeatureSpace {
  /** Of each class, [K, F] */
  readonly means: Float32Array;
  /** The inverse square root of the common covariance, [F, F] */
  readonly whitening: Float32Array;
}

export interface ServedForm {
  readonly network: NetworkForm;
  readonly name: string;
  readonly version: number;
  /** Divides the logits (Guo et al. 2017), those of an ensemble after its mean; 1 before it is known. */
  readonly temperature: number;
  readonly space?: FeatureSpace;
  /** `given`: an output `features` [N, F] more, from which a feature space is made. */
  readonly features: 'given' | 'kept back';
}

/**
 * The model that is served, with the outputs of the model contract and three more:
 * `class_activation_map` [N, K, h, w]: what each position adds to each logit of a network (Zhou et al. 2016), before calibration;
 * `gradient_map` [N, 1, h, w], 0..1: Grad-CAM of the predicted class (Selvaraju et al. 2017), of a network 0..1 of its own greatest value;
 * `input_distance` [N]: Mahalanobis distance of the features from the nearest class mean (Lee et al. 2018), where the
 * feature space is known.
 * Several networks make a deep ensemble (Lakshminarayanan et al. 2017): the mean of their probabilities; logits are its
 * logarithm, by which the whole is calibrated (Rahaman and Thiery 2021); maps and uncertainties are means; insights and
 * features are the first network's.
 */
export function servedGraph(
  { network: form, name, version, temperature, space, features }: ServedForm,
  declaration: Declaration,
  members: readonly TrainedNetwork[],
): Uint8Array {
  const graph = new OnnxGraph(name);
  const tape = new Tape(graph);
  graph.input('images', DataType.FLOAT, ['N', ...form.image]);
  const images: Value = { name: 'images', dims: [1, ...form.image] };
  const outputs = members.map(({ parameters, statistics }) =>
    network(new Layers(tape, new Constants(tape, declaration, parameters, statistics), 'serving'), images, form),
  );
  const [first] = outputs;
  const give = (output: string, value: Value, elementType = DataType.FLOAT): void => {
    graph.node('Identity', output, [value.name]);
    graph.output(output, elementType, ['N', ...value.dims.slice(1)]);
  };
  const logits = calibrated(tape, outputs, temperature);
  const probabilities = softmax(tape, logits);
  give('logits', logits);
  give('probabilities', probabilities);
  give('confidence', tape.apply('ReduceMax', [probabilities], [1], { attributes: { axes: { ints: [1] }, keepdims: { int: 0 } } }));
  give(
    'uncertainty',
    meanOf(
      tape,
      outputs.map(({ uncertainty }) => uncertainty),
    ),
  );
  give(
    'attention_map',
    meanOf(
      tape,
      outputs.map(({ attention }) => attention),
    ),
  );
  give('clinical_insights', first.insights);
  give(
    'prediction',
    tape.apply('ArgMax', [probabilities], [1], { attributes: { axis: { int: 1 }, keepdims: { int: 0 } } }),
    DataType.INT64,
  );
  give(
    'class_activation_map',
    meanOf(
      tape,
      outputs.map(({ activation }) => activation),
    ),
  );
  const chosen = atGreatest(tape, probabilities);
  give(
    'gradient_map',
    meanOf(
      tape,
      outputs.map((one) => gradientMap(tape, one, chosen)),
    ),
  );
  if (space !== undefined) give('input_distance', distance(tape, first.pooled, space));
  if (features === 'given') give('features', first.pooled);
  return graph.toBytes({
    opset: OPSET,
    irVersion: 8,
    producerName: 'wetread',
    modelVersion: version,
    docString: 'Not for clinical use.',
    metadata: {},
  });
}

function calibrated(tape: Tape, outputs: readonly HeadOutputs[], temperature: number): Value {
  const logits = pooled(tape, outputs);
  return tape.apply('Div', [logits, tape.scalar(temperature)], logits.dims);
}

function pooled(tape: Tape, outputs: readonly HeadOutputs[]): Value {
  if (outputs.length === 1) return outputs[0].logits;
  const mean = meanOf(
    tape,
    outputs.map(({ logits }) => softmax(tape, logits)),
  );
  return tape.apply('Log', [tape.apply('Max', [mean, tape.scalar(1e-12)], mean.dims)], mean.dims);
}

function meanOf(tape: Tape, values: readonly Value[]): Value {
  return values.length === 1 ? values[0] : tape.apply('Mean', values, values[0].dims);
}

/** √(least over the classes of |W (f − mean)|² / F): about 1 for a picture like the training ones. */
function distance(tape: Tape, features: Value, { means, whitening }: FeatureSpace): Value {
  const count = features.dims[1];
  const classes = means.length / count;
  const matrix = tape.constant(whitening, [count, count]);
  const whitened = tape.apply('MatMul', [features, matrix], features.dims);
  const centres = Array.from({ length: classes }, (_, k) => tape.constant(means.slice(k * count, (k + 1) * count), [1, count]));
  const squares = centres.map((centre) => {
    const apart = tape.apply('Sub', [whitened, tape.apply('MatMul', [centre, matrix], [1, count])], features.dims);
    return tape.apply('ReduceMean', [tape.apply('Mul', [apart, apart], features.dims)], [1], {
      attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
    });
  });
  const least = squares.length === 1 ? squares[0] : tape.apply('Min', squares, [1]);
  return tape.apply('Sqrt', [least], [1]);
}
