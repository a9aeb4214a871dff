import { OnnxGraph } from '../../inference/onnx/onnx-graph.js';
import { concatenate, reshape } from '../autodiff/shape.js';
import { size, Tape, type Value } from '../autodiff/tape.js';
import { Layers } from '../networks/layers.js';
import { network, OPSET, type NetworkForm } from '../networks/network.js';

import { Declaration, FlatInputs, type ParameterLayout } from '../networks/parameters.js';
import { adamW, type AdamWForm } from './adamw.js';
import { trainingLoss } from './loss.js';

const PROPERTIES = { opset: OPSET, irVersion: 8, producerName: 'wetread', modelVersion: 1, docString: '', metadata: {} };
const STATISTICS_MOMENTUM = 0.1;

/** The parameters, running statistics and dropout masks of a network, for a batch of `batch` images. */
export function declare(form: NetworkForm, batch: number): Declaration {
  const tape = new Tape(new OnnxGraph('declaration'));
  const declaration = new Declaration(tape);
  declaration.attention = network(
    new Layers(tape, declaration, 'training'),
    tape.input('images', [batch, ...form.image]),
    form,
  ).attention.dims;
  return declaration;
}

/** What a network is taught beside the classes: nothing more, or where the finding lies. */
export type Teaching = 'classes' | 'regions';

/**
 * A whole training step as one graph: forward, loss, backward, AdamW.
 * Inputs: images [N, ...image], targets [N, K], weights [N], insight_targets [N, insight classes], where regions are
 * supervised also regions [N, 1, ...map] and region_weights [N, 1, ...], parameters, mean, square [P], statistics [S], pace [3] (adamW),
 * and a mask for each dropout. Outputs: parameters_next, mean_next, square_next, statistics_next, loss [1],
 * probabilities [N, K], uncertainty [N], gradient_norm [1].
 */
export function stepGraph(
  form: NetworkForm,
  declaration: Declaration,
  batch: number,
  optimiser: AdamWForm,
  teaching: Teaching,
): Uint8Array {
  const graph = new OnnxGraph('training step');
  const tape = new Tape(graph);
  const images = tape.input('images', [batch, ...form.image]);
  const targets = tape.input('targets', [batch, form.classes]);
  const weights = tape.input('weights', [batch]);
  const inputs = new FlatInputs(tape, declaration);
  const [mean, square] = ['mean', 'square'].map((name) => tape.input(name, [declaration.trainedLayout.length]));
  const pace = tape.input('pace', [3]);
  const layers = new Layers(tape, inputs, 'training');
  const outputs = network(layers, images, form);
  const insightTargets = tape.input('insight_targets', [batch, form.insightClasses]);
  const regions = teaching === 'regions' ? regionInputs(tape, declaration.attention) : undefined;
  const { total, probabilities } = trainingLoss(tape, outputs, { targets, weights, insightTargets, regions });
  const gradients = tape.gradients(total, inputs.values);
  const flat = concatenate(
    tape,
    gradients.map((gradient) => reshape(tape, gradient, [size(gradient.dims)])),
    0,
  );
  const state = { parameters: inputs.parameters, mean, square };
  const moved = adamW(
    tape,
    state,
    flat,
    pace,
    tape.constant(decaying(declaration.trainedLayout), [declaration.trainedLayout.length]),
    optimiser,
  );
  tape.output('parameters_next', moved.parameters);
  tape.output('mean_next', moved.mean);
  tape.output('square_next', moved.square);
  if (declaration.keptLayout.length > 0) tape.output('statistics_next', nextStatistics(tape, layers, declaration.keptLayout));
  tape.output('loss', total);
  tape.output('probabilities', probabilities);
  tape.output('uncertainty', outputs.uncertainty);
  tape.output('gradient_norm', moved.gradientNorm);
  return graph.toBytes(PROPERTIES);
}

const regionInputs = (tape: Tape, [batch, ...map]: readonly number[]) => ({
  shares: tape.input('regions', [batch, ...map]),
  weights: tape.input('region_weights', [batch, ...map.map(() => 1)]),
});

/** Weight decay is for what has more than one axis: matrices, kernels, the places of a transformer; offsets and gains keep their size. */
function decaying(layout: ParameterLayout): Float32Array {
  const decays = new Float32Array(layout.length);
  for (const { dims, offset } of layout.entries) if (dims.length > 1) decays.fill(1, offset, offset + size(dims));
  return decays;
}

/** Running means and variances move a tenth of the way to the batch's. */
function nextStatistics(tape: Tape, { statistics }: Layers, layout: ParameterLayout): Value {
  const old = tape.input('statistics', [layout.length]);
  const byName = new Map(
    statistics.flatMap(({ meanName, varianceName, mean, variance }) => [[meanName, mean] as const, [varianceName, variance] as const]),
  );
  const parts = layout.entries.flatMap(({ name }) => byName.get(name) ?? []);
  const now = concatenate(tape, parts, 0);
  const kept = tape.apply('Mul', [old, tape.scalar(1 - STATISTICS_MOMENTUM)], old.dims);
  return tape.apply('Add', [kept, tape.apply('Mul', [now, tape.scalar(STATISTICS_MOMENTUM)], now.dims)], old.dims);
}
