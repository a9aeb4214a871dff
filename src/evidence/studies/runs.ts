import { randomUUID } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Transaction } from '../../database/transaction.js';
import type { Models } from '../../inference/models.js';
import { canonicalText } from '../../signing/canonical.js';
import { softwareIdentity } from '../../software.js';
import { modelUnderTest } from '../runs/model-under-test.js';
import { RunProgress, type Progress } from '../runs/run-progress.js';
import { addRows } from './add-rows.sql.js';
import { NothingThere } from './faults.js';
import { goOn } from './read-cases.js';
import { inForce } from './results.js';
import { batchesOf, lastHalt, runOf, type RunRow } from './runs.sql.js';
import { needPart, type StudyDesk } from './study-desk.js';
import { caseKeysOf } from './truth.sql.js';

/** A run, and how far it is; nothing of what the model answered. */
export interface RunView extends RunRow {
  readonly progress: Progress;
  /** Why it stopped by itself, where it did: it goes on when somebody has it go on. */
  readonly halted: { readonly code: string; readonly at: Date } | null;
}

/** Runs of the model under test on a study's dataset, through the same engine and preparation as everyday readings. */
export class Runs {
  constructor(
    private readonly desk: StudyDesk,
    private readonly models: Models,
  ) {}

  /**
   * Begins the run, or has one that stopped go on. The model is the one that the locked protocol names by its bytes, or nothing is read.
   * @throws OperationNotPermitted, NotYourPart, ModelSwapped, NoSuchFinding, StudyRuleBroken
   */
  async start(caller: Caller, study: string): Promise<RunView> {
    requireOperation(caller, 'evidence.take-part');
    const deed = { study, what: 'run' } as const;
    const { model, content } = await this.desk.guarded(caller, deed, async () => {
      const { content } = await this.desk.database.statement((tx) => inForce(tx, study));
      return { ...(await modelUnderTest(this.models, content.model)), content };
    });
    await this.desk.write(caller, deed, async (tx) => {
      await needPart(tx, study, caller, ['data-manager', 'investigator', 'statistician']);
      const there = await runOf(tx, study);
      const { card, sha256, cardSha256 } = model;
      const id = there?.id ?? randomUUID();
      const made = {
        id,
        study,
        modelName: card.name,
        modelVersion: card.version,
        onnxSha256: sha256,
        cardSha256,
        software: canonicalText(softwareIdentity()),
        config: canonicalText({
          finding: content.model.finding,
          preparation: card.preparation,
          classes: card.classes.map(({ label }) => label),
        }),
        madeBy: caller.id,
      };
      if (there === undefined) await addRows(tx, 'validation_run', [made]);
      await goOn(tx, id);
    });
    return this.one(caller, study);
  }

  /** Throws OperationNotPermitted, NothingThere. */
  async one(caller: Caller, study: string): Promise<RunView> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study, what: 'run' }, async (tx) => {
      const run = await viewOf(tx, study);
      if (run === undefined) throw new NothingThere('run');
      return run;
    });
  }

  /** The same of a study that may have none yet. Throws OperationNotPermitted, StudyAbsent. */
  async find(caller: Caller, study: string): Promise<RunView | undefined> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study, what: 'run' }, (tx) => viewOf(tx, study));
  }
}

async function viewOf(tx: Transaction, study: string): Promise<RunView | undefined> {
  const run = await runOf(tx, study);
  if (run === undefined) return undefined;
  const progress = new RunProgress((await caseKeysOf(tx, study)).length, { done: 0, failed: 0 }, run.at.getTime());
  for (const { cases, failed, at } of await batchesOf(tx, study)) progress.add({ cases, failed }, at.getTime());
  return { ...run, progress: progress.at(Date.now()), halted: (await lastHalt(tx, study)) ?? null };
}
