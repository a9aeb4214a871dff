import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { Arm } from '../../evidence/analysis/study-tables.js';
import type { ReadingAsked } from '../../evidence/studies/reader-study.js';
import { MutationPayload } from './mutation-types.js';
import { ARM, READING_STATUS } from './validation-enums.js';
import { OfStudyInput } from './validation-planning-types.js';
import { GraphAnalysis, GraphReference, GraphStudyFreeze, GraphValidationRun } from './validation-result-types.js';

@InputType('LabelCaseInput', { description: 'A truther’s own label of a case' })
export class LabelCaseInput extends OfStudyInput {
  @Field({ description: 'Of the case' })
  readonly caseKey!: string;

  @Field(() => Int, { nullable: true, description: '1 has the disease, 0 has it not; null: it can’t be told. It must be given' })
  readonly label?: number | null;

  @Field({ description: 'How it was found: panel, say' })
  readonly method!: string;

  @Field({ description: 'It decides between others’ labels' })
  readonly adjudicates!: boolean;
}

@ObjectType('LabelCasePayload', { description: 'The label is kept' })
export class LabelCasePayload extends MutationPayload {
  @Field({ description: 'Of the case' })
  readonly caseKey!: string;
}

@InputType('ImportLabelsInput', { description: 'Labels from pathology, follow-up or a record: all of them are taken, or none' })
export class ImportLabelsInput extends OfStudyInput {
  @Field({ description: 'CSV text with case_id, label (0, 1, or nothing: not to be told), method' })
  readonly csv!: string;
}

@ObjectType('ImportLabelsPayload', { description: 'The labels are kept' })
export class ImportLabelsPayload extends MutationPayload {
  @Field(() => Int, { description: 'How many' })
  readonly rows!: number;
}

@InputType('FreezeReferenceInput', { description: 'The study whose truth is to be frozen, by the protocol’s rule' })
export class FreezeReferenceInput extends OfStudyInput {}

@ObjectType('FreezeReferencePayload', { description: 'The truth is frozen' })
export class FreezeReferencePayload extends MutationPayload {
  @Field(() => GraphReference, { description: 'Its digest' })
  readonly reference!: GraphReference;
}

@InputType('OpenCaseInput', { description: 'The study of which a reader opens the next case' })
export class OpenCaseInput extends OfStudyInput {}

@ObjectType('OpenedCase', { description: 'A case that a reader has before them: its time runs' })
export class GraphOpenedCase {
  @Field({ description: 'Of the case' })
  readonly caseKey!: string;

  @Field({ description: 'The reader’s key' })
  readonly reader!: string;

  @Field(() => ARM, { description: 'With what it is read' })
  readonly arm!: Arm;

  @Field(() => Int, { description: 'The session, from 1' })
  readonly session!: number;

  @Field(() => Int, { description: 'The place in it' })
  readonly place!: number;

  @Field(() => Int, { description: 'How many are left, with this one' })
  readonly left!: number;

  @Field(() => String, { nullable: true, description: 'JSON text: what the model answered, of an arm with it' })
  readonly shown!: string | null;

  @Field({ description: 'Path of its image (PNG)' })
  readonly imageAddress!: string;
}

@ObjectType('OpenCasePayload', { description: 'The next case' })
export class OpenCasePayload extends MutationPayload {
  @Field(() => GraphOpenedCase, { nullable: true, description: 'Null where none is left' })
  readonly case!: GraphOpenedCase | null;
}

@InputType('ReadingMark', { description: 'A place that a reader marked, in pixels of the image' })
export class ReadingMarkInput {
  @Field(() => Float, { description: 'Column' })
  readonly x!: number;

  @Field(() => Float, { description: 'Row' })
  readonly y!: number;

  @Field(() => Float, { description: 'How suspicious it is' })
  readonly rating!: number;
}

@InputType('SubmitReadingInput', { description: 'What a reader says of the open case: it stands' })
export class SubmitReadingInput extends OfStudyInput {
  @Field({ description: 'Of the case' })
  readonly caseKey!: string;

  @Field(() => ARM, { description: 'With what it was read' })
  readonly arm!: Arm;

  @Field(() => Int, { nullable: true, description: 'On the protocol’s scale; null of one that is not evaluable' })
  readonly rating?: number | null;

  @Field(() => Int, { nullable: true, description: '1: the reader would act, 0: not; null of one that is not evaluable' })
  readonly clinicalAction?: number | null;

  @Field(() => READING_STATUS, { description: 'Whether it could be read' })
  readonly status!: ReadingAsked['status'];

  @Field({ defaultValue: '', description: 'Why it could not be read' })
  readonly reason!: string;

  @Field(() => [ReadingMarkInput], { nullable: true, description: 'Where something is' })
  readonly marks?: readonly ReadingMarkInput[] | null;
}

@ObjectType('SubmitReadingPayload', { description: 'The reading is kept' })
export class SubmitReadingPayload extends MutationPayload {
  @Field({ description: 'Of the case' })
  readonly caseKey!: string;
}

@InputType('StartRunInput', { description: 'The study whose run begins, or goes on' })
export class StartRunInput extends OfStudyInput {}

@ObjectType('StartRunPayload', { description: 'The run goes' })
export class StartRunPayload extends MutationPayload {
  @Field(() => GraphValidationRun, { description: 'How far it is' })
  readonly run!: GraphValidationRun;
}

@InputType('FreezeStudyInput', { description: 'The study of which truth, readings and predictions are to be frozen' })
export class FreezeStudyInput extends OfStudyInput {}

@ObjectType('FreezeStudyPayload', { description: 'All that results come from is frozen' })
export class FreezeStudyPayload extends MutationPayload {
  @Field(() => GraphStudyFreeze, { description: 'What two people sign to unblind' })
  readonly freeze!: GraphStudyFreeze;
}

@InputType('AnalyseStudyInput', { description: 'Results to be computed: by the locked plan; once that is done, by another one' })
export class AnalyseStudyInput extends OfStudyInput {
  @Field(() => String, { nullable: true, description: 'JSON text: the plan of a post-hoc analysis' })
  readonly plan?: string | null;
}

@ObjectType('AnalyseStudyPayload', { description: 'The results' })
export class AnalyseStudyPayload extends MutationPayload {
  @Field(() => GraphAnalysis, { description: 'Every endpoint, and the cases behind it' })
  readonly analysis!: GraphAnalysis;
}
