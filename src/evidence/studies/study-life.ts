import { randomUUID } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Slice } from '../../database/slice.js';
import type { Transaction } from '../../database/transaction.js';
import type { Models } from '../../inference/models.js';
import type { Linker } from '../../ledger/linker.js';
import type { Signer } from '../../signing/signer.js';
import { modelUnderTest } from '../runs/model-under-test.js';
import { addRows } from './add-rows.sql.js';
import { datasetOfStudy, type DatasetDetails } from './datasets.sql.js';
import { recordOfHash } from '../regulatory/regulatory-records.sql.js';
import { LeakUnchecked, ModelCardAbsent, StudyAbsent } from './faults.js';
import { requireHeld } from './held-signatures.js';
import type { Protocol } from './protocol.js';
import { dealCases } from './deal-cases.js';
import type { Part } from './parts.js';
import { needPart, type StudyDesk } from './study-desk.js';
import {
  deviationsOf,
  membersOf,
  progressOf,
  protocolInForce,
  protocolsOf,
  signaturesOf,
  stepsOf,
  studyOf,
  studyPage,
  type DeviationRow,
  type MemberRow,
  type ProtocolRow,
  type SignatureRow,
  type StepRow,
  type StudyProgress,
  type StudyRow,
} from './studies.sql.js';

/** States that somebody takes a study to; it is made a draft. */
export const STEPS = ['locked', 'running', 'unblinded', 'closed', 'terminated'] as const;
export type Step = (typeof STEPS)[number];

/** Who takes a study where, beside the signatures that the database asks for. */
const STEP_PARTS: Readonly<Record<Step, readonly Part[]>> = {
  locked: ['investigator', 'statistician'],
  running: ['investigator', 'data-manager'],
  unblinded: ['statistician'],
  closed: ['investigator'],
  terminated: ['investigator'],
};

/** A study as who may look at studies sees it: nothing of truth, answers or results. */
export interface StudyView extends StudyRow {
  readonly steps: readonly StepRow[];
  readonly protocols: readonly ProtocolRow[];
  readonly members: readonly MemberRow[];
  readonly signatures: readonly SignatureRow[];
  readonly deviations: readonly DeviationRow[];
  readonly progress: StudyProgress;
}

/** The life of studies: made, given people, taken from state to state. What a step needs the database says. */
export class StudyLife {
  constructor(
    private readonly desk: StudyDesk,
    private readonly linker: Linker,
    private readonly signer: Signer,
    private readonly models: Models,
  ) {}

  /** Throws OperationNotPermitted. */
  async create(caller: Caller, title: string): Promise<StudyView> {
    requireOperation(caller, 'evidence.plan');
    const study = randomUUID();
    return this.desk.write(caller, { study, what: 'study' }, async (tx) => {
      await addRows(tx, 'validation_study', [{ id: study, title, madeBy: caller.id }]);
      await addRows(tx, 'validation_step', [{ study, number: 1, state: 'draft', reason: '', checks: '{}', madeBy: caller.id }]);
      return viewOf(tx, study);
    });
  }

  /** On record. Throws OperationNotPermitted, StudyAbsent. */
  async one(caller: Caller, study: string): Promise<StudyView> {
    requireOperation(caller, 'evidence.look');
    return this.desk.look(caller, { study, what: 'study' }, (tx) => viewOf(tx, study));
  }

  /** Newest first. Throws OperationNotPermitted. */
  async page(caller: Caller, slice: Slice<string>): Promise<StudyRow[]> {
    requireOperation(caller, 'evidence.look');
    return this.desk.database.statement((tx) => studyPage(tx, slice));
  }

  /**
   * Takes a study on, for good. Throws OperationNotPermitted, NotYourPart, StudyAbsent, StudyRuleBroken; when it answers, the step is linked
   * into the ledger's chain.
   */
  async step(caller: Caller, study: string, state: Step, reason: string): Promise<StudyView> {
    requireOperation(caller, 'evidence.take-part');
    const deed = { study, what: 'step', changes: { state } } as const;
    await this.desk.guarded(caller, deed, () => this.ready(study, state));
    const view = await this.desk.write(caller, deed, async (tx) => {
      const here = await studyOf(tx, study);
      if (here === undefined) throw new StudyAbsent();
      await needPart(tx, study, caller, STEP_PARTS[state]);
      if (state === 'locked') await readyToLock(tx, study);
      if (state === 'running') await dealCases(tx, study);
      const { length } = await stepsOf(tx, study);
      const checks = JSON.stringify(await progressOf(tx, study));
      await addRows(tx, 'validation_step', [{ study, number: length + 1, state, reason, checks, madeBy: caller.id }]);
      return viewOf(tx, study);
    });
    await this.linker.link();
    return view;
  }

