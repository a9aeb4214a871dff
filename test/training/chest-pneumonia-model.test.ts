import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deriveOutputs, type OutputTensor } from '../../src/inference/derive-outputs.js';
import type { ModelCard } from '../../src/inference/model-card.js';
import { inspectModel } from '../../src/inference/onnx/inspect-model.js';
import { operatingPoint, rocArea } from '../../src/training/evaluation/roc.js';
import { prepared } from '../../src/training/train-chest-pneumonia.js';
import { runModel, type PlainTensor } from '../inference/onnx/model-runner.js';
import { aChest } from './synthetic-chests.js';

const folder = new URL('../../../models/chest-pneumonia/', import.meta.url);
const model = fileURLToPath(new URL('1/model.onnx', folder));
const card = JSON.parse(readFileSync(new URL('card.json', folder), 'utf8')) as ModelCard;

const data = fileURLToPath(new URL('../../../../shared/data/chest-xray/', import.meta.url));
const present = existsSync(data);
if (!present) console.warn('1 test skipped: ../shared/data/chest-xray is absent');

describe('models/chest-pneumonia as committed', () => {
  it('has the hash and opset that its card says, and passes inspection', () => {
    const bytes = readFileSync(model);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(card.sha256);
    expect(inspectModel(new Uint8Array(bytes)).opset).toBe(card.opset);
  });

  it('gives every output of the model contract, image by image', () => {
    const images = [aChest(1, 0, 'test'), aChest(2, 1, 'test')].flatMap((chest) => Array.from(prepared(chest)));
    const outputs = runModel(model, [2, 1, 224, 224], images);
    const shapes = Object.entries(outputs).map(([name, { type, dims }]) => [name, type, dims]);
    expect(Object.fromEntries(shapes.map(([name, ...rest]) => [name, rest]))).toEqual({
      logits: ['float32', [2, 2]],
      probabilities: ['float32', [2, 2]],
      confidence: ['float32', [2]],
      uncertainty: ['float32', [2]],
      attention_map: ['float32', [2, 1, 16, 16]],
      clinical_insights: ['float32', [2, 64]],
      prediction: ['int64', [2]],
    });
    const [constant, again] = [0, 1].map((image) => {
      const { logits, clinicalInsights = [] } = deriveOutputs(ofImage(outputs, image), card);
      return logits[1] - logits[0] - clinicalInsights.reduce((sum, value) => sum + value, 0);
    });
    expect(constant).toBeCloseTo(again, 3); // insights and a constant add up to the logit
  });

  it('computes itself what the server would derive from its logits', () => {
    const images = Array.from(prepared(aChest(3, 1, 'test')));
    const outputs = ofImage(runModel(model, [1, 1, 224, 224], images), 0);
    const [given, derived] = [deriveOutputs(outputs, card), deriveOutputs({ logits: outputs['logits'] }, card)];
    given.probabilities?.forEach((probability, i) => expect(probability).toBeCloseTo(derived.probabilities?.[i] ?? NaN, 5));
    expect(given.confidence).toBeCloseTo(derived.confidence ?? NaN, 5);
    expect(given.uncertainty).toBeCloseTo(derived.uncertainty ?? NaN, 5);
    expect(given.prediction).toBe(derived.prediction);
  });

  (present ? it : it.skip)(
    'reproduces the evaluation on its card, both parts apart',
    () => {
      const program = fileURLToPath(new URL('./measure-chest-model.js', import.meta.url));
      const answer = execFileSync(process.execPath, [program, model, data], { maxBuffer: 1 << 24 }).toString();
      const cases = JSON.parse(answer) as { official: boolean; label: number; probability: number }[];
      const parts = [cases.filter(({ official }) => !official), cases.filter(({ official }) => official)];
      parts.forEach((part, i) => {
        const probabilities = part.map(({ probability }) => probability);
        const labels = part.map(({ label }) => label);
        const expected = card.evaluation[i];
        expect(part).toHaveLength(expected.cases);
        expect(rocArea(probabilities, labels).auc).toBeCloseTo(expected.auc, 3);
        const { sensitivity, specificity } = operatingPoint(probabilities, labels, card.classes[1].operatingThreshold);
        expect(Math.abs(sensitivity - expected.sensitivity)).toBeLessThan(0.01);
        expect(Math.abs(specificity - expected.specificity)).toBeLessThan(0.01);
      });
    },
    120_000,
  );
});

/** One image of a batch, as a batch of one. */
function ofImage(outputs: Record<string, PlainTensor>, image: number): Record<string, OutputTensor> {
  const entries = Object.entries(outputs).map(([name, { dims, values }]) => {
    const size = values.length / dims[0];
    return [name, { dims: [1, ...dims.slice(1)], data: values.slice(image * size, (image + 1) * size) }];
  });
  return Object.fromEntries(entries) as Record<string, OutputTensor>;
}
