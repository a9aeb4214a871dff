/** @jest-environment <rootDir>/onnx.environment.js */
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCard } from '../../src/inference/read-card.js';
import { loadModels } from '../../src/inference/registry.js';
import { prepareImage } from '../../src/inference/preparation/prepare-image.js';
import { evaluateModel } from '../../src/training/evaluate-model.js';
import type { Checkpoint, FitWatcher } from '../../src/training/fit/fit.js';
import { finish, pictureOf } from '../../src/training/fit/pictures.js';
import { coveredShares, regionMask } from '../../src/training/fit/region-mask.js';
import { Scorer } from '../../src/training/fit/scorer.js';
import { cardOf, writeModel } from '../../src/training/model-folder.js';
import { testEvaluations } from '../../src/training/test-evaluations.js';
import { DatasetBroken, TestSplitUsed, TrainingDiverged } from '../../src/training/faults.js';
import { trainModel, type RunOptions, type TrainedModel } from '../../src/training/train-model.js';
import type { TrainingConfig } from '../../src/training/training-config.js';
import { aConfig, discs, withRegions } from './a-training.js';

const DATA = { train: discs(96, 1), val: discs(32, 2) };
const MANIFEST = { file: 'training-manifest.ndjson', sha256: 'a'.repeat(64), entries: 128 };
const FACTS = { seconds: 1, machine: 'test', trainCases: 96, valCases: 32, manifest: MANIFEST };
function softmax(logits: readonly number[]): number[] {
  const powers = logits.map(Math.exp);
  return powers.map((power) => power / powers.reduce((sum, one) => sum + one, 0));
}

const silent: FitWatcher = { step: () => undefined, epoch: () => undefined, save: () => undefined };
const options = (change: Partial<RunOptions> = {}): RunOptions => ({
  threads: 1,
  watcher: () => silent,
  resume: () => undefined,
  ...change,
});

/** Training takes seconds alone, and a minute beside other tests. */
jest.setTimeout(300_000);

