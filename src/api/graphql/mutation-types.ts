import { Field, Float, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsNotEmpty, IsOptional, Matches, MaxLength, ValidateNested } from 'class-validator';
import { GraphModel } from './model-types.js';
import { GraphNote } from './patient-types.js';
import { GraphDecision } from './report-types.js';

/** Of each mutation's one argument. */
export const INPUT = { description: 'What is to be done' } as const;

@InputType({ isAbstract: true })
export abstract class MutationInput {
  @Field(() => String, { nullable: true, description: 'Comes back with the answer (Relay, Input Object Mutations)' })
  readonly clientMutationId?: string | null;
}

@ObjectType({ isAbstract: true })
export abstract class MutationPayload {
  @Field(() => String, { nullable: true, description: 'As it was sent' })
  readonly clientMutationId?: string | null;
}

@InputType('ReviewedFinding', { description: 'A finding that the reviewer calls otherwise than the model' })
export class ReviewedFindingInput {
  @Field({ description: 'Code system (URI) of the finding' })
  readonly system!: string;

  @Field({ description: 'Code of the finding' })
  readonly code!: string;

  @Field({ description: 'What the reviewer calls it' })
  readonly present!: boolean;
}

@InputType('ReviewReportInput', { description: 'A person’s decision on a report that they have read' })
export class ReviewReportInput extends MutationInput {
  @Field(() => ID, { description: 'The report that was read' })
  readonly reportId!: string;

  @Field({ description: '`etag` of the report that was read: nobody signs what they have not seen' })
  readonly ifMatch!: string;

  @Field(() => GraphDecision, { description: 'What is decided' })
  readonly decision!: GraphDecision;

  @Field(() => String, {
    nullable: true,
    description: 'Practitioner/ID or PractitionerRole/ID of who signs; the caller’s own (fhirUser) unless given',
  })
  readonly reviewer?: string | null;

  @Field(() => ID, { nullable: true, description: 'Of the Organization that answers for the report' })
  readonly organization?: string | null;

  @Field(() => String, { nullable: true, description: 'Why it is amended or rejected' })
  readonly reason?: string | null;

  @Field(() => String, { nullable: true, description: 'What an amended report concludes' })
  readonly conclusion?: string | null;

  @Field(() => [ReviewedFindingInput], { nullable: true, description: 'Findings that the reviewer calls otherwise' })
  readonly findings?: ReviewedFindingInput[] | null;
}

@ObjectType('ReviewReportPayload', { description: 'The report that was reviewed' })
export class ReviewReportPayload extends MutationPayload {
  readonly reportId!: string;
}

@InputType('RequestReadingInput', { description: 'Which study is to be read, by which model' })
export class RequestReadingInput extends MutationInput {
  @Field({ description: 'Study Instance UID (0020,000D)' })
  readonly studyInstanceUID!: string;

  @Field(() => String, { nullable: true, description: 'Name of the model whose failures alone are tried again' })
  readonly model?: string | null;
}

@ObjectType('RequestReadingPayload', { description: 'The study that was enqueued' })
export class RequestReadingPayload extends MutationPayload {
  readonly studyRow!: number;
}

/** A value of SH or LO (PS3.5 6.2): a backslash would end it and begin another. */
const ONE_VALUE = /^[^\\\p{Cc}]*$/u;
/** The alphabetic group of a PN (PS3.5 6.2.1): `=` would begin the next group, and there are five components. */
const ONE_NAME = /^[^\\=^\p{Cc}]*(\^[^\\=^\p{Cc}]*){0,4}$/u;

@InputType('PerformerInput', { description: 'Who is to perform a workitem (Scheduled Human Performers Sequence, 0040,4034)' })
export class PerformerInput {
  @Field({ description: 'Code of the performer, 16 characters at most' })
  @IsNotEmpty()
  @MaxLength(16)
  @Matches(ONE_VALUE)
  readonly code!: string;

  @Field({ description: 'Coding scheme designator' })
  @IsNotEmpty()
  @MaxLength(16)
  @Matches(ONE_VALUE)
  readonly scheme!: string;

  @Field({ description: 'What the code means: the performer’s name for people, 64 characters at most' })
  @IsNotEmpty()
  @MaxLength(64)
  @Matches(ONE_VALUE)
  readonly meaning!: string;

  @Field(() => String, { nullable: true, description: 'Family^Given' })
  @IsOptional()
  @MaxLength(64)
  @Matches(ONE_NAME)
  readonly name?: string | null;

