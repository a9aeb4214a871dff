import { setTimeout as pause } from 'node:timers/promises';
import type { PixelInstanceRow } from '../../archive/retrieve.sql.js';
import { storedDataset, type Studies } from '../../archive/studies.js';
import { asFault, type Fault } from '../../faults.js';
import { ModelReadsSeries, ModelUnusable } from '../../inference/faults.js';
import type { Models } from '../../inference/models.js';
import type { ReadImage } from '../../inference/read-image.js';
import { caseFailed, caseRead, INSTANCE_ABSENT, INSTANCE_CHANGED, type CaseResult, type CaseToRead, type RunOf } from './case-result.js';
import { modelUnderTest, type FoundModel } from './model-under-test.js';

/** Where cases come from, and where results go. */
export interface RunTables {
  /** Cases without a prediction, in the order of the manifest, `limit` at most. */
  next(limit: number): Promise<readonly CaseToRead[]>;
  /**
   * Writes predictions with their ledger records (caseEvents) in one transaction. A case that has a prediction keeps it, and gets no second
   * record: where the database went away during the commit, the same results come again.
   */
  record(results: readonly CaseResult[]): Promise<void>;
}

export interface RunLimits {
  /** Cases that are read at once: one more than the engine has processes, so that one is decoded while the others run. */
  readonly concurrency: number;
  /** Cases between two looks at the model and two writes; as many are read again after a crash at most. */
  readonly batch: number;
  /** Times that a case is tried whose reading breaks something of the server; what may be waited for is waited for. */
  readonly attempts: number;
  readonly firstPauseMilliseconds: number;
  readonly longestPauseMilliseconds: number;
}

export const RUN_LIMITS: Omit<RunLimits, 'concurrency'> = {
  batch: 32,
  attempts: 5,
  firstPauseMilliseconds: 250,
  longestPauseMilliseconds: 30_000,
};

/** `stopped`: by the signal, or as the server goes down; what has no prediction is read when it goes on. */
export type RunEnd = 'done' | 'stopped';

/** What came of cases that were read together. */
interface Batch {
  readonly results: readonly CaseResult[];
  /** What broke at every attempt, by case. */
  readonly broken: ReadonlyMap<number, Fault>;
  /** What lies in no case. */
  readonly fatal: Fault | undefined;
  readonly isClosed: boolean;
}

/** The server is going down: nobody waits for that to pass. */
const CLOSED: ReadonlySet<string> = new Set(['engine-closed', 'pixel-pool-closed']);

/** No process could load the model: no case can be read. */
const UNUSABLE = 'model-unusable';

const mayPass = ({ status }: Fault): boolean => status === 503;
const ofServer = ({ status }: Fault): boolean => status >= 500;

/**
 * Has the model under test read the cases of a study. What it makes of a case depends on the case alone, not on how many are read at
 * once, in which order they end, or how often the run was stopped and went on. A fault of the image is the case's failure; a fault of the
 * server never is.
 */
export class RunCases {
  constructor(
    private readonly studies: Pick<Studies, 'pixelInstances'>,
    private readonly images: Pick<ReadImage, 'read'>,
    private readonly models: Pick<Models, 'find'>,
    private readonly tables: RunTables,
    private readonly limits: RunLimits,
  ) {}

  /**
   * @param onBatch  told of results once they are written
   * @throws ModelSwapped, NoSuchFinding, ModelReadsSeries, ModelUnusable; what broke at every attempt of a case, after all others were read
   */
  async run(of: RunOf, signal: AbortSignal, onBatch: (results: readonly CaseResult[]) => void = () => undefined): Promise<RunEnd> {
    const broken = new Map<number, Fault>(); // by case
    while (!signal.aborted) {
      const found = await this.model(of); // before each batch: it may have been swapped since
      const next = await this.patiently(signal, () => this.tables.next(this.limits.batch + broken.size));
      if (next === undefined) break;
      const cases = next.filter(({ caseId }) => !broken.has(caseId)).slice(0, this.limits.batch);
      if (cases.length === 0) {
        for (const fault of broken.values()) throw fault;
        return 'done';
      }
      const batch = await this.readBatch(cases, (one) => this.readCase(of, found, one, signal), signal);
      for (const [caseId, fault] of batch.broken) broken.set(caseId, fault);
      const { results } = batch;
      if (results.length > 0) {
        await this.model(of); // what was read while it was swapped is not written
        const written = await this.patiently(signal, async () => (await this.tables.record(results), true));
        if (written === undefined) break;
        onBatch(results);
      }
      if (batch.fatal !== undefined) throw batch.fatal;
      // All of them: that lies in no case.
      if (batch.broken.size === cases.length) for (const fault of batch.broken.values()) throw fault;
      if (batch.isClosed) break;
    }
    return 'stopped';
  }

