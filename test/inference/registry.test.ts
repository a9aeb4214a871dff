import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModels } from '../../src/inference/registry.js';
import { canonicalSha256 } from '../../src/signing/canonical.js';
import { aCard, aModelsFolder, meanGraph, onnxBytes, SIDE, writeModel } from './tiny-models.js';

describe('A folder of models', () => {
  it('gives each model with its card, its file and the hash of that file', async () => {
    const folder = aModelsFolder();
    const bytes = onnxBytes(meanGraph);
    const card = writeModel(folder, bytes, { name: 'one', version: '2' });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(await loadModels(folder)).toEqual({
      loaded: [{ card, path: join(folder, 'one', '2', 'model.onnx'), sha256, cardSha256: canonicalSha256(card) }],
      refused: [],
    });
  });

  it('calls a card the same whatever its layout, and another when a threshold is', async () => {
    const folder = aModelsFolder();
    const card = writeModel(folder, onnxBytes(meanGraph), { name: 'one' });
    const cardOf = async (text: string) => {
      writeFileSync(join(folder, 'one', 'card.json'), text);
      return (await loadModels(folder)).loaded[0].cardSha256;
    };
    const first = await cardOf(JSON.stringify(card));
    expect(await cardOf(JSON.stringify(Object.fromEntries(Object.entries(card).reverse()), null, 2))).toBe(first);
    const [absence, finding] = card.classes;
    const other = { ...card, classes: [absence, { ...finding, operatingThreshold: 0.51 }] };
    expect(await cardOf(JSON.stringify(other))).not.toBe(first);
  });

  it('refuses what is wrong, each for its reason, and keeps the others', async () => {
    const folder = aModelsFolder();
    const bytes = onnxBytes(meanGraph);
    writeModel(folder, bytes, { name: 'good' });
    writeModel(folder, bytes, { name: 'other-hash', sha256: 'f'.repeat(64) });
    writeModel(folder, new TextEncoder().encode('no model at all'), { name: 'not-onnx' });
    writeModel(folder, onnxBytes(meanGraph, ['N', 3, SIDE, SIDE]), { name: 'other-channels' });
    writeModel(folder, onnxBytes(meanGraph, [8, 1, SIDE, SIDE]), { name: 'fixed-batch' });
    writeModel(folder, bytes, { name: 'other-opset', opset: 16 });
    writeModel(folder, bytes, { name: 'no-file' });
    rmSync(join(folder, 'no-file', '1', 'model.onnx'));
    mkdirSync(join(folder, 'no-card'));
    mkdirSync(join(folder, 'bad-card'));
    writeFileSync(join(folder, 'bad-card', 'card.json'), '{}');
    writeModel(folder, bytes, { name: 'elsewhere' });
    mkdirSync(join(folder, 'renamed'));
    writeFileSync(join(folder, 'renamed', 'card.json'), JSON.stringify((await loadModels(folder)).loaded[0].card));

    const { loaded, refused } = await loadModels(folder);
    expect(loaded.map(({ card }) => card.name)).toEqual(['elsewhere', 'good']);
    expect(refused.map(({ name, fault }) => [name, fault.code, fault.message])).toEqual([
      ['bad-card', 'invalid-model-card', "The model card's name is missing."],
      ['fixed-batch', 'model-contradicts-card', expect.stringContaining('images is [8, 1, 4, 4], the card prepares [1, 1, 4, 4]')],
      ['no-card', 'model-unreadable', expect.stringContaining('card.json')],
      ['no-file', 'model-unreadable', expect.stringContaining('model.onnx')],
      ['not-onnx', 'model-unsafe', expect.any(String)],
      ['other-channels', 'model-contradicts-card', expect.stringContaining('[N, 3, 4, 4]')],
      ['other-hash', 'model-hash-mismatch', expect.stringContaining('SHA-256')],
      ['other-opset', 'model-contradicts-card', expect.stringContaining("opset is 17, the card's 16")],
      ['renamed', 'invalid-model-card', expect.stringContaining('name must equal the name of its folder')],
    ]);
  });

  it('tells what a model was trained on where that is there and is what the card names', async () => {
    const folder = aModelsFolder();
    const bytes = onnxBytes(meanGraph);
    const text = 'what it was trained on';
    const manifest = { file: 'training-manifest.ndjson', sha256: createHash('sha256').update(text).digest('hex'), entries: 1 };
    const training = { ...aCard().training, manifest };
    for (const name of ['changed', 'not-brought', 'whole']) writeModel(folder, bytes, { name, training });
    writeFileSync(join(folder, 'whole', '1', manifest.file), text);
    writeFileSync(join(folder, 'changed', '1', manifest.file), `${text}!`);
    const { loaded, refused } = await loadModels(folder);
    expect(loaded.map(({ card, trainingManifest }) => [card.name, trainingManifest])).toEqual([
      ['not-brought', undefined],
      ['whole', join(folder, 'whole', '1', manifest.file)],
    ]);
    expect(refused).toMatchObject([{ name: 'changed', fault: { code: 'training-manifest-mismatch' } }]);
  });

  it('passes over a model that was not trained yet', async () => {
    const folder = aModelsFolder();
    mkdirSync(join(folder, 'to-come'));
    writeFileSync(join(folder, 'to-come', 'training.json'), '{}');
    expect(await loadModels(folder)).toEqual({ loaded: [], refused: [] });
  });

  it('holds the five dimensions of a volume or a clip against the card', async () => {
    const folder = aModelsFolder();
    const { input } = aCard();
    const size = [8, SIDE, SIDE] as const;
    const volume = {
      minimumSlices: 2,
      size,
      orientation: 'as-acquired',
      unit: 'any',
      windows: [],
      normalisation: 'none',
      outside: 0,
      grid: 'first',
    } as const;
    const sequences = [{ name: 'T1' }, { name: 'T2' }] as const;
    const interval = { unit: 'frames', value: 1 } as const;
    const clip = { frames: 5, interval, rows: SIDE, columns: SIDE, channels: 3, normalisation: 'none', regions: 'ignored' } as const;
    writeModel(folder, onnxBytes(meanGraph, ['N', 1, ...size]), { name: 'volume', input: { ...input, volume } });
    writeModel(folder, onnxBytes(meanGraph, ['N', 2, ...size]), { name: 'sequences', input: { ...input, volume, sequences } });
    writeModel(folder, onnxBytes(meanGraph, ['N', 5, 3, SIDE, SIDE]), { name: 'clip', input: { ...input, clip } });
    writeModel(folder, onnxBytes(meanGraph, ['N', 1, SIDE, SIDE]), { name: 'image-for-volume', input: { ...input, volume } });
    writeModel(folder, onnxBytes(meanGraph, ['N', 1, 9, SIDE, SIDE]), { name: 'other-slices', input: { ...input, volume } });
    writeModel(folder, onnxBytes(meanGraph, ['N', 1, ...size]), { name: 'volume-for-image' });
    const { loaded, refused } = await loadModels(folder);
    expect(loaded.map(({ card }) => card.name)).toEqual(['clip', 'sequences', 'volume']);
    expect(refused.map(({ name, fault }) => [name, fault.message])).toEqual([
      ['image-for-volume', expect.stringContaining('images is [N, 1, 4, 4], the card prepares [1, 1, 8, 4, 4]')],
      ['other-slices', expect.stringContaining('images is [N, 1, 9, 4, 4], the card prepares [1, 1, 8, 4, 4]')],
      ['volume-for-image', expect.stringContaining('images is [N, 1, 8, 4, 4], the card prepares [1, 1, 4, 4]')],
    ]);
  });

  it('takes a model that is changed by one byte for another one', async () => {
    const folder = aModelsFolder();
    const bytes = onnxBytes(meanGraph);
    writeModel(folder, bytes);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(join(folder, 'tiny', '1', 'model.onnx'), bytes);
    expect((await loadModels(folder)).refused[0].fault.code).toBe('model-hash-mismatch');
  });

  it('loads the models that come with the server', async () => {
    const { loaded, refused } = await loadModels(new URL('../../../models/', import.meta.url).pathname);
    expect(refused).toEqual([]);
    expect(loaded.map(({ card }) => card.name)).toContain('chest-pneumonia');
  });
});
