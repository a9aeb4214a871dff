import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineCrashed, RunTimedOut } from '../faults.js';
import { fromMessage } from './engine-faults.js';
import type { EngineAnswer, EngineRequest } from './engine-messages.js';

const ENTRY = fileURLToPath(new URL('./engine-child.js', import.meta.url));
const JAVASCRIPT_HEAP_MEBIBYTES = 2048; // a prepared image is held a few times in float64; weights lie outside this heap

/** What drivers and the loader look for. Nothing of the server's own settings, its secrets least of all. */
const ENVIRONMENT = new Set(
  `PATH LD_LIBRARY_PATH DYLD_LIBRARY_PATH SYSTEMROOT WINDIR HOME TMPDIR TEMP TMP LANG TZ XDG_CACHE_HOME XDG_RUNTIME_DIR
  CUDA_VISIBLE_DEVICES CUDA_DEVICE_ORDER CUDA_PATH VK_ICD_FILENAMES VK_DRIVER_FILES`.split(/\s+/),
);

/** One process that runs models: asked one thing at a time, killed when it takes too long, never used again after that. */
export class EngineProcess {
  /** Aborted once the process is gone and nothing of it is left. */
  readonly gone: AbortSignal;
  private readonly ended: Promise<void>;
  private readonly child: ChildProcess;

  constructor(memoryLimitMebibytes: number) {
    this.child = fork(ENTRY, [String(process.pid), String(memoryLimitMebibytes)], {
      serialization: 'advanced', // typed arrays pass as they are
      execArgv: [`--max-old-space-size=${JAVASCRIPT_HEAP_MEBIBYTES}`], // and no inspector
      env: environment(),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'], // drivers write prose; faults come as answers
    });
    const gone = new AbortController();
    this.gone = gone.signal;
    this.ended = new Promise((resolve) => {
      const end = () => {
        gone.abort();
        resolve();
      };
      this.child.once('exit', end);
      this.child.on('error', () => {
        if (this.child.pid === undefined)
          end(); // could not be started; any other error is followed by 'exit'
        else this.child.kill('SIGKILL');
      });
    });
  }

  /** undefined where it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * @param limitMilliseconds  beyond it the process is killed
   * @throws RunTimedOut, EngineCrashed  the process is gone or going; and the faults that it answers
   */
  async ask<K extends EngineAnswer['kind']>(
    request: EngineRequest,
    kind: K,
    limitMilliseconds: number,
  ): Promise<Extract<EngineAnswer, { kind: K }>> {
    const answer = await this.exchange(request, limitMilliseconds);
    if (answer.kind === 'fault') throw fromMessage(answer);
    if (answer.kind !== kind) throw new Error('the engine process answered another question');
    return answer as Extract<EngineAnswer, { kind: K }>; // its kind was just compared
  }

  /** Kills the process, whatever it does, and waits until it is gone. */
  async end(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private exchange(request: EngineRequest, limitMilliseconds: number): Promise<EngineAnswer> {
    if (this.gone.aborted) throw new EngineCrashed();
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        this.child.off('message', succeed);
        this.gone.removeEventListener('abort', die);
      };
      const succeed = (answer: unknown) => {
        settle();
        resolve(answer as EngineAnswer); // engine-child.ts sends nothing else
      };
      const die = () => {
        settle();
        reject(new EngineCrashed());
      };
      const timer = setTimeout(() => {
        settle();
        this.child.kill('SIGKILL');
        reject(new RunTimedOut(limitMilliseconds));
      }, limitMilliseconds);
      this.child.once('message', succeed);
      this.gone.addEventListener('abort', die);
      this.child.send(request, () => undefined); // a channel that breaks is followed by 'exit'
    });
  }
}

function environment(): NodeJS.ProcessEnv {
  const isKept = (name: string) => ENVIRONMENT.has(name.toUpperCase()) || name.startsWith('NVIDIA_');
  const kept = Object.entries(process.env).filter(([name]) => isKept(name));
  // Tensor cores round float32 to 10 bits unless told not to: their outputs would not be the CPU's.
  return { ...Object.fromEntries(kept), NVIDIA_TF32_OVERRIDE: '0' };
}
