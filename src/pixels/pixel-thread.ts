import { Worker } from 'node:worker_threads';
import { PixelTimeLimit, PixelWorkerDied } from './faults.js';
import { ownMemory } from './own-memory.js';
import type { WorkerAnswer, WorkerRequest } from './pixel-job.js';

const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };

/** One worker thread, started when first needed and anew after it died. One request at a time. */
export class PixelThread {
  private worker: Worker | undefined;

  /** @param timeLimitMilliseconds  a request that takes longer costs the worker its life */
  constructor(private readonly timeLimitMilliseconds: number) {}

  /**
   * Asks the worker; the frame's memory is handed over to it.
   * @throws PixelTimeLimit, PixelWorkerDied  the next request meets a new worker
   */
  ask(request: WorkerRequest): Promise<WorkerAnswer> {
    const worker = (this.worker ??= this.start());
    const frame = ownMemory(request.job.frame);
    worker.postMessage({ ...request, job: { ...request.job, frame } }, [frame.buffer]);
    worker.ref();
    return new Promise((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        worker.off('message', succeed).off('exit', die);
        worker.unref();
      };
      const succeed = (answer: WorkerAnswer) => {
        settle();
        resolve(answer);
      };
      const fail = (fault: Error) => {
        settle();
        void this.end();
        reject(fault);
      };
      const die = () => fail(new PixelWorkerDied());
      const timer = setTimeout(() => fail(new PixelTimeLimit(this.timeLimitMilliseconds)), this.timeLimitMilliseconds);
      worker.once('message', succeed).once('exit', die);
    });
  }

  /** Ends the worker, if there is one, whatever it is doing. */
  async end(): Promise<void> {
    const worker = this.worker;
    this.worker = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(new URL('./pixel-worker.js', import.meta.url), {
      resourceLimits: RESOURCE_LIMITS,
      env: {}, // it decodes what strangers sent: nothing of the server's settings is its business
      execArgv: [],
    });
    worker.on('error', () => {}); // always followed by 'exit'; unheard it would end the process
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    worker.unref(); // an idle pool keeps no process alive
    return worker;
  }
}
