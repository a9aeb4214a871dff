import type { ExecutionProvider } from '../../settings.js';
import { asFault } from '../../faults.js';
import { EngineClosed, EngineCrashed, ModelNotRunnable, ModelUnusable, RunFailed } from '../faults.js';
import { modelKey } from '../model-key.js';
import type { LoadedModel } from '../registry.js';
import { chooseProviders } from './choose-provider.js';
import type { EngineImage, EngineResult } from './engine-messages.js';
import { EngineModel, type RefusedProvider } from './engine-model.js';
import { EngineProcess } from './engine-process.js';
import { EngineSeat } from './engine-seat.js';
import { JobQueue, type FrameStack, type Job } from './job-queue.js';

export interface LocalEngineOptions {
  /** Processes, at least 1; each holds every model. */
  readonly workers: number;
  /** Threads of one run; workers × threads above the machine's cores gains nothing. */
  readonly threadsPerWorker: number;
  /** Runs that may wait for a process; one more is refused. */
  readonly queueLimit: number;
  /** Preparation and run together; beyond it the process is killed. */
  readonly runLimitMilliseconds: number;
  /** To load and warm up one model, and for each trial of a provider. */
  readonly loadLimitMilliseconds: number;
  /** Resident memory of one process; beyond it the process ends itself. */
  readonly memoryLimitMebibytes: number;
  /** In the order they are tried; each is taken only if its outputs agree with the CPU's. */
  readonly providers: readonly ExecutionProvider[];
}

export interface ProviderStatus {
  /** NAME/VERSION */
  readonly model: string;
  readonly accepted: ExecutionProvider;
  /** In the order they were refused; `why` in words, without paths. */
  readonly refused: readonly RefusedProvider[];
}

export interface EngineState {
  /** A process can run now. */
  readonly ready: boolean;
  /** Processes that can run now. */
  readonly children: number;
  readonly queued: number;
  readonly running: number;
  readonly models: readonly { readonly model: string; readonly provider: ExecutionProvider; readonly unusable?: string }[];
}

/** Starts that may fail before `start` no longer waits for a process; it is tried on, later and later. */
const STARTS_TO_WAIT_FOR = 3;

/**
 * Runs ONNX models in processes of its own: a run blocks its thread, may hang, and its native code may crash. What
 * happens to one of them fails one run and costs one restart.
 */
export class LocalEngine {
  /** The seats look at the same list as each of their processes starts. */
  private readonly models: EngineModel[];
  private readonly queue: JobQueue;
  private readonly seats: readonly EngineSeat[];
  private readonly closing = new AbortController();
  private work: Promise<unknown> = Promise.resolve();

  constructor(
    models: readonly LoadedModel[],
    private readonly options: LocalEngineOptions,
  ) {
    this.models = models.map((model) => new EngineModel(model));
    this.queue = new JobQueue(options.queueLimit);
    const limits = { ...options, threads: options.threadsPerWorker };
    const workers = models.length > 0 ? options.workers : 0; // nothing to run
    this.seats = Array.from({ length: workers }, () => new EngineSeat(this.models, this.queue, limits, this.closing.signal));
  }

  /** Chooses providers, starts the processes, loads and warms up every model in each. Whether it went well: `state`. */
  async start(): Promise<void> {
    const choosing = this.choose(this.models);
    this.work = choosing;
    await choosing;
    const tries = this.seats.map(() => Promise.withResolvers<void>());
    this.work = Promise.all(
      this.seats.map((seat, i) =>
        seat
          .work((mishaps) => {
            if (mishaps === 0 || mishaps >= STARTS_TO_WAIT_FOR) tries[i].resolve();
            if (!this.seats.some(({ ready }) => ready)) this.queue.refuse(new EngineCrashed());
          })
          .finally(tries[i].resolve),
      ),
    );
    await Promise.all(tries.map(({ promise }) => promise));
  }