  @Field(() => String, { nullable: true, description: 'The performer’s organisation, 64 characters at most' })
  @IsOptional()
  @MaxLength(64)
  @Matches(ONE_VALUE)
  readonly organization?: string | null;
}

@InputType('AssignWorkitemInput', { description: 'Who is to perform which workitem' })
export class AssignWorkitemInput extends MutationInput {
  @Field(() => ID, { description: 'The workitem’s id, or its UID' })
  readonly workitemId!: string;

  @Field(() => PerformerInput, { description: 'Who is to perform it, in place of whoever was' })
  @ValidateNested()
  @Type(() => PerformerInput)
  readonly performer!: PerformerInput;

  @Field(() => String, { nullable: true, description: 'Of a workitem in progress: the key that claiming it gave' })
  readonly transactionUID?: string | null;
}

@ObjectType('AssignWorkitemPayload', { description: 'The workitem that was assigned' })
export class AssignWorkitemPayload extends MutationPayload {
  readonly workitemUID!: string;
}

@InputType('ClaimWorkitemInput', { description: 'Which workitem is taken' })
export class ClaimWorkitemInput extends MutationInput {
  @Field(() => ID, { description: 'The workitem’s id, or its UID' })
  readonly workitemId!: string;

  @Field(() => String, { nullable: true, description: 'The key to it from now on; made here unless given' })
  readonly transactionUID?: string | null;
}

@ObjectType('ClaimWorkitemPayload', { description: 'The workitem that was taken, with the key to it' })
export class ClaimWorkitemPayload extends MutationPayload {
  readonly workitemUID!: string;

  @Field({ description: 'Who has it may change and finish the workitem, and nobody else (PS3.4 CC.1.1)' })
  readonly transactionUID!: string;
}

@InputType('AnnotateStudyInput', { description: 'A note to be made of a study or a report' })
export class AnnotateStudyInput extends MutationInput {
  @Field(() => String, { nullable: true, description: 'What is noted of; this or `reportId`' })
  readonly studyInstanceUID?: string | null;

  @Field(() => ID, { nullable: true, description: 'The report that is noted of; this or `studyInstanceUID`' })
  readonly reportId?: string | null;

  @Field({ description: 'What is noted: words, 10,000 characters at most' })
  readonly text!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Practitioner/ID or PractitionerRole/ID, where the caller is not known as one (fhirUser)',
  })
  readonly author?: string | null;
}

@ObjectType('AnnotateStudyPayload', { description: 'The note, and what it is of' })
export class AnnotateStudyPayload extends MutationPayload {
  @Field(() => GraphNote, { description: 'The note as it is kept' })
  readonly note!: GraphNote;

  readonly studyRow!: number;

  readonly reportId?: string;
}

@InputType('UploadModelPartInput', { description: 'A part of a model’s file' })
export class UploadModelPartInput extends MutationInput {
  @Field(() => ID, { nullable: true, description: 'Of the upload that this goes on with; absent for the first part' })
  readonly uploadId?: string | null;

  @Field(() => Float, { defaultValue: 0, description: 'Byte of the file that the part begins at' })
  readonly offset!: number;

  @Field({ description: 'base64; 2 MiB of the file is a good part' })
  readonly data!: string;
}

@ObjectType('UploadModelPartPayload', { description: 'How far an upload has come' })
export class UploadModelPartPayload extends MutationPayload {
  @Field(() => ID, { description: 'Of the upload: the next part and `uploadModel` name it' })
  readonly uploadId!: string;

  @Field(() => Float, { description: 'Bytes that are there now' })
  readonly received!: number;
}

@InputType('UploadModelInput', { description: 'A model: its card, and its file or the upload that brought it' })
export class UploadModelInput extends MutationInput {
  @Field({ description: 'The text of card.json' })
  readonly card!: string;

  @Field(() => String, { nullable: true, description: 'model.onnx in base64, where it is small; this or `uploadId`' })
  readonly onnx?: string | null;

  @Field(() => ID, { nullable: true, description: 'The upload that brought model.onnx' })
  readonly uploadId?: string | null;
}

@ObjectType('UploadModelPayload', { description: 'The model that was taken up' })
export class UploadModelPayload extends MutationPayload {
  @Field(() => GraphModel, { description: 'The model as it was taken up' })
  readonly model!: GraphModel;

  @Field({ description: 'This server reads with it from now on; otherwise from its next start, as other servers of the same folder do' })
  readonly running!: boolean;
}
