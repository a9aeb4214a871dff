import type { Studies } from '../../archive/studies.js';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { asFault } from '../../faults.js';
import type { Models } from '../../inference/models.js';
import type { ReadImage } from '../../inference/read-image.js';
import { appendRecords } from '../../ledger/append-records.sql.js';
import { canonicalText } from '../../signing/canonical.js';
import type { WorkHandler } from '../../work/work-queue.js';
import { enqueueWork, wakeWorkers } from '../../work/work.sql.js';
import type { CaseResult } from '../runs/case-result.js';
import { caseEvents } from '../runs/case-events.js';
import { RUN_LIMITS, RunCases, type RunTables } from '../runs/run-cases.js';
import { addRows } from './add-rows.sql.js';
import type { Protocol } from './protocol.js';
import { inForce } from './results.js';
import { answeredCases, runById, unreadCases, type RunRow } from './runs.sql.js';

export const READ_CASES = 'evidence-read-cases';
/** After so long the rest is a new item: other work, and other servers, get their turn. */
const TURN_MS = 60_000;

/** Has the model under test read the cases of a run (work kind `evidence-read-cases`, its subject the run); goes on where it was. */
export class ReadCases implements WorkHandler {
  readonly kind = READ_CASES;
  readonly concurrency = 1;
  readonly attempts = 5;
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly studies: Studies,
    private readonly images: ReadImage,
    private readonly models: Models,
    private readonly atOnce: number,
  ) {}

  /** The server goes down: what is in hand is written, the rest is read by the next one. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  async work(subject: string): Promise<((tx: Transaction) => Promise<void>) | undefined> {
    const run = await this.database.statement((tx) => runById(tx, subject));
    if (run === undefined) return undefined;
    const { content } = await this.database.statement((tx) => inForce(tx, run.study));
    const tables = tablesOf(this.database, run, content);
    const cases = new RunCases(this.studies, this.images, this.models, tables, { ...RUN_LIMITS, concurrency: this.atOnce });
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(TURN_MS)]);
    try {
      const end = await cases.run({ study: run.study, run: run.id, model: content.model }, signal);
      return end === 'done' ? undefined : (tx) => goOn(tx, run.id);
    } catch (error) {
      const fault = asFault(error);
      if (fault.status >= 500) throw fault; // tried again, as any work is
      return (tx) => halt(tx, run, fault.code);
    }
  }

  async gaveUp(tx: Transaction, subject: string, faultCode: string): Promise<void> {
    const run = await runById(tx, subject);
    if (run !== undefined) await halt(tx, run, faultCode);
  }
}

/** Has a run go on, from where it is. */
export async function goOn(tx: Transaction, run: string): Promise<void> {
  await enqueueWork(tx, READ_CASES, [run]);
  await wakeWorkers(tx, READ_CASES);
}

/** A run that stopped by itself: why is on record, as what was refused. */
async function halt(tx: Transaction, { id, study }: RunRow, code: string): Promise<void> {
  await addRows(tx, 'validation_halt', [{ study, run: id, code }]);
  const entity = { type: 'ValidationStudy', id: study };
  await appendRecords(tx, [
    { actor: 'wetread', action: 'evidence.refused', entity, changes: { what: 'run', code }, reason: '', outcome: 'refused' },
  ]);
}

const tablesOf = (database: Database, run: RunRow, { plan, model }: Protocol): RunTables => ({
  next: (limit) => database.statement((tx) => unreadCases(tx, run.study, limit)),
  record: (results) =>
    database.transaction(async (tx) => {
      const there = await answeredCases(
        tx,
        run.study,
        results.map(({ caseKey }) => caseKey),
      );
      const fresh = results.filter(({ caseKey }) => !there.has(caseKey));
      await addRows(
        tx,
        'validation_prediction',
        fresh.map((one) => predictionOf(run, one, shownFor(one, plan.threshold, model.finding))),
      );
      await appendRecords(tx, await caseEvents(tx, fresh));
    }),
});

const predictionOf = ({ id, study }: RunRow, one: CaseResult, shown: object) => ({
  study,
  run: id,
  caseKey: one.caseKey,
  score: one.score,
  error: one.error,
  inputSha256: one.inputSha256,
  outputSha256: one.outputSha256,
  milliseconds: one.milliseconds,
  provider: one.provider,
  outputs: one.outputs === null ? '' : canonicalText(one.outputs),
  shown: JSON.stringify(shown),
});

/** What a reader with the model sees of its answer: the score and what it is called, by the locked threshold; or that there is none. */
const shownFor = ({ score, error }: CaseResult, threshold: number, finding: string): object =>
  score === null ? { finding, error } : { finding, score, threshold, positive: score >= threshold };
