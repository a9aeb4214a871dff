/** @jest-environment <rootDir>/onnx.environment.js */
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { OnnxGraph } from '../../../src/inference/onnx/onnx-graph.js';
import { globalAveragePool } from '../../../src/training/autodiff/pooling.js';
import { size, Tape, type Value } from '../../../src/training/autodiff/tape.js';
import { backbone } from '../../../src/training/networks/backbone.js';
import { Layers } from '../../../src/training/networks/layers.js';
import { Constants, Declaration, type Parameter } from '../../../src/training/networks/parameters.js';
import { visionTransformer } from '../../../src/training/networks/vit.js';

const golden = JSON.parse(readFileSync(new URL('../../../../test/golden/networks.json', import.meta.url), 'utf8')) as {
  features: Record<string, number[]>;
};

type Network = (layers: Layers, images: Value) => Value;

const pooled =
  (name: string): Network =>
  (layers, images) =>
    globalAveragePool(layers.tape, backbone(layers, images, { name }));

const NETWORKS: Readonly<Record<string, { pixels: number; network: Network }>> = {
  resnet10: { pixels: 64, network: pooled('resnet10') },
  resnet50: { pixels: 64, network: pooled('resnet50') },
  densenet121: { pixels: 64, network: pooled('densenet121') },
  vit: {
    pixels: 32,
    network: (layers, images) => visionTransformer(layers, images, { patch: 16, width: 768, depth: 2, heads: 12, hidden: 3072 }),
  },
};

const errors: string[] = [];

jest.setTimeout(300_000); // beside other tests on a small machine

describe('Networks give what torchvision’s give from the same weights (test/golden/make-networks.py)', () => {
  it.each(Object.keys(NETWORKS))('%s', async (name) => {
    const { pixels, network } = NETWORKS[name];
    const features = await run(network, [1, 3, pixels, pixels]);
    const expected = golden.features[name];
    const unit = expected.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0);
    const worst = expected.reduce((greatest, value, i) => Math.max(greatest, Math.abs(value - features[i])), 0) / unit;
    errors.push(`${name}: ${expected.length} features, ${worst.toExponential(1)}`);
    expect(features).toHaveLength(expected.length);
    expect(worst).toBeLessThan(1e-5);
  });

  afterAll(() => void process.stdout.write(`Worst error relative to the greatest feature\n${errors.join('\n')}\n`));
});

async function run(network: Network, dims: readonly number[]): Promise<Float32Array> {
  const aside = new Tape(new OnnxGraph('declaration'));
  const declaration = new Declaration(aside);
  network(new Layers(aside, declaration, 'serving'), aside.input('images', dims));
  const trained = filled(declaration.trainedLayout.entries, declaration.trainedLayout.length);
  const kept = filled(declaration.keptLayout.entries, declaration.keptLayout.length);

  const graph = new OnnxGraph('network');
  const tape = new Tape(graph);
  const images = tape.input('images', dims);
  tape.output('features', network(new Layers(tape, new Constants(tape, declaration, trained, kept), 'serving'), images));
  const bytes = graph.toBytes({ opset: 17, irVersion: 8, producerName: 'test', modelVersion: 1, docString: '', metadata: {} });
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 2 });
  const picture = Float32Array.from(spread(`image ${dims[2]}`, size(dims)), (value) => 4 * value);
  const { features } = await session.run({ images: new Tensor('float32', picture, dims) });
  await session.release();
  return features.data as Float32Array;
}

/** The weights of the golden script: from a parameter's name and the place of each value. */
function filled(entries: readonly Parameter[], length: number): Float32Array {
  const values = new Float32Array(length);
  for (const { name, dims, offset } of entries) {
    const count = size(dims);
    const matrix = dims.length > 1 && !name.includes('embedding') && !name.includes('token');
    const aroundOne = name.endsWith('running_var') || (name.endsWith('weight') && dims.length === 1);
    const factor = matrix ? Math.sqrt(24 / (count / dims[0])) : 0.4;
    values.set(
      spread(name, count).map((value) => (aroundOne ? 1 : 0) + factor * value),
      offset,
    );
  }
  return values;
}

function spread(name: string, count: number): Float64Array {
  const start = crc32(name);
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (start + i) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32 - 0.5;
  });
}
