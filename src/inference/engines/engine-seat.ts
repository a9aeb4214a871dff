import { setTimeout as pause } from 'node:timers/promises';
import { asFault } from '../../faults.js';
import { event } from '../../log.js';
import type { ExecutionProvider } from '../../settings.js';
import { EngineCrashed, ModelUnusable, RunFailed, RunTimedOut } from '../faults.js';
import { ModelOutputInvalid } from '../onnx/faults.js';
import type { EngineImage, EngineResult } from './engine-messages.js';
import type { EngineModel } from './engine-model.js';
import { EngineProcess } from './engine-process.js';
import type { FrameStack, Job, JobQueue } from './job-queue.js';

export interface SeatLimits {
  readonly threads: number;
  readonly runLimitMilliseconds: number;
  readonly loadLimitMilliseconds: number;
  readonly memoryLimitMebibytes: number;
}

const LONGEST_PAUSE_MILLISECONDS = 30_000;

/** A process and the provider of each model in it. */
interface Occupant {
  readonly process: EngineProcess;
  readonly loaded: ReadonlyMap<string, ExecutionProvider>;
}

/** The model went to another provider since: what the process holds is trusted no longer. */
const isStale = ({ loaded }: Occupant, { key, accepted }: EngineModel): boolean => loaded.get(key) !== accepted;

/** One place of the pool: always a process in it with every model loaded, one run after another. */
export class EngineSeat {
  private occupant: Occupant | undefined;
  private performing = false;

  constructor(
    private readonly models: readonly EngineModel[],
    private readonly queue: JobQueue,
    private readonly limits: SeatLimits,
    private readonly closing: AbortSignal,
  ) {}

  /** Whether a process is here that can run. */
  get ready(): boolean {
    return this.occupant !== undefined && !this.occupant.process.gone.aborted;
  }

  get running(): boolean {
    return this.performing;
  }

  /**
   * Until the engine closes: a process, and when it is gone, another. After the first mishap at once, after more in a
   * row later and later, so that a machine in trouble is not kept busy with starts.
   * @param onTry  told after each start how many mishaps there were in a row; 0: the process is ready
   */
  async work(onTry: (mishaps: number) => void): Promise<void> {
    let mishaps = 0;
    while (!this.closing.aborted) {
      if (mishaps > 1) await this.pause(250 * 2 ** (mishaps - 2));
      this.occupant = await this.occupy();
      onTry(this.occupant === undefined ? mishaps + 1 : 0);
      const well = this.occupant !== undefined && (await this.serve(this.occupant));
      mishaps = well ? 0 : mishaps + 1;
      await this.occupant?.process.end();
    }
  }

  private async pause(milliseconds: number): Promise<void> {
    const { closing: signal } = this;
    // Closing cuts it short.
    await pause(Math.min(milliseconds, LONGEST_PAUSE_MILLISECONDS), undefined, { signal }).catch(() => undefined);
  }

  /** A new process with every model that can be used; undefined where it died of one, or the engine closed meanwhile. */
  private async occupy(): Promise<Occupant | undefined> {
    if (this.closing.aborted) return undefined;
    const process = new EngineProcess(this.limits.memoryLimitMebibytes);
    const leave = () => void process.end();
    this.closing.addEventListener('abort', leave);
    const loaded = new Map<string, ExecutionProvider>();
    try {
      for (const model of this.models) {
        if (model.unusable !== undefined) continue;
        if (await this.load(process, model)) loaded.set(model.key, model.accepted);
      }
      return { process, loaded };
    } catch (fault) {
      event('engine.start-failed', { fault: asFault(fault).code });
      await process.end();
      return undefined;
    } finally {
      this.closing.removeEventListener('abort', leave);
    }
  }

  /** @returns false where the runtime refuses the model @throws EngineCrashed, RunTimedOut */
  private async load(process: EngineProcess, model: EngineModel): Promise<boolean> {
    const { threads, loadLimitMilliseconds } = this.limits;
    const form = { source: model.source, provider: model.accepted, threads };
    try {
      await process.ask({ kind: 'load', form }, 'loaded', loadLimitMilliseconds);
      return true;
    } catch (fault) {
      if (fault instanceof EngineCrashed || fault instanceof RunTimedOut) {
        if (!this.closing.aborted && process.pid !== undefined) model.diedAtLoad();
        throw fault;
      }
      const { code, message } = asFault(fault);
      event('engine.load-failed', { model: model.key, provider: form.provider, fault: code });
      return model.loadFailed(fault instanceof RunFailed ? fault.reason : message) ? this.load(process, model) : false;
    }
  }

  /**
   * Runs until the process is gone, the engine closes, or a model went to another provider.
   * @returns whether the process did well: a run ended, or it is left for another provider's sake
   */
  private async serve(occupant: Occupant): Promise<boolean> {
    const stop = AbortSignal.any([occupant.process.gone, this.closing]);
    let well = false;
    for (let job = await this.queue.take(stop); job !== undefined; job = await this.queue.take(stop)) {
      const { model } = job;
      if (model.unusable !== undefined) {
        job.failed(new ModelUnusable(model.unusable));
      } else if (stop.aborted || isStale(occupant, model)) {
        this.queue.giveBack(job);
        return well || isStale(occupant, model);
      } else {
        await this.perform(occupant.process, job);
        well ||= !occupant.process.gone.aborted;
      }
    }
    return well;
  }

  private async perform(process: EngineProcess, { model, input, explained, done, failed }: Job): Promise<void> {
    this.performing = true;
    try {
      const result = await ('frames' in input ? this.readStack(process, model, input) : this.readImage(process, model, input, explained));
      model.ranWell();
      done(result);
    } catch (fault) {
      failed(fault);
      await this.mishap(process, model, fault);
    } finally {
      this.performing = false;
    }
  }

  private async readImage(process: EngineProcess, { key }: EngineModel, image: EngineImage, explained: boolean): Promise<EngineResult> {
    return (await process.ask({ kind: 'run', key, image, explained }, 'ran', this.limits.runLimitMilliseconds)).result;
  }

  /** Frame after frame, so that the server never holds more than one or two of them; each step within the run's limit. */
  private async readStack(process: EngineProcess, { key }: EngineModel, { stack, frames }: FrameStack): Promise<EngineResult> {
    const limit = this.limits.runLimitMilliseconds;
    await process.ask({ kind: 'open', key, stack }, 'taken', limit);
    try {
      for await (const frame of frames()) await process.ask({ kind: 'frame', frame }, 'taken', limit);
    } catch (fault) {
      if (!process.gone.aborted) await process.ask({ kind: 'drop' }, 'taken', limit);
      throw fault;
    }
    return (await process.ask({ kind: 'read' }, 'ran', limit)).result;
  }

  private async mishap(process: EngineProcess, model: EngineModel, fault: unknown): Promise<void> {
    const lost = fault instanceof EngineCrashed || fault instanceof RunTimedOut;
    if (!lost && !(fault instanceof RunFailed) && !(fault instanceof ModelOutputInvalid)) return; // the image's own
    const provider = model.accepted;
    event('engine.run-failed', { model: model.key, provider, fault: fault.code });
    if (model.runFailed()) event('engine.fell-back', { model: model.key, provider });
    if (lost || provider !== 'cpu') await process.end(); // a device in error often stays so for its process
  }
}
