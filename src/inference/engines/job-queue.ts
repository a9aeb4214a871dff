import type { Fault } from '../../faults.js';
import { EngineBusy } from '../faults.js';
import type { EngineImage, EngineResult, EngineStack, StackFrame } from './engine-messages.js';
import type { EngineModel } from './engine-model.js';

/** A stack and where its frames come from: not asked for before a process is free. */
export interface FrameStack {
  readonly stack: EngineStack;
  readonly frames: () => AsyncIterable<StackFrame>;
}

/** A run that somebody waits for. */
export interface Job {
  readonly model: EngineModel;
  readonly input: EngineImage | FrameStack;
  /** Whether maps are wanted that cost many runs; of an image only. */
  readonly explained: boolean;
  readonly done: (result: EngineResult) => void;
  readonly failed: (fault: unknown) => void;
}

/** Runs that wait for a process, the oldest first; bounded. */
export class JobQueue {
  private readonly waiting: Job[] = [];
  private readonly takers: ((job: Job) => void)[] = [];

  /** @param limit  runs that may wait; one more is refused */
  constructor(private readonly limit: number) {}

  get length(): number {
    return this.waiting.length;
  }

  /** @throws EngineBusy */
  put(job: Job): void {
    const taker = this.takers.shift();
    if (taker !== undefined) return taker(job);
    if (this.waiting.length >= this.limit) throw new EngineBusy();
    this.waiting.push(job);
  }

  /** A run that was taken and not begun: it is first again. */
  giveBack(job: Job): void {
    const taker = this.takers.shift();
    if (taker !== undefined) taker(job);
    else this.waiting.unshift(job);
  }

  /** The next run, as soon as there is one; undefined once the signal is aborted, and no run is lost by it. */
  take(signal: AbortSignal): Promise<Job | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    const next = this.waiting.shift();
    if (next !== undefined) return Promise.resolve(next);
    return new Promise((resolve) => {
      const taker = (job: Job) => {
        signal.removeEventListener('abort', leave);
        resolve(job);
      };
      const leave = () => {
        this.takers.splice(this.takers.indexOf(taker), 1);
        resolve(undefined);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.takers.push(taker);
    });
  }

  /** Everything that waits fails with this. */
  refuse(fault: Fault): void {
    for (const { failed } of this.waiting.splice(0)) failed(fault);
  }
}
