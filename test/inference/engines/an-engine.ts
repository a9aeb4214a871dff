import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalEngine, type LocalEngineOptions } from '../../../src/inference/engines/local-engine.js';
import { loadModels, type LoadedModel } from '../../../src/inference/registry.js';

export const QUICK: LocalEngineOptions = {
  workers: 1,
  threadsPerWorker: 1,
  queueLimit: 4,
  runLimitMilliseconds: 20_000,
  loadLimitMilliseconds: 20_000,
  memoryLimitMebibytes: 2048,
  providers: ['cpu'],
};

/** An engine on the models of a folder, started; closed after `use`, whatever happens. */
export async function withEngine(
  folder: string,
  options: Partial<LocalEngineOptions>,
  use: (engine: LocalEngine, models: Readonly<Record<string, LoadedModel>>) => Promise<void>,
): Promise<void> {
  const { loaded } = await loadModels(folder);
  const engine = new LocalEngine(loaded, { ...QUICK, ...options });
  try {
    await engine.start();
    await use(engine, Object.fromEntries(loaded.map((model) => [model.card.name, model])));
  } finally {
    await engine.close();
  }
}

/** Process ids of the engine processes of a parent, this process unless said. */
export function enginePids(parent = process.pid): number[] {
  try {
    return execFileSync('pgrep', ['-P', String(parent), '-f', 'engine-child'], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map(Number);
  } catch (error) {
    if ((error as { status?: number }).status === 1) return []; // found none
    throw error;
  }
}

/** Whether a process is there; one that died and was not waited for counts as gone. */
export function isAlive(pid: number): boolean {
  const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid), '-p', String(process.pid)], { encoding: 'utf8' });
  return (
    state
      .trim()
      .split('\n')
      .filter((one) => !one.startsWith('Z')).length === 2
  );
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20); // jest's own limit ends it
}
