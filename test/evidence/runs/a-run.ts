import type { PixelInstanceRow } from '../../../src/archive/retrieve.sql.js';
import type { CaseResult, CaseToRead, RunOf } from '../../../src/evidence/runs/case-result.js';
import { RUN_LIMITS, RunCases, type RunLimits, type RunTables } from '../../../src/evidence/runs/run-cases.js';
import type { Models } from '../../../src/inference/models.js';
import type { ReadImage } from '../../../src/inference/read-image.js';
import type { LoadedModel } from '../../../src/inference/registry.js';
import { aRow } from '../../inference/a-readable-image.js';

/** Tables in memory that keep what the database would: one prediction a case, its record beside it. */
export class Tables implements RunTables {
  readonly predictions = new Map<number, CaseResult>();
  /** Sizes of what was written together. */
  readonly writes: number[] = [];
  private readonly cases: readonly CaseToRead[];

  constructor(count: number) {
    this.cases = Array.from({ length: count }, (_, i) => aCase(i + 1));
  }

  next(limit: number): Promise<CaseToRead[]> {
    return Promise.resolve(this.cases.filter(({ caseId }) => !this.predictions.has(caseId)).slice(0, limit));
  }

  record(results: readonly CaseResult[]): Promise<void> {
    this.writes.push(results.length);
    for (const one of results) if (!this.predictions.has(one.caseId)) this.predictions.set(one.caseId, one);
    return Promise.resolve();
  }

  /** Everything of the predictions but how long they took, in the order they were written. */
  get told(): Omit<CaseResult, 'milliseconds'>[] {
    return [...this.predictions.values()].map(({ milliseconds: _milliseconds, ...rest }) => rest);
  }
}

export const aCase = (n: number): CaseToRead => ({
  caseId: n,
  caseKey: `C${String(n).padStart(4, '0')}`,
  instanceRow: n,
  fileSha256: aRow(n).sha256,
});

export const runOf = ({ card, sha256, cardSha256 }: LoadedModel, finding = 'Something'): RunOf => ({
  study: 'study-1',
  run: 'run-1',
  model: { name: card.name, version: card.version, onnxSha256: sha256, cardSha256, finding },
});

/** An archive that has the instance of every case; `change` makes another of one, or takes it away. */
export const archive = (change: (row: PixelInstanceRow) => PixelInstanceRow | undefined = (row) => row) => ({
  async *pixelInstances(rows: readonly number[]): AsyncGenerator<PixelInstanceRow> {
    for (const row of rows) {
      const instance = await Promise.resolve(change(aRow(row)));
      if (instance !== undefined) yield instance;
    }
  },
});

export const modelsOf = (...loaded: LoadedModel[]): Pick<Models, 'find'> => ({
  find: (name, version) => loaded.find(({ card }) => card.name === name && card.version === version),
});

export const aRun = (
  model: LoadedModel,
  images: Pick<ReadImage, 'read'>,
  tables: RunTables,
  { limits = {}, studies = archive() }: { limits?: Partial<RunLimits>; studies?: ReturnType<typeof archive> } = {},
): RunCases =>
  new RunCases(studies, images, modelsOf(model), tables, {
    ...RUN_LIMITS,
    concurrency: 2,
    batch: 4,
    attempts: 3,
    firstPauseMilliseconds: 1,
    longestPauseMilliseconds: 2,
    ...limits,
  });

/** Never aborted. */
export const onAndOn = (): AbortSignal => new AbortController().signal;
