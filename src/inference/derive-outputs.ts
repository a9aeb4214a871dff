import type { ModelCard } from './model-card.js';
import { ModelOutputInvalid } from './onnx/faults.js';
import type { AttentionMap, ImageReading } from './reading.js';
import { predictionSetOf, referralOf } from './referral.js';

/** A tensor as a runtime gives it; onnxruntime's own fits. */
export interface OutputTensor {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

export type ModelOutputs = Pick<
  ImageReading,
  | 'logits'
  | 'confidence'
  | 'highConfidence'
  | 'uncertainty'
  | 'predictiveEntropy'
  | 'referral'
  | 'predictionSet'
  | 'clinicalInsights'
  | 'attentionMap'
> & {
  readonly probabilities: readonly number[];
  /** Index of the greatest probability. */
  readonly prediction: number;
  /** How far the image lies from those of the training, 0 or more; undefined where the model doesn't say. */
  readonly inputDistance: number | undefined;
};

type TensorsByName = Readonly<Record<string, OutputTensor | undefined>>;

const HIGH_CONFIDENCE = 0.8;
const INSIGHTS = 64;
/** [1, 1, depth, rows, columns]: a volume's map lies on no single image, so there is none to show it on. */
const VOLUME_MAP_AXES = 5;
/** What single precision may miss in 0..1 and in a sum of 1. */
const ROUNDING = 1e-3;

/**
 * Reads a model's outputs for one image (architecture.md, the model contract). Only `logits` [1, K] must be there:
 * - probabilities: softmax or sigmoid of the logits, as the card's activation says;
 * - confidence: the greatest probability; prediction: its index, the first of equals;
 * - uncertainty, where the model gives none, and predictive entropy: entropy / log K for softmax; the mean over classes of binary entropy / log 2 for sigmoid.
 * What a model gives itself is taken as it is, if it is sound. Insights, attention map and distance are never made up.
 * @throws ModelOutputInvalid  logits absent; a shape, a count or a range other than the contract's; a value that is no finite number
 */
export function deriveOutputs(outputs: TensorsByName, card: Pick<ModelCard, 'activation' | 'classes' | 'uncertainty'>): ModelOutputs {
  const classes = card.classes.length;
  const logits = valuesOf(outputs, 'logits', [1, classes]);
  if (logits === undefined) throw new ModelOutputInvalid('The model gave no logits.');
  const probabilities = fractions(outputs, 'probabilities', [1, classes]) ?? activate(logits, card.activation);
  if (card.activation === 'softmax' && Math.abs(sum(probabilities) - 1) > ROUNDING)
    throw new ModelOutputInvalid('The probabilities of exclusive classes do not add up to 1.');
  const confidence = fractions(outputs, 'confidence', [1])?.[0] ?? Math.max(...probabilities);
  const predictiveEntropy = entropyOf(probabilities, card.activation);
  const uncertainty = fractions(outputs, 'uncertainty', [1])?.[0] ?? predictiveEntropy;
  const inputDistance = inputDistanceOf(outputs);
  return {
    logits,
    probabilities,
    confidence,
    highConfidence: confidence > HIGH_CONFIDENCE,
    uncertainty,
    predictiveEntropy,
    referral: referralOf({ uncertainty, predictiveEntropy, confidence, inputDistance }, card.uncertainty),
    predictionSet: predictionSetOf(probabilities, card.uncertainty),
    prediction: predictionOf(outputs, classes) ?? probabilities.indexOf(Math.max(...probabilities)),
    clinicalInsights: valuesOf(outputs, 'clinical_insights', [1, INSIGHTS]),
    attentionMap: attentionMapOf(outputs),
    inputDistance,
  };
}

function activate(logits: readonly number[], activation: ModelCard['activation']): number[] {
  if (activation === 'sigmoid') return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const greatest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - greatest));
  const total = sum(powers);
  return powers.map((power) => power / total);
}

/** 0 certain, 1 as uncertain as can be; undefined for a softmax over one class, which can't be uncertain. */
export function entropyOf(probabilities: readonly number[], activation: ModelCard['activation']): number | undefined {
  if (activation === 'sigmoid')
    return clamp(sum(probabilities.map((p) => entropy(p) + entropy(1 - p))) / (probabilities.length * Math.LN2));
  if (probabilities.length < 2) return undefined;
  return clamp(sum(probabilities.map(entropy)) / Math.log(probabilities.length));
}

const entropy = (probability: number): number => (probability <= 0 ? 0 : -probability * Math.log(probability));

function predictionOf(outputs: TensorsByName, classes: number): number | undefined {
  const index = valuesOf(outputs, 'prediction', [1])?.[0];
  if (index !== undefined && !(Number.isInteger(index) && index >= 0 && index < classes))
    throw new ModelOutputInvalid('The prediction is not the index of a class.');
  return index;
}

function attentionMapOf(outputs: TensorsByName): AttentionMap | undefined {
  const dims = outputs['attention_map']?.dims;
  if (dims === undefined || dims.length === VOLUME_MAP_AXES) return undefined;
  const [, , rows, columns] = dims;
  const values = fractions(outputs, 'attention_map', [1, 1, rows, columns]);
  return values && { rows, columns, values: Float32Array.from(values) };
}

function inputDistanceOf(outputs: TensorsByName): number | undefined {
  const distance = valuesOf(outputs, 'input_distance', [1])?.[0];
  if (distance !== undefined && distance < 0) throw new ModelOutputInvalid('The output input_distance is below 0.');
  return distance;
}

/** An output whose values must lie in 0..1; what rounding put a hair outside is put back. */
function fractions(outputs: TensorsByName, name: string, dims: readonly number[]): number[] | undefined {
  const values = valuesOf(outputs, name, dims);
  if (values?.some((value) => value < -ROUNDING || value > 1 + ROUNDING)) throw new ModelOutputInvalid(`The output ${name} leaves 0..1.`);
  return values?.map(clamp);
}

/** The values of an output; undefined where the model gives none. */
function valuesOf(outputs: TensorsByName, name: string, dims: readonly number[]): number[] | undefined {
  const tensor = outputs[name];
  if (tensor === undefined) return undefined;
  const sameShape = tensor.dims.length === dims.length && tensor.dims.every((dim, i) => dim === dims[i] && dim > 0);
  const elements = dims.reduce((product, dim) => product * dim, 1);
  if (!sameShape || tensor.data.length !== elements)
    throw new ModelOutputInvalid(`The output ${name} has another shape than the model contract says.`);
  const values = Array.from(tensor.data, Number);
  if (!values.every(Number.isFinite)) throw new ModelOutputInvalid(`The output ${name} holds values that are no finite numbers.`);
  return values;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
