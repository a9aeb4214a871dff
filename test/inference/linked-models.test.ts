import { expect, it } from '@jest/globals';
import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModels } from '../../src/inference/registry.js';
import { aModelsFolder, meanGraph, onnxBytes, writeModel } from './tiny-models.js';

it('A model file that is a link to another file is the file that its card says, or refused without a word of what it leads to', async () => {
  const folder = aModelsFolder();
  const bytes = onnxBytes(meanGraph);
  const linked = (name: string, target: (file: string) => string): void => {
    writeModel(folder, bytes, { name });
    const file = join(folder, name, '1', 'model.onnx');
    const to = target(file);
    rmSync(file, { force: true });
    symlinkSync(to, file);
  };
  linked('same', (file) => (renameSync(file, `${file}.kept`), `${file}.kept`));
  linked('passwords', () => '/etc/passwd');
  linked('nowhere', () => join(folder, 'nothing'));
  linked('itself', (file) => file);
  linked('endless', () => '/dev/null');
  writeFileSync(join(folder, 'other.onnx'), Buffer.concat([bytes, Buffer.from('\n')]));
  linked('other', () => join(folder, 'other.onnx'));
  const { loaded, refused } = await loadModels(folder);
  expect(loaded.map(({ card }) => card.name)).toEqual(['same']);
  expect(refused.map(({ name, fault }) => [name, fault.code])).toEqual([
    ['endless', 'model-hash-mismatch'],
    ['itself', 'model-unreadable'],
    ['nowhere', 'model-unreadable'],
    ['other', 'model-hash-mismatch'],
    ['passwords', 'model-hash-mismatch'],
  ]);
  for (const { fault } of refused) expect(fault.message).not.toMatch(/\/|root:/);
});
