import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectModel } from '../../src/inference/onnx/inspect-model.js';
import { pneumoniaLogit } from '../../src/training/chest-classifier.js';
import { chestFeatures } from '../../src/training/chest-features.js';
import { prepared, trainChestPneumonia, type TrainedModel } from '../../src/training/train-chest-pneumonia.js';
import { runModel } from '../inference/onnx/model-runner.js';
import { syntheticSplits } from './synthetic-chests.js';

describe('Training on a few toy pictures', () => {
  const splits = syntheticSplits();
  let trained: TrainedModel;
  beforeAll(() => {
    trained = trainChestPneumonia(splits);
  });

  it('learns to tell them apart', () => {
    expect(trained.card.evaluation).toHaveLength(2);
    for (const { auc, cases, positives } of trained.card.evaluation)
      expect({ auc, cases, positives }).toEqual({ auc: 1, cases: 8, positives: 4 });
  });

  it('gives the same bytes again', () => {
    expect(trainChestPneumonia(syntheticSplits()).card).toEqual(trained.card);
    expect(trained.card.sha256).toBe(createHash('sha256').update(trained.onnx).digest('hex'));
  });

  it('depends on its pictures', () => {
    const fewer = { ...splits, train: splits.train.slice(2) };
    expect(trainChestPneumonia(fewer).card.sha256).not.toBe(trained.card.sha256);
  });

  it('writes a graph that passes inspection and computes what the trainer does', () => {
    inspectModel(trained.onnx);
    const folder = mkdtempSync(join(tmpdir(), 'wetread-training-'));
    try {
      const path = join(folder, 'model.onnx');
      writeFileSync(path, trained.onnx);
      const images = splits.test.slice(0, 2).map(prepared);
      const { logits } = runModel(
        path,
        [2, 1, 224, 224],
        images.flatMap((image) => Array.from(image)),
      );
      images.forEach((image, i) => {
        const logit = pneumoniaLogit(trained.classifier, chestFeatures(image));
        expect(Math.abs(logits.values[2 * i + 1] - logits.values[2 * i] - logit)).toBeLessThan(1e-4);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('sets the referral threshold at or below the operating one', () => {
    const [absence, finding] = trained.card.classes;
    expect(finding.referralThreshold).toBeLessThanOrEqual(finding.operatingThreshold);
    expect(absence.operatingThreshold).toBeCloseTo(1 - finding.operatingThreshold, 3);
  });
});