  /** What is looked at outside of the database: that its signatures are this server's, and, for the lock, that the model is the protocol's. */
  private async ready(study: string, state: Step): Promise<void> {
    const { database } = this.desk;
    await requireHeld(await database.statement((tx) => signaturesOf(tx, study)), await this.signer.publicKeys());
    const protocol = await database.statement((tx) => protocolInForce(tx, study));
    if (state !== 'locked' || protocol === undefined) return;
    await modelUnderTest(this.models, (JSON.parse(protocol.content) as Protocol).model);
  }

  /** Gives somebody a part. Throws OperationNotPermitted, StudyRuleBroken. */
  async addMember(
    caller: Caller,
    study: string,
    { role, person, qualification, simulated }: { role: Part; person: string; qualification: string; simulated: boolean },
  ): Promise<MemberRow> {
    requireOperation(caller, 'evidence.plan');
    const name = await this.desk.nameOf(person);
    return this.desk.write(caller, { study, what: 'member', changes: { role, person, simulated } }, async (tx) => {
      if ((await studyOf(tx, study)) === undefined) throw new StudyAbsent();
      const key = `${KEY_LETTERS[role]}${(await membersOf(tx, study)).filter((one) => one.role === role).length + 1}`;
      await tx.run('INSERT INTO validation_person (id, printed_name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [person, name]);
      await addRows(tx, 'validation_member', [{ study, key, person, role, qualification, simulated, madeBy: caller.id }]);
      return (await membersOf(tx, study)).find((one) => one.key === key) as MemberRow; // just added
    });
  }

  /** Says what was done otherwise than planned. Throws OperationNotPermitted, NotYourPart, StudyRuleBroken. */
  async addDeviation(caller: Caller, study: string, kind: string, description: string): Promise<void> {
    requireOperation(caller, 'evidence.take-part');
    await this.desk.write(caller, { study, what: 'deviation', changes: { kind } }, async (tx) => {
      await needPart(tx, study, caller, ['investigator', 'statistician', 'data-manager', 'quality']);
      const { length } = await deviationsOf(tx, study);
      await addRows(tx, 'validation_deviation', [{ study, number: length + 1, kind, description, madeBy: caller.id }]);
    });
  }
}

/** By what keys members are known in tables and packages: `R1`. */
const KEY_LETTERS: Readonly<Record<Part, string>> = {
  reader: 'R',
  truther: 'T',
  statistician: 'STAT',
  investigator: 'INV',
  regulatory: 'REG',
  quality: 'QA',
  'data-manager': 'DM',
};

export async function viewOf(tx: Transaction, study: string): Promise<StudyView> {
  const here = await studyOf(tx, study);
  if (here === undefined) throw new StudyAbsent();
  return {
    ...here,
    steps: await stepsOf(tx, study),
    protocols: await protocolsOf(tx, study),
    members: await membersOf(tx, study),
    signatures: await signaturesOf(tx, study),
    deviations: await deviationsOf(tx, study),
    progress: await progressOf(tx, study),
  };
}

/**
 * What a lock needs beside what the database asks for: somebody looked whether the model was trained on the cases, and the regulatory file has
 * the model's card, which the package is checked by. Throws LeakUnchecked, ModelCardAbsent.
 */
async function readyToLock(tx: Transaction, study: string): Promise<void> {
  const [protocol, dataset] = [await protocolInForce(tx, study), await datasetOfStudy(tx, study)];
  if (protocol !== undefined && dataset !== undefined) {
    const { model } = JSON.parse(protocol.content) as Protocol; // as it was checked when it was written
    const { leakage } = JSON.parse(dataset.details) as DatasetDetails;
    const isChecked = leakage.against.some((one) => one.model === model.name && one.version === model.version);
    if (dataset.purpose === 'test' && !isChecked) throw new LeakUnchecked();
    if ((await recordOfHash(tx, 'model-card', model.cardSha256)) === undefined) throw new ModelCardAbsent();
  }
  await countUses(tx, study);
}

/** A test set is worn by being used: each case's use counts from the lock on (FDA, CADe guidance 2022, "Test data reuse"). */
const countUses = (tx: Transaction, study: string) =>
  tx.run(
    `INSERT INTO validation_use (pixel_sha256, study)
     SELECT DISTINCT c.pixel_sha256, $1::uuid FROM validation_case c JOIN validation_dataset d ON d.id = c.dataset
      WHERE d.id = validation_dataset_of($1) AND d.purpose = 'test' ORDER BY 1`,
    [study],
  );
