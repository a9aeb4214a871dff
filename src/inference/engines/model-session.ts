import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { OutputTensor } from '../derive-outputs.js';
import { ModelHashMismatch, ModelUnreadable, RunFailed } from '../faults.js';
import type { SessionForm } from './engine-messages.js';

env.logLevel = 'fatal'; // the runtime's prose on standard error holds paths; what it throws is kept

/** A model in the runtime. Only engine processes may import this: a run blocks the thread, and native code may crash. */
export class ModelSession {
  private constructor(private readonly session: InferenceSession) {}

  /**
   * Reads the file, checks its SHA-256 and makes a session from those very bytes.
   * @throws ModelUnreadable, ModelHashMismatch; RunFailed  the runtime refuses the graph or the provider
   */
  static async load({ source, provider, threads }: SessionForm): Promise<ModelSession> {
    const bytes = await readFile(source.path).catch(() => {
      throw new ModelUnreadable('model.onnx');
    });
    if (createHash('sha256').update(bytes).digest('hex') !== source.card.sha256) throw new ModelHashMismatch();
    return native(async () => {
      const session = await InferenceSession.create(bytes, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        // Threads that wait in a loop for the next operator would starve the server on a small machine.
        extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
      });
      return new ModelSession(session);
    });
  }

  /**
   * @param images  by `dims` (imagesDims)
   * @returns the outputs by name
   * @throws RunFailed
   */
  run(images: Float32Array, dims: readonly number[]): Promise<Readonly<Record<string, OutputTensor>>> {
    return native(async () => {
      const outputs = await this.session.run({ images: new Tensor('float32', images, dims) });
      return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, numeric(output)]));
    });
  }

  /** Runs once on noise that is always the same: what is slow only the first time is done, providers can be compared. */
  warmUp(dims: readonly number[]): Promise<Readonly<Record<string, OutputTensor>>> {
    return this.run(noise(dims.reduce((product, dim) => product * dim, 1)), dims);
  }
}

function numeric({ dims, data }: Tensor): OutputTensor {
  if (Array.isArray(data)) throw new RunFailed('an output is text');
  return { dims, data };
}

/** Values spread evenly over −2…2, as normalised images have them: mulberry32 from the seed 1. */
function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * 4 - 2;
  });
}

async function native<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof RunFailed ? error : new RunFailed(wordsOf(error));
  }
}

/** The runtime's reason, short: without the paths that it likes to quote and the source line that it starts with. */
function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.replace(/^.* was false\. /s, '');
  return reason
    .replace(/\S*[/\\]\S*|\p{Cc}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}
