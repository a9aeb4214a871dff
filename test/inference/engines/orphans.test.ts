import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { aModelsFolder, anEvenImage, onnxBytes, slowGraph, writeModel } from '../tiny-models.js';
import { enginePids, isAlive, QUICK, until } from './an-engine.js';

const source = (path: string) => JSON.stringify(new URL(`../../../src/inference/${path}`, import.meta.url).href);

/** A server in small: starts an engine, says so, and begins a run that takes minutes. */
const PROGRAM = `
  const { loadModels } = await import(${source('registry.js')});
  const { LocalEngine } = await import(${source('engines/local-engine.js')});
  const [folder, options, image] = process.argv.slice(1);
  const { loaded } = await loadModels(folder);
  const engine = new LocalEngine(loaded, JSON.parse(options));
  await engine.start();
  const { frame, pixels } = JSON.parse(image);
  engine.run(loaded[0], { frame: { ...frame, bytes: Uint8Array.from(frame.bytes) }, pixels });
  setTimeout(() => console.log('running'), 300);
`;

describe('Engine processes whose parent is killed', () => {
  it('end by themselves, even in the midst of a run', async () => {
    const folder = aModelsFolder();
    writeModel(folder, onnxBytes(slowGraph(20_000)));
    const { frame, pixels } = anEvenImage(500);
    const image = JSON.stringify({ frame: { ...frame, bytes: [...frame.bytes] }, pixels });
    const parent = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, folder, JSON.stringify(QUICK), image], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    const pids = enginePids(parent.pid);
    expect(pids).toHaveLength(1);
    parent.kill('SIGKILL');
    await until(() => !pids.some(isAlive));
  }, 15_000);
});