  /**
   * Prepares one frame and runs a model on it. The frame's bytes are copied to the process.
   * @throws EngineBusy, EngineClosed, EngineCrashed, RunTimedOut, RunFailed: may be tried again;
   *   ModelUnusable, ModelOutputInvalid, ImageUnpreparable, WindowInvalid
   */
  run(model: LoadedModel, image: EngineImage): Promise<EngineResult> {
    return this.put(model, image);
  }

  /** As run, and explains the prediction by maps: some 65 runs, all within the limit of one. */
  explain(model: LoadedModel, image: EngineImage): Promise<EngineResult> {
    return this.put(model, image, true);
  }

  /**
   * Runs a model on a stack of frames, a volume or a clip. They are asked for only when a process is free, and go to it one
   * by one; the process is taken until the last of them is there.
   * @throws as run; HounsfieldImplausible; whatever `frames` throws
   */
  runStack(model: LoadedModel, stack: FrameStack): Promise<EngineResult> {
    return this.put(model, stack);
  }

  private async put({ card }: LoadedModel, input: Job['input'], explained = false): Promise<EngineResult> {
    if (this.closing.signal.aborted) throw new EngineClosed();
    const model = this.models.find(({ key }) => key === modelKey(card));
    if (model === undefined) throw new ModelUnusable('it is not one of the engine');
    if (model.unusable !== undefined) throw new ModelUnusable(model.unusable);
    return new Promise((done, failed) => this.queue.put({ model, input, explained, done, failed }));
  }

  /** Loads a model in a process of its own, to see whether it can be. Throws ModelNotRunnable. */
  async tryOut(model: LoadedModel): Promise<void> {
    const { threadsPerWorker: threads, loadLimitMilliseconds, memoryLimitMebibytes } = this.options;
    const process = new EngineProcess(memoryLimitMebibytes);
    try {
      await process.ask(
        { kind: 'load', form: { source: new EngineModel(model).source, provider: 'cpu', threads } },
        'loaded',
        loadLimitMilliseconds,
      );
    } catch (fault) {
      throw new ModelNotRunnable(fault instanceof RunFailed ? fault.reason : asFault(fault).message.replace(/\.$/, ''));
    } finally {
      await process.end();
    }
  }

  /**
   * Takes a model up beside the others, in place of other versions of its name: a process that does not have it is replaced by
   * one that has when its first run comes. False where no process was started, for there was no model: then at the next start.
   */
  async take(model: LoadedModel): Promise<boolean> {
    if (this.seats.length === 0) return false;
    const taken = new EngineModel(model);
    await this.choose([taken]);
    const others = this.models.filter(({ key }) => !key.startsWith(`${model.card.name}/`));
    this.models.splice(0, this.models.length, ...others, taken);
    return true;
  }

  providers(): ProviderStatus[] {
    return this.models.map(({ key, accepted, refused }) => ({ model: key, accepted, refused: [...refused] }));
  }

  state(): EngineState {
    const children = this.seats.filter(({ ready }) => ready).length;
    return {
      ready: children > 0 || this.models.length === 0,
      children,
      queued: this.queue.length,
      running: this.seats.filter(({ running }) => running).length,
      models: this.models.map(({ key, accepted, unusable }) => ({
        model: key,
        provider: accepted,
        ...(unusable !== undefined && { unusable }),
      })),
    };
  }

  /** Refuses what waits (EngineClosed), lets what runs end, ends the processes; afterwards nothing of them is left. */
  async close(): Promise<void> {
    this.closing.abort();
    this.queue.refuse(new EngineClosed());
    await this.work;
    this.queue.refuse(new EngineClosed()); // a run that was handed over while its process was closed
  }

  private choose(models: readonly EngineModel[]): Promise<void> {
    const { providers, threadsPerWorker, loadLimitMilliseconds, memoryLimitMebibytes } = this.options;
    return chooseProviders(models, {
      order: providers,
      threads: threadsPerWorker,
      limitMilliseconds: loadLimitMilliseconds,
      memoryLimitMebibytes,
      closing: this.closing.signal,
    });
  }
}
