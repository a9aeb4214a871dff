import { describe, expect, it } from '@jest/globals';
import { appendFileSync } from 'node:fs';
import type { EngineImage } from '../../../src/inference/engines/engine-messages.js';
import { LocalEngine } from '../../../src/inference/engines/local-engine.js';
import { loadModels } from '../../../src/inference/registry.js';
import { aModelsFolder, anEvenImage, brokenGraph, meanGraph, noNumberGraph, onnxBytes, slowGraph, writeModel } from '../tiny-models.js';
import { enginePids, isAlive, QUICK, until, withEngine } from './an-engine.js';

const BLACK = anEvenImage(0);
const GREY = anEvenImage(500);

/** quick: the mean; slow: minutes on GREY, at once on BLACK. */
function aFolder(): string {
  const folder = aModelsFolder();
  writeModel(folder, onnxBytes(meanGraph), { name: 'quick' });
  writeModel(folder, onnxBytes(slowGraph(20_000)), { name: 'slow' });
  return folder;
}

describe('The engine', () => {
  it('prepares, runs and derives: the outputs are those of the graph on the prepared image', async () => {
    await withEngine(aFolder(), { workers: 2 }, async (engine, { quick }) => {
      expect(engine.state()).toMatchObject({ ready: true, children: 2, queued: 0, running: 0 });
      const { outputs, quality, provider, timings } = await engine.run(quick, anEvenImage(600)); // 0.6 through the window
      expect(outputs.logits[0]).toBeCloseTo(0.25 - 2 * 0.6, 5);
      expect(outputs.logits[1]).toBeCloseTo(3 * 0.6 - 0.5, 5);
      expect(outputs.probabilities?.[1]).toBeCloseTo(1 / (1 + Math.exp(-2.25)), 5);
      expect([outputs.prediction, provider]).toEqual([1, 'cpu']);
      expect(quality.brightness).toBeCloseTo(0.6, 6);
      expect(timings.run).toBeGreaterThan(0);
    });
  });

  it('gives every one of many runs its own answer', async () => {
    await withEngine(aFolder(), { workers: 2, queueLimit: 40 }, async (engine, { quick }) => {
      const values = Array.from({ length: 40 }, (_, i) => i * 25);
      const results = await Promise.all(values.map((value) => engine.run(quick, anEvenImage(value))));
      results.forEach(({ outputs }, i) => expect(outputs.logits[1]).toBeCloseTo((3 * values[i]) / 1000 - 0.5, 5));
    });
  });

  it('says what is wrong with an image, and goes on with the same process', async () => {
    await withEngine(aFolder(), {}, async (engine, { quick }) => {
      const [pid] = enginePids();
      const voi = { windows: [{ windowCenter: 500, windowWidth: 0 }], tables: [], voiLutFunction: 'LINEAR' } as const;
      await expect(engine.run(quick, anEvenImage(1, { voi }))).rejects.toMatchObject({ name: 'WindowInvalid', status: 422 });
      expect((await engine.run(quick, BLACK)).outputs.logits).toEqual([0.25, -0.5]);
      expect(enginePids()).toEqual([pid]);
    });
  });

  it('owns up to a mistake of its own, and goes on with the same process', async () => {
    await withEngine(aFolder(), {}, async (engine, { quick }) => {
      const [pid] = enginePids();
      const impossible = { ...BLACK, pixels: {} as EngineImage['pixels'] }; // no caller of ours leaves them out
      const cause = expect.objectContaining({ message: expect.stringContaining('TypeError') });
      await expect(engine.run(quick, impossible)).rejects.toMatchObject({ name: 'InternalFault', cause });
      expect((await engine.run(quick, BLACK)).provider).toBe('cpu');
      expect(enginePids()).toEqual([pid]);
    });
  });

  it('reports nothing from a model whose outputs are no numbers', async () => {
    const folder = aModelsFolder();
    writeModel(folder, onnxBytes(noNumberGraph));
    await withEngine(folder, {}, async (engine, { tiny }) => {
      await expect(engine.run(tiny, GREY)).rejects.toMatchObject({ name: 'ModelOutputInvalid' });
    });
  });

  it('kills a run that takes too long; the next one works', async () => {
    await withEngine(aFolder(), { runLimitMilliseconds: 500 }, async (engine, { slow }) => {
      const [pid] = enginePids();
      await expect(engine.run(slow, GREY)).rejects.toMatchObject({ name: 'RunTimedOut', code: 'run-timed-out', milliseconds: 500 });
      await until(() => !isAlive(pid));
      expect((await engine.run(slow, BLACK)).outputs.logits).toEqual([0.25, -0.5]);
    });
  });

  it('fails the run of a process that is killed, and replaces it; other runs only wait', async () => {
    await withEngine(aFolder(), {}, async (engine, { slow, quick }) => {
      const [pid] = enginePids();
      const killed = engine.run(slow, GREY);
      const waiting = engine.run(quick, BLACK);
      process.kill(pid, 'SIGKILL');
      await expect(killed).rejects.toMatchObject({ name: 'EngineCrashed', code: 'engine-crashed' });
      expect((await waiting).outputs.logits).toEqual([0.25, -0.5]);
      expect(enginePids()).not.toContain(pid);
    });
  });

  it('replaces a process that is killed while it waits', async () => {
    await withEngine(aFolder(), {}, async (engine, { quick }) => {
      const [pid] = enginePids();
      process.kill(pid, 'SIGKILL');
      await until(() => engine.state().ready && enginePids().some((other) => other !== pid));
      expect((await engine.run(quick, BLACK)).provider).toBe('cpu');
    });
  });

  it('ends a process that takes more memory than it may, before the machine runs out', async () => {
    await withEngine(aFolder(), { memoryLimitMebibytes: 400 }, async (engine, { slow, quick }) => {
      await expect(engine.run(slow, GREY)).rejects.toMatchObject({ name: 'EngineCrashed' }); // 800 MB
      expect((await engine.run(quick, BLACK)).provider).toBe('cpu');
    });
  });

  it('refuses a run beyond the queue and says so', async () => {
    await withEngine(aFolder(), { queueLimit: 1, runLimitMilliseconds: 1000 }, async (engine, { slow, quick }) => {
      const running = engine.run(slow, GREY);
      const waiting = engine.run(quick, BLACK);
      await expect(engine.run(quick, BLACK)).rejects.toMatchObject({ name: 'EngineBusy', status: 503 });
      expect(engine.state()).toMatchObject({ running: 1, queued: 1 });
      await expect(running).rejects.toMatchObject({ name: 'RunTimedOut' });
      expect((await waiting).outputs.prediction).toBe(0);
    });
  });

  it('leaves out a model that the runtime refuses and one whose file was changed since, and runs the others', async () => {
    const folder = aFolder();
    writeModel(folder, onnxBytes(brokenGraph), { name: 'broken' });
    writeModel(folder, onnxBytes(meanGraph), { name: 'changed' });
    const { loaded } = await loadModels(folder);
    appendFileSync(loaded.find(({ card }) => card.name === 'changed')?.path ?? '', 'x');
    const engine = new LocalEngine(loaded, QUICK);
    await engine.start();
    const unusable = engine.state().models.map(({ model, unusable }) => [model, unusable]);
    expect(unusable).toEqual([
      ['broken/1', expect.stringContaining('MatMul')],
      ['changed/1', expect.stringContaining('SHA-256')],
      ['quick/1', undefined],
      ['slow/1', undefined],
    ]);
    expect(JSON.stringify(unusable)).not.toContain(folder);
    await expect(engine.run(loaded[0], BLACK)).rejects.toMatchObject({ name: 'ModelUnusable' });
    expect((await engine.run(loaded[2], BLACK)).outputs.prediction).toBe(0);
    await engine.close();
  });

  it('closes: what waits is refused, what runs ends, no process is left', async () => {
    const folder = aModelsFolder();
    writeModel(folder, onnxBytes(slowGraph(4000)), { name: 'slow' }); // a good second on GREY
    const { loaded } = await loadModels(folder);
    const engine = new LocalEngine(loaded, { ...QUICK, workers: 2 });
    await engine.start();
    const pids = enginePids();
    expect(pids).toHaveLength(2);
    const running = [engine.run(loaded[0], GREY), engine.run(loaded[0], GREY)];
    const waiting = engine.run(loaded[0], BLACK);
    await until(() => engine.state().running === 2);
    await Promise.all([
      engine.close(),
      expect(waiting).rejects.toMatchObject({ name: 'EngineClosed', status: 503 }),
      ...running.map((run) => expect(run).resolves.toMatchObject({ provider: 'cpu' })),
    ]);
    await expect(engine.run(loaded[0], BLACK)).rejects.toMatchObject({ name: 'EngineClosed' });
    expect(pids.filter(isAlive)).toEqual([]);
    expect(engine.state()).toMatchObject({ ready: false, children: 0, running: 0 });
  });

  it('closes while it still starts', async () => {
    const { loaded } = await loadModels(aFolder());
    const engine = new LocalEngine(loaded, { ...QUICK, providers: ['webgpu', 'cpu'] });
    const starting = engine.start();
    await Promise.all([engine.close(), starting]);
    expect(enginePids()).toEqual([]);
  });

  it('is ready without a process where there is no model', async () => {
    await withEngine(aModelsFolder(), {}, async (engine) => {
      expect(engine.state()).toEqual({ ready: true, children: 0, queued: 0, running: 0, models: [] });
    });
  });
});