  private async model(of: RunOf): Promise<FoundModel> {
    const found = await modelUnderTest(this.models, of.model);
    if (found.model.card.input.volume !== undefined) throw new ModelReadsSeries();
    return found;
  }

  /** Several at once, each worker the next one that is left; the results are in the order of the cases. */
  private async readBatch(
    cases: readonly CaseToRead[],
    read: (one: CaseToRead) => Promise<CaseResult | undefined>,
    signal: AbortSignal,
  ): Promise<Batch> {
    const results: (CaseResult | undefined)[] = cases.map(() => undefined);
    const broken = new Map<number, Fault>();
    let fatal: Fault | undefined;
    let isClosed = false;
    const left = cases.entries(); // shared by the workers
    const work = async (): Promise<void> => {
      for (const [place, one] of left) {
        if (signal.aborted || isClosed || fatal !== undefined) return;
        try {
          results[place] = await read(one);
        } catch (error) {
          const fault = asFault(error);
          if (CLOSED.has(fault.code)) isClosed = true;
          else if (ofServer(fault) && fault.code !== UNUSABLE) broken.set(one.caseId, fault);
          else fatal = fault;
        }
      }
    };
    await Promise.all(Array.from({ length: this.limits.concurrency }, work));
    return { results: results.filter((one) => one !== undefined), broken, fatal, isClosed };
  }

  /** @throws what belongs to the server */
  private async readCase(of: RunOf, model: FoundModel, one: CaseToRead, signal: AbortSignal): Promise<CaseResult | undefined> {
    return this.patiently(signal, async () => {
      const began = performance.now();
      const known = (instance: PixelInstanceRow | undefined) => ({
        of,
        one,
        model,
        instance,
        milliseconds: performance.now() - began,
      });
      const instance = await this.instance(one.instanceRow);
      if (instance === undefined) return caseFailed(known(undefined), INSTANCE_ABSENT);
      if (instance.sha256 !== one.fileSha256) return caseFailed(known(instance), INSTANCE_CHANGED);
      const read = await this.images.read(model.model, instance, storedDataset(instance.metadata));
      // For ordinary readings a broken model is the reading's failure; here it would be every case's.
      if (read.state === 'failed' && read.why.code === UNUSABLE) throw new ModelUnusable(read.why.text);
      return caseRead(known(instance), read);
    });
  }

  private async instance(row: number): Promise<PixelInstanceRow | undefined> {
    for await (const instance of this.studies.pixelInstances([row])) return instance;
    return undefined;
  }

  /**
   * Tries again: without end what passes (a full queue, a database that is away), a few times what breaks. Undefined where it was stopped
   * meanwhile. @throws what broke at every attempt; at once what is no fault of the server's
   */
  private async patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
    const { attempts, firstPauseMilliseconds, longestPauseMilliseconds } = this.limits;
    let broke = 0;
    for (let tries = 0; ; tries++) {
      try {
        return await work();
      } catch (error) {
        const fault = asFault(error);
        if (CLOSED.has(fault.code) || !ofServer(fault) || fault.code === UNUSABLE) throw fault;
        if (!mayPass(fault) && ++broke >= attempts) throw fault;
        if (signal.aborted) return undefined;
        const milliseconds = Math.min(firstPauseMilliseconds * 2 ** Math.min(tries, 20), longestPauseMilliseconds);
        await pause(milliseconds, undefined, { signal }).catch(() => undefined); // stopping cuts it short
        if (signal.aborted) return undefined;
      }
    }
  }
}
