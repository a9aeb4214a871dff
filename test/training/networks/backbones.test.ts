/** @jest-environment <rootDir>/onnx.environment.js */
import { describe, expect, it, jest } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { inspectModel } from '../../../src/inference/onnx/inspect-model.js';
import { GraphMalformed } from '../../../src/training/faults.js';
import { featuresOf, type BackboneForm } from '../../../src/training/networks/backbone.js';
import type { NetworkForm } from '../../../src/training/networks/network.js';
import { servedGraph } from '../../../src/training/networks/served-graph.js';
import { Random } from '../../../src/training/random.js';
import { declare } from '../../../src/training/step/step-graph.js';
import { Trainer, type Batch } from '../../../src/training/step/trainer.js';

const BATCH = 4;
const CLASSES = 2;

/** Small ones; the large ones are the same code with other numbers, held to torchvision in torchvision.test.ts. */
const SMALL: readonly (readonly [string, BackboneForm, readonly number[]])[] = [
  ['resnet10', { name: 'resnet10', width: 8 }, [1, 64, 64]],
  ['resnet10, compact and fine', { name: 'resnet10', width: 8, stem: 'compact', outputStride: 16 }, [1, 32, 32]],
  ['resnet10-3d', { name: 'resnet10-3d', width: 8 }, [1, 32, 32, 32]],
  ['video-resnet10', { name: 'video-resnet10', width: 8 }, [3, 1, 32, 32]],
  ['densenet-tiny', { name: 'densenet-tiny' }, [1, 32, 32]],
  ['vit-tiny', { name: 'vit-tiny' }, [1, 32, 32]],
];

const formOf = (backbone: BackboneForm, image: readonly number[]): NetworkForm => ({
  backbone,
  image,
  classes: CLASSES,
  insightClasses: CLASSES,
  dropout: 0,
});

/** Noise; pictures of the second class are brighter on one side. */
function aBatch(image: readonly number[]): Batch {
  const size = image.reduce((product, dim) => product * dim, 1);
  const random = new Random(1);
  const columns = image[image.length - 1];
  const images = Float32Array.from(
    { length: BATCH * size },
    (_, i) => random.normal() + (Math.floor(i / size) % 2 === 1 && i % columns < columns / 2 ? 2 : 0),
  );
  const targets = Float32Array.from({ length: BATCH * CLASSES }, (_, i) => (Math.floor(i / CLASSES) % 2 === i % 2 ? 1 : 0));
  return { images, targets, weights: new Float32Array(BATCH).fill(1), insightTargets: targets };
}

jest.setTimeout(300_000); // beside other tests on a small machine

describe('Every backbone', () => {
  it.each(SMALL)('%s is trained, and served with every output of the model contract', async (_, backbone, image) => {
    const network = formOf(backbone, image);
    const optimiser = { weightDecay: 0, gradientLimit: 5 };
    const trainer = await Trainer.create({ network, optimiser, batch: BATCH, seed: 1, threads: 1, teaching: 'classes' });
    const batch = aBatch(image);
    const losses: number[] = [];
    for (let step = 0; step < 12; step++) losses.push((await trainer.step(batch, 1e-3)).loss);
    expect(losses[11]).toBeLessThan(losses[0] * 0.7);

    const { parameters, statistics } = trainer.state;
    const model = servedGraph({ network, name: 'test', version: 1, temperature: 1, features: 'given' }, declare(network, 1), [
      { parameters, statistics },
    ]);
    expect(inspectModel(model).operators).not.toContain('Loop');
    const session = await InferenceSession.create(model);
    const outputs = await session.run({ images: new Tensor('float32', batch.images, [BATCH, ...image]) });
    const { dims } = outputs.attention_map;
    const shapes = Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, output.dims]));
    expect(shapes).toEqual({
      logits: [BATCH, CLASSES],
      probabilities: [BATCH, CLASSES],
      confidence: [BATCH],
      uncertainty: [BATCH],
      attention_map: [BATCH, 1, ...dims.slice(2)],
      clinical_insights: [BATCH, 64],
      prediction: [BATCH],
      class_activation_map: [BATCH, CLASSES, ...dims.slice(2)],
      gradient_map: [BATCH, 1, ...dims.slice(2)],
      features: [BATCH, featuresOf(backbone)],
    });
    expect(Object.values(outputs).every(({ data }) => Array.from(data as Float32Array, Number).every(Number.isFinite))).toBe(true);
    await trainer.close();
  });

  it('leaves the test files after it in this process the numbers below 1e-38 (onnx.environment)', async () => {
    const network = formOf({ name: 'resnet10', width: 8 }, [1, 64, 64]);
    await Trainer.create({
      network,
      optimiser: { weightDecay: 0, gradientLimit: 5 },
      batch: BATCH,
      seed: 1,
      threads: 1,
      teaching: 'classes',
    });
    expect(Math.fround(Number('1e-40'))).toBeGreaterThan(0);
  });

  it('has as many features as in the literature', () => {
    expect(['resnet50', 'densenet121', 'vit'].map((name) => featuresOf({ name }))).toEqual([2048, 1024, 768]);
  });

  it('is refused where its name is not known, or the picture does not fit it', () => {
    expect(() => declare(formOf({ name: 'resnet99' }, [1, 32, 32]), 1)).toThrow(GraphMalformed);
    expect(() => declare(formOf({ name: 'vit-tiny' }, [1, 30, 32]), 1)).toThrow(GraphMalformed);
  });
});
