import { describe, expect, it } from '@jest/globals';
import { deriveOutputs, type OutputTensor } from '../../src/inference/derive-outputs.js';
import type { ModelCard, ModelClass } from '../../src/inference/model-card.js';
import { ModelOutputInvalid } from '../../src/inference/onnx/faults.js';

const aClass: ModelClass = {
  label: 'Finding',
  kind: 'finding',
  code: { system: 'http://snomed.info/sct', scheme: 'SCT', code: '233604007', display: 'Pneumonia' },
  operatingThreshold: 0.5,
  referralThreshold: 0.5,
};
const card = (activation: ModelCard['activation'], classes: number) => ({
  activation,
  classes: Array.from({ length: classes }, () => aClass),
});
const tensor = (dims: number[], data: ArrayLike<number | bigint>): OutputTensor => ({ dims, data });
const logits = (...values: number[]) => ({ logits: tensor([1, values.length], Float32Array.from(values)) });

describe('Outputs that a model does not give itself', () => {
  it('softmax: probabilities, confidence, entropy over log K, prediction', () => {
    const read = deriveOutputs(logits(0, Math.log(3), 0), card('softmax', 3));
    [0.2, 0.6, 0.2].forEach((expected, i) => expect(read.probabilities?.[i]).toBeCloseTo(expected, 6));
    expect(read).toMatchObject({ prediction: 1, highConfidence: false });
    expect(read.confidence).toBeCloseTo(0.6, 6);
    expect(read.uncertainty).toBeCloseTo(0.8649735207, 6); // −(0.6 ln 0.6 + 0.4 ln 0.2) / ln 3
  });

  it('sigmoid: each class by itself, mean binary entropy over log 2', () => {
    const read = deriveOutputs(logits(0, Math.log(9)), card('sigmoid', 2));
    expect(read.probabilities?.[0]).toBeCloseTo(0.5, 6);
    expect(read.probabilities?.[1]).toBeCloseTo(0.9, 6);
    expect(read).toMatchObject({ prediction: 1, highConfidence: true });
    expect(read.uncertainty).toBeCloseTo(0.7344977968, 6); // (1 + 0.4689955936) / 2
  });

  it('stays sound for logits far out', () => {
    expect(deriveOutputs(logits(1000, -1000), card('softmax', 2))).toMatchObject({
      probabilities: [1, 0],
      confidence: 1,
      uncertainty: 0,
    });
    expect(deriveOutputs(logits(-1000), card('sigmoid', 1))).toMatchObject({ probabilities: [0], uncertainty: 0 });
  });

  it('says undefined for what can’t be derived', () => {
    const read = deriveOutputs(logits(1, 2), card('softmax', 2));
    expect(read.clinicalInsights).toBeUndefined();
    expect(read.attentionMap).toBeUndefined();
    expect(deriveOutputs(logits(1), card('softmax', 1)).uncertainty).toBeUndefined();
  });

  it('calls confidence high only above 0.8', () => {
    const given = (confidence: number) => ({ ...logits(0, 1), confidence: tensor([1], [confidence]) });
    expect(deriveOutputs(given(0.8), card('softmax', 2)).highConfidence).toBe(false);
    expect(deriveOutputs(given(0.81), card('softmax', 2)).highConfidence).toBe(true);
  });
});

describe('Outputs that a model gives', () => {
  const all = {
    ...logits(0, 0),
    probabilities: tensor([1, 2], [0.25, 0.75]),
    confidence: tensor([1], [0.75]),
    uncertainty: tensor([1], [1.0000001]),
    prediction: tensor([1], BigInt64Array.of(1n)),
    clinical_insights: tensor([1, 64], new Float32Array(64).fill(-2)),
    attention_map: tensor([1, 1, 2, 3], Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0)),
  };

  it('are taken as they are, rounding put right', () => {
    const read = deriveOutputs(all, card('softmax', 2));
    expect(read).toMatchObject({ probabilities: [0.25, 0.75], confidence: 0.75, uncertainty: 1, prediction: 1 });
    expect(read.clinicalInsights).toEqual(Array.from({ length: 64 }, () => -2));
    expect(read.attentionMap).toEqual({ rows: 2, columns: 3, values: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0) });
  });

  it('tell how far the image lies from those of the training, where the model does', () => {
    expect(deriveOutputs({ ...all, input_distance: tensor([1], [3.5]) }, card('softmax', 2)).inputDistance).toBe(3.5);
    expect(deriveOutputs(all, card('softmax', 2)).inputDistance).toBeUndefined();
  });

  it.each<[string, Record<string, OutputTensor | undefined>]>([
    ['a distance below 0', { input_distance: tensor([1], [-1]) }],
    ['an infinite distance', { input_distance: tensor([1], [Infinity]) }],
    ['no logits', { logits: undefined }],
    ['fewer logits than classes', logits(1)],
    ['two images at once', { logits: tensor([2, 2], [0, 0, 0, 0]) }],
    ['a logit that is no number', logits(NaN, 1)],
    ['an infinite logit', logits(Infinity, 1)],
    ['probabilities that do not add up to 1', { probabilities: tensor([1, 2], [0.2, 0.2]) }],
    ['a negative probability', { probabilities: tensor([1, 2], [-0.5, 1.5]) }],
    ['a prediction that is no class', { prediction: tensor([1], BigInt64Array.of(2n)) }],
    ['63 insights', { clinical_insights: tensor([1, 63], new Float32Array(63)) }],
    ['an attention map beyond 1', { attention_map: tensor([1, 1, 1, 1], [3]) }],
    ['an attention map without grid', { attention_map: tensor([1, 4], [0, 0, 0, 0]) }],
    ['less data than its shape', { uncertainty: tensor([1], []) }],
  ])('are refused with %s', (_, change) => {
    expect(() => deriveOutputs({ ...all, ...change }, card('softmax', 2))).toThrow(ModelOutputInvalid);
  });
});
