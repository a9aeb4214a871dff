import type { Caller } from '../access/caller.js';
import { requireOperation } from '../access/operations.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import type { Deletions } from './deletions.js';
import { RunNotExecutable } from './faults.js';
import { closeStudy } from './gates.sql.js';
import { hasOutlived, retentionRules } from './retention-rules.js';
import {
  decideChoice,
  endRun,
  insertChoices,
  insertRun,
  openChoices,
  presentState,
  retentionRun,
  studiesToJudge,
  type Choice,
  type StudyToJudge,
} from './retention.sql.js';

const STUDIES_AT_ONCE = 500;
/** A dry run that is older says too little of what is there now. */
const EXECUTABLE_DAYS = 7;

/** What became of a study that a dry run chose: `changed` since then, or `gone`, it is left alone. */
export type ChoiceOutcome = 'deleted' | 'changed' | 'gone';

/** Deletes what the rules have outlived, in two steps that only a person takes: a dry run, then exactly what it listed. */
export class Retention {
  constructor(
    private readonly database: Database,
    private readonly deletions: Deletions,
    private readonly rules: string,
  ) {}

  /** Lists what would go and keeps the list under a number; deletes nothing. */
  async prepare(now: Date, chosen: (study: StudyToJudge) => void): Promise<number> {
    const rules = retentionRules(this.rules);
    const run = await this.database.statement((tx) => insertRun(tx, this.rules));
    for (let after = 0; ;) {
      const row = after;
      const studies = await this.database.statement((tx) => studiesToJudge(tx, row, STUDIES_AT_ONCE));
      if (studies.length === 0) return run;
      const outlived = studies.filter((study) => hasOutlived(study, rules, now));
      if (outlived.length > 0) await this.database.statement((tx) => insertChoices(tx, run, outlived));
      outlived.forEach(chosen);
      after = studies[studies.length - 1].studyRow;
    }
  }

  /**
   * Deletes softly what a dry run listed, study by study; broken off, it goes on where it was. Throws RunNotExecutable where
   * there is no such run, it is done, older than a week, or the rules are others now; OperationNotPermitted.
   */
  async execute(caller: Caller, run: number, decided: (choice: Choice, outcome: ChoiceOutcome) => void): Promise<void> {
    requireOperation(caller, 'archive.delete');
    const prepared = await this.database.statement((tx) => retentionRun(tx, run));
    if (!prepared) throw new RunNotExecutable('there is no such dry run');
    if (prepared.executed) throw new RunNotExecutable('it was executed already');
    if (prepared.ageDays > EXECUTABLE_DAYS) throw new RunNotExecutable(`it is older than ${EXECUTABLE_DAYS} days; make another dry run`);
    if (prepared.rules !== this.rules) throw new RunNotExecutable('RETENTION_RULES are others now; make another dry run');
    for (;;) {
      const choices = await this.database.statement((tx) => openChoices(tx, run, STUDIES_AT_ONCE));
      if (choices.length === 0) break;
      for (const choice of choices) decided(choice, await this.database.transaction((tx) => this.decide(tx, caller, run, choice)));
    }
    await this.database.statement((tx) => endRun(tx, run));
  }

  private async decide(tx: Transaction, caller: Caller, run: number, choice: Choice): Promise<ChoiceOutcome> {
    const { studyRow, studyInstanceUID } = choice;
    await closeStudy(tx, studyInstanceUID);
    const present = await presentState(tx, studyRow);
    const same = present.instances === choice.instances && present.bytes === choice.bytes;
    const outcome = present.instances === 0 ? 'gone' : same ? 'deleted' : 'changed';
    if (outcome === 'deleted') await this.deletions.move(tx, caller, { study: studyInstanceUID }, `retention run ${run}: ${this.rules}`);
    await decideChoice(tx, run, studyRow, outcome);
    return outcome;
  }
}
