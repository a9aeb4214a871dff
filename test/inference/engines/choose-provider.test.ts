import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { chooseProviders } from '../../../src/inference/engines/choose-provider.js';
import { EngineModel } from '../../../src/inference/engines/engine-model.js';
import { loadModels } from '../../../src/inference/registry.js';
import type { ExecutionProvider } from '../../../src/settings.js';
import { aCard, aModelsFolder, anEvenImage, meanGraph, onnxBytes, writeModel } from '../tiny-models.js';
import { enginePids, until, withEngine } from './an-engine.js';

/** A provider that no onnxruntime of this system has. */
const FOREIGN = process.platform === 'darwin' ? 'dml' : 'coreml';

function aFolder(): string {
  const folder = aModelsFolder();
  writeModel(folder, onnxBytes(meanGraph));
  return folder;
}

async function aModel(): Promise<EngineModel> {
  const { loaded } = await loadModels(aFolder());
  return new EngineModel(loaded[0]);
}

/** A model whose file never comes to an end: a trial hangs while it reads it. */
function anEndlessModel(): EngineModel {
  const path = join(aModelsFolder(), 'model.onnx');
  execFileSync('mkfifo', [path]);
  return new EngineModel({ card: aCard(), path });
}

function choose(model: EngineModel, order: readonly ExecutionProvider[], limitMilliseconds = 20_000): Promise<void> {
  const closing = new AbortController().signal;
  return chooseProviders([model], { order, limitMilliseconds, threads: 1, memoryLimitMebibytes: 2048, closing });
}

describe('Choosing an execution provider', () => {
  it('refuses one that is not there, says why, takes the CPU, and leaves no process', async () => {
    const model = await aModel();
    await choose(model, [FOREIGN, 'cpu']);
    expect(model.accepted).toBe('cpu');
    expect(model.refused).toEqual([{ provider: FOREIGN, why: expect.stringContaining('backend not found') }]);
    expect(enginePids()).toEqual([]);
  });

  it('takes the CPU even where the list does not name it', async () => {
    const model = await aModel();
    await choose(model, [FOREIGN]);
    expect(model.accepted).toBe('cpu');
  });

  it('tries none behind the CPU', async () => {
    const model = await aModel();
    await choose(model, ['cpu', FOREIGN]);
    expect([model.accepted, model.refused]).toEqual(['cpu', []]);
  });

  it('refuses those that hang, and ends their process', async () => {
    const model = anEndlessModel();
    await choose(model, [FOREIGN, 'webgpu'], 300);
    expect(model.accepted).toBe('cpu');
    expect(model.refused).toEqual([
      { provider: FOREIGN, why: 'timed out after 300 ms' },
      { provider: 'webgpu', why: 'timed out after 300 ms' },
    ]);
    expect(enginePids()).toEqual([]);
  });

  it('refuses those whose process dies, each in a process of its own', async () => {
    const model = anEndlessModel();
    const choosing = choose(model, [FOREIGN, 'webgpu']);
    await until(() => {
      for (const pid of enginePids()) process.kill(pid, 'SIGKILL');
      return model.refused.length === 2;
    });
    await choosing;
    expect(model.refused.map(({ why }) => why)).toEqual(['crashed', 'crashed']);
  });

  it('tries those in front of the CPU in order until one agrees with it, and every run names the one it was made by', async () => {
    const order = ['cuda', 'tensorrt', 'webgpu', FOREIGN, 'cpu'] as const;
    await withEngine(aFolder(), { providers: order }, async (engine, { tiny }) => {
      const [{ model, accepted, refused }] = engine.providers();
      expect(model).toBe('tiny/1');
      expect([...refused.map(({ provider }) => provider), accepted]).toEqual(order.slice(0, refused.length + 1));
      for (const { why } of refused) expect(why).toMatch(/^(threw: .|disagrees with the CPU: .|crashed$|timed out)/);
      const { provider, outputs } = await engine.run(tiny, anEvenImage(600));
      expect(provider).toBe(accepted);
      expect(outputs.logits[1]).toBeCloseTo(1.3, 3);
    });
  });
});
