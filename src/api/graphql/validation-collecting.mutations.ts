import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { marksAt } from '../../evidence/studies/read-marks.js';
import { ReaderStudy } from '../../evidence/studies/reader-study.js';
import { Truth } from '../../evidence/studies/truth.js';
import { BadGraphArgument } from './faults.js';
import { placeIn } from './json-text.js';
import { INPUT } from './mutation-types.js';
import { Requires } from './requires.js';
import { made } from './validation-forms.js';
import {
  FreezeReferenceInput,
  FreezeReferencePayload,
  ImportLabelsInput,
  ImportLabelsPayload,
  LabelCaseInput,
  LabelCasePayload,
  OpenCaseInput,
  OpenCasePayload,
  SubmitReadingInput,
  SubmitReadingPayload,
} from './validation-work-types.js';

/** What people say of cases: truth, and readings. */
@Resolver()
export class ValidationCollecting {
  constructor(
    private readonly truth: Truth,
    private readonly readers: ReaderStudy,
  ) {}

  @Mutation(() => LabelCasePayload, { nullable: true, description: 'Labels a case, as a truther' })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async labelCase(
    @Args('input', INPUT) { study, caseKey, label, method, adjudicates, clientMutationId }: LabelCaseInput,
    @Context('caller') caller: Caller,
  ): Promise<LabelCasePayload> {
    if (label === undefined) throw new BadGraphArgument('label', 'must be given: 1, 0, or null where it can’t be told');
    if (method.trim() === '') throw new BadGraphArgument('method', 'must have words');
    await this.truth.label(caller, study, { caseKey, label: bit('label', label), method, adjudicates });
    return { clientMutationId, caseKey };
  }

  @Mutation(() => ImportLabelsPayload, { nullable: true, description: 'Brings labels from pathology, follow-up or a record' })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async importLabels(
    @Args('input', INPUT) { study, csv, clientMutationId }: ImportLabelsInput,
    @Context('caller') caller: Caller,
  ): Promise<ImportLabelsPayload> {
    return { clientMutationId, rows: await this.truth.importLabels(caller, study, { form: 'csv', text: csv }) };
  }

  @Mutation(() => FreezeReferencePayload, { nullable: true, description: 'Freezes the reference standard, by the protocol’s rule' })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async freezeReference(
    @Args('input', INPUT) { study, clientMutationId }: FreezeReferenceInput,
    @Context('caller') caller: Caller,
  ): Promise<FreezeReferencePayload> {
    return { clientMutationId, reference: made(await this.truth.freeze(caller, study)) };
  }

  @Mutation(() => OpenCasePayload, { nullable: true, description: 'Opens a reader’s next case: its time runs from now' })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async openCase(
    @Args('input', INPUT) { study, clientMutationId }: OpenCaseInput,
    @Context('caller') caller: Caller,
  ): Promise<OpenCasePayload> {
    const opened = await this.readers.open(caller, study);
    if (opened === null) return { clientMutationId, case: null };
    const shown = opened.shown === null ? null : JSON.stringify(opened.shown);
    const imageAddress = `/evidence/studies/${study}/cases/${opened.caseKey}/image`;
    return { clientMutationId, case: { ...opened, shown, imageAddress } };
  }

  @Mutation(() => SubmitReadingPayload, { nullable: true, description: 'Reads the open case: it stands' })
  @Requires('Evidence', 'UPDATE', 'evidence.take-part')
  async submitReading(
    @Args('input', INPUT) { study, caseKey, clientMutationId, ...asked }: SubmitReadingInput,
    @Context('caller') caller: Caller,
  ): Promise<SubmitReadingPayload> {
    const { arm, status, reason } = asked;
    const marks = asked.marks == null ? null : JSON.stringify(marksAt(placeIn('marks', asked.marks)));
    const said = { rating: asked.rating ?? null, clinicalAction: bit('clinicalAction', asked.clinicalAction ?? null), marks };
    await this.readers.submit(caller, study, { caseKey, arm, status, reason, ...said });
    return { clientMutationId, caseKey };
  }
}

/** @throws BadGraphArgument */
function bit(name: string, value: number | null): 0 | 1 | null {
  if (value === null || value === 0 || value === 1) return value;
  throw new BadGraphArgument(name, 'must be 0, 1 or null');
}