describe('A model is trained from pictures', () => {
  let model: TrainedModel;
  const kept: Checkpoint[] = [];
  beforeAll(async () => {
    const watcher = () => ({ ...silent, save: (checkpoint: Checkpoint) => void kept.push(structuredClone(checkpoint)) });
    model = await trainModel(aConfig(), DATA, options({ watcher }));
  });

  it('finds on test pictures what it was trained to find, and the served model and its card are ones that a server loads', async () => {
    const evaluated = await evaluateModel(aConfig(), model, discs(64, 4), [{ dataset: 'discs upside down', images: discs(10, 5) }], 1);
    const [{ auc, cases, confusion, subgroups }] = evaluated.evaluation;
    expect(auc).toBeGreaterThan(0.95);
    expect(cases).toBe(64);
    expect(confusion?.flat().reduce((sum, count) => sum + count, 0)).toBe(64);
    expect(subgroups?.map(({ value, cases: own }) => [value, own])).toEqual([
      ['left', 32],
      ['right', 32],
    ]);
    expect(evaluated.uncertainty.measures.map(({ measure }) => measure)).toEqual([
      'uncertainty',
      'predictive_entropy',
      'least_confidence',
      'input_distance',
    ]);
    expect(evaluated.explanations.map(({ map }) => map)).toEqual([
      'attention_map',
      'class_activation_map',
      'gradient_map',
      'occlusion_map',
    ]);

    const folder = mkdtempSync(join(tmpdir(), 'models-'));
    writeModel(folder, cardOf(aConfig(), model, evaluated, FACTS, 1), model.onnx);
    const { loaded, refused } = await loadModels(folder);
    expect(refused).toEqual([]);
    expect(loaded.map(({ sha256 }) => sha256)).toEqual([model.sha256]);
    expect(readCard(readFileSync(join(folder, 'discs', 'card.json'), 'utf8')).evaluation).toEqual(evaluated.evaluation);
    const [here, beside] = [[join(folder, 'discs')], [join(folder, 'elsewhere', 'discs'), join(folder, 'discs')]];
    expect(testEvaluations(here, aConfig(), model.sha256, 'not asked for')).toBe(1);
    // A model that is written elsewhere is counted where its configuration lies, too.
    expect(() => testEvaluations(beside, aConfig(), 'another', 'not asked for')).toThrow(TestSplitUsed);
    expect(() => testEvaluations(here, aConfig(), 'another', 'not asked for')).toThrow(TestSplitUsed);
    expect(testEvaluations(here, aConfig(), 'another', 'asked for')).toBe(2);
    expect(testEvaluations(here, aConfig({ version: '2' }), 'a third', 'not asked for')).toBe(3);
    expect(testEvaluations(here, aConfig({ version: '2' }), 'a third', 'not asked for')).toBe(3);
    // Written down before the cases were read: a card that was never written, or was put away, changes nothing.
    rmSync(join(folder, 'discs', 'card.json'));
    expect(() => testEvaluations(here, aConfig({ version: '2' }), 'a fourth', 'not asked for')).toThrow(TestSplitUsed);
  });

  it('is the same, byte by byte, when it is trained again', async () => {
    expect((await trainModel(aConfig(), DATA, options())).sha256).toBe(model.sha256);
  });

  it('is the same when training was stopped after two epochs and taken up again', async () => {
    const resumed = await trainModel(aConfig(), DATA, options({ resume: () => kept[1] }));
    expect(resumed.sha256).toBe(model.sha256);
    expect(kept.map(({ epochs }) => epochs.length)).toEqual([1, 2, 3, 4, 5]);
  });

  it('is another with another seed', async () => {
    expect((await trainModel(aConfig({ seed: 4 }), DATA, options())).sha256).not.toBe(model.sha256);
  });

  it('is taught where the finding lies, and shows it in its attention map', async () => {
    const network = { ...aConfig().network, backbone: { ...aConfig().network.backbone, outputStride: 16 as const } };
    const config = aConfig({ network, teaching: { of: 'regions', insights: 'side' }, fit: { ...aConfig().fit, epochs: 12, patience: 12 } });
    const taught = await trainModel(config, { train: withRegions(discs(480, 1)), val: DATA.val }, options());
    const scorer = await Scorer.of(taught.onnx, config.preparation, 1);
    const pictures = withRegions(discs(40, 6))
      .filter(({ label }) => label === 1)
      .map((one) => pictureOf(one, config.preparation));
    const maps = await scorer.score(pictures, ['attention_map']);
    const inside = maps.filter((scores, i) => {
      const map = scores['attention_map'];
      const covered = coveredShares(regionMask(pictures[i].source.region, 32, 32), { rows: 32, columns: 32 }, [2, 2]);
      return covered[map.indexOf(Math.max(...map))] === Math.max(...covered);
    });
    expect(inside.length / maps.length).toBeGreaterThan(0.7); // one of four places by chance
  });

  it('takes the mean of several networks', async () => {
    const network = { ...aConfig().network, members: 2 };
    const two = await trainModel(aConfig({ network }), DATA, options());
    const alone = [model, await trainModel(aConfig({ seed: aConfig().seed + 1 }), DATA, options())];
    expect(two.fitted.networks).toEqual(alone.flatMap(({ fitted }) => fitted.networks));
    two.val.forEach(({ scores }, i) => {
      const each = alone.map(({ val, fitted }) => softmax(Array.from(val[i].scores['logits'], (logit) => logit * fitted.temperature)));
      const mean = [0, 1].map((k) => (each[0][k] + each[1][k]) / 2);
      const expected = softmax(mean.map((probability) => Math.log(probability) / two.fitted.temperature));
      expect(Array.from(scores['probabilities'])).toEqual(expected.map((value) => expect.closeTo(value, 4)));
      const [uncertainty] = scores['uncertainty'];
      expect(uncertainty).toBeCloseTo((alone[0].val[i].scores['uncertainty'][0] + alone[1].val[i].scores['uncertainty'][0]) / 2, 5);
    });
  });

  it('ends early when validation has not become better for as many epochs as its patience', async () => {
    const reports: number[] = [];
    const watcher = () => ({ ...silent, epoch: ({ epoch }: { epoch: number }) => void reports.push(epoch) });
    const fit = { ...aConfig().fit, epochs: 40, patience: 2 };
    const { fitted } = await trainModel(aConfig({ fit }), DATA, options({ watcher }));
    const [{ epochs, chosen }] = fitted.networks;
    expect(epochs).toBe(chosen + 2);
    expect(epochs).toBeLessThan(40);
    expect(reports).toHaveLength(epochs);
  });

  it('is not gone on with once its loss is no number', async () => {
    const fit = { ...aConfig().fit, rate: 1e38, warmUpEpochs: 0 };
    await expect(trainModel(aConfig({ fit }), DATA, options())).rejects.toThrow(TrainingDiverged);
  });
});

describe('Data that nothing can be made of', () => {
  const withLabel = (label: number) => DATA.train.map((one, i) => (i === 0 ? { ...one, label } : one));
  it.each<[string, Parameters<typeof trainModel>[1], Partial<TrainingConfig>?]>([
    ['a label beyond the classes', { ...DATA, train: withLabel(2) }],
    ['a class without pictures', { ...DATA, train: DATA.train.filter(({ label }) => label === 0) }],
    ['validation of one class', { ...DATA, val: DATA.val.filter(({ label }) => label === 1) }],
    ['a patient in both parts', { ...DATA, val: DATA.val.map((one, i) => (i === 0 ? { ...one, patient: DATA.train[3].patient } : one)) }],
    ['an attribute that no picture has', DATA, { teaching: { of: 'classes', insights: 'colour' } }],
    ['no picture with a region', DATA, { teaching: { of: 'regions' } }],
    ['too few for a batch', { ...DATA, train: DATA.train.slice(0, 6) }],
  ])('are refused before training: %s', async (_, data, change = {}) => {
    await expect(trainModel(aConfig(change), data, options())).rejects.toThrow(DatasetBroken);
  });
});

describe('Training and serving prepare a picture alike', () => {
  it.each(['none', 'z_score', 'min_max', 'histogram_equalization'] as const)('%s', (normalisation) => {
    const preparation = {
      ...aConfig().preparation,
      rows: 24,
      columns: 20,
      normalisation,
      clipPercentiles: [1, 99] as const,
      scale: { mean: [0.4], deviation: [0.2] },
    };
    const [picture] = discs(1, 9);
    const trained = new Float32Array(24 * 20);
    finish(pictureOf(picture, preparation).planes, preparation, trained);
    const { images } = prepareImage(picture.image, preparation);
    images.forEach((value, i) => expect(trained[i]).toBeCloseTo(value, 4));
  });
});
