import { relu, sigmoid } from '../autodiff/activation.js';
import { multiply } from '../autodiff/arithmetic.js';
import { convolve } from '../autodiff/convolution.js';
import { linear } from '../autodiff/matrix.js';
import { globalAveragePool } from '../autodiff/pooling.js';
import { reshape } from '../autodiff/shape.js';
import type { Value } from '../autodiff/tape.js';
import type { Layers } from './layers.js';

export interface HeadOutputs {
  /** [N, K] */
  readonly logits: Value;
  /** 0..1, [N]: how likely the uncertainty head holds it that the prediction is wrong */
  readonly uncertainty: Value;
  /** 0..1, [N, 1, ...space] */
  readonly attention: Value;
  /** [N, 64]: a place among other cases, near those that look alike to the network */
  readonly insights: Value;
  /** The same before the sigmoid. */
  readonly attentionLogits: Value;
  /** [N, insight classes], from the insights alone: what makes cases of one kind lie together; serves training only */
  readonly insightLogits: Value;
  /** What each position adds to each logit, [N, K, ...space]: the classifier on the attended features, before the mean. */
  readonly activation: Value;
  /** What the classifier sees, [N, F]. */
  readonly pooled: Value;
  /** What the backbone gave, before attention, [N, F, ...space]. */
  readonly features: Value;
}

const UNCERTAINTY_DROPOUT = 0.5;
const INSIGHTS_DROPOUT = 0.3;

export interface HeadsForm {
  readonly classes: number;
  readonly insightClasses: number;
  readonly dropout: number;
}

/**
 * The four heads on a backbone's features (issue: spatial attention, uncertainty, clinical, linear classifier).
 * Attention: 1 × 1 to F / 2, ReLU, 1 × 1 to 1, sigmoid, times the features; then the mean over all positions.
 * @param features  [N, F, ...space]
 * @param form      `dropout`: share of the pooled features dropped before the classifier
 */
export function heads(layers: Layers, features: Value, { classes, insightClasses, dropout }: HeadsForm): HeadOutputs {
  const { tape } = layers;
  const [n, channels] = features.dims;
  const narrowed = relu(tape, layers.pointwise('attention.0', features, Math.floor(channels / 2)));
  const attentionLogits = layers.pointwise('attention.2', narrowed, 1);
  const attention = sigmoid(tape, attentionLogits);
  const attended = multiply(tape, features, attention);
  const pooled = globalAveragePool(tape, attended);
  const kept = layers.dropout('classifier.dropout', pooled, dropout);
  const weight = layers.parameter('classifier.weight', [classes, channels], { uniform: 1 / Math.sqrt(channels) });
  const bias = layers.parameter('classifier.bias', [classes], { uniform: 1 / Math.sqrt(channels) });
  const logits = linear(tape, kept, weight, bias);
  const places = features.dims.slice(2).map(() => 1);
  const activation = convolve(tape, attended, reshape(tape, weight, [classes, channels, ...places]), undefined, {});
  const uncertainty = reshape(tape, sigmoid(tape, layers.linear('uncertainty.5', uncertaintyFeatures(layers, pooled), 1)), [n]);
  const insights = insightsOf(layers, pooled);
  return {
    logits,
    uncertainty,
    attention,
    attentionLogits,
    insights,
    insightLogits: layers.linear('clinical.9', relu(tape, insights), insightClasses),
    activation,
    pooled,
    features,
  };
}

function uncertaintyFeatures(layers: Layers, pooled: Value): Value {
  const { tape } = layers;
  const first = layers.dropout('uncertainty.2', relu(tape, layers.linear('uncertainty.0', pooled, 512)), UNCERTAINTY_DROPOUT);
  return relu(tape, layers.linear('uncertainty.3', first, 256));
}

function insightsOf(layers: Layers, pooled: Value): Value {
  const { tape } = layers;
  const first = layers.dropout('clinical.2', relu(tape, layers.linear('clinical.0', pooled, 512)), INSIGHTS_DROPOUT);
  const second = relu(tape, layers.linear('clinical.3', first, 256));
  return layers.linear('clinical.7', relu(tape, layers.linear('clinical.5', second, 128)), 64);
}
