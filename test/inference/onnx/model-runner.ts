import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface PlainTensor {
  readonly dims: number[];
  readonly type: string;
  readonly values: number[];
}

/** Runs a model in a process of its own (run-model.ts) and gives its outputs by name. */
export function runModel(path: string, dims: number[], values: readonly number[]): Record<string, PlainTensor> {
  const program = fileURLToPath(new URL('./run-model.js', import.meta.url));
  const input = JSON.stringify({ dims, values });
  return JSON.parse(execFileSync(process.execPath, [program, path], { input, maxBuffer: 1 << 28 }).toString()) as Record<
    string,
    PlainTensor
  >;
}
