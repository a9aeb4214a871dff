import { Field, Float, ID, InputType, ObjectType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsNotEmpty, IsOptional, Matches, MaxLength, ValidateNested } from 'class-validator';
import { GraphModel } from './model-types.js';
import { GraphNote } from './patient-types.js';
import { GraphDecision } from './report-types.js';

@InputType({ isAbstract: true })
export abstract class MutationInput {
  @Field(() => String, { nullable: true, description: 'Comes back with the answer (Relay, Input Object Mutations)' })
  readonly clientMutationId?: string | null;
}

@ObjectType({ isAbstract: true })
abstract class MutationPayload {
  @Field(() => String, { nullable: true })
  readonly clientMutationId?: string | null;
}

@InputType('ReviewedFinding')
export class ReviewedFindingInput {
  @Field({ description: 'Code system (URI) of the finding' })
  readonly system!: string;

  @Field()
  readonly code!: string;

  @Field({ description: 'What the reviewer calls it' })
  readonly present!: boolean;
}

@InputType('ReviewReportInput')
export class ReviewReportInput extends MutationInput {
  @Field(() => ID)
  readonly reportId!: string;

  @Field({ description: '`etag` of the report that was read: nobody signs what they have not seen' })
  readonly ifMatch!: string;

  @Field(() => GraphDecision)
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

@ObjectType('ReviewReportPayload')
export class ReviewReportPayload extends MutationPayload {
  readonly reportId!: string;
}

@InputType('RequestReadingInput')
export class RequestReadingInput extends MutationInput {
  @Field()
  readonly studyInstanceUID!: string;

  @Field(() => String, { nullable: true, description: 'Name of the model whose failures alone are tried again' })
  readonly model?: string | null;
}

@ObjectType('RequestReadingPayload')
export class RequestReadingPayload extends MutationPayload {
  readonly studyRow!: number;
}

/** A value of SH or LO (PS3.5 6.2): a backslash would end it and begin another. */
const ONE_VALUE = /^[^\\\p{Cc}]*$/u;
/** The alphabetic group of a PN (PS3.5 6.2.1): `=` would begin the next group, and there are five components. */
const ONE_NAME = /^[^\\=^\p{Cc}]*(\^[^\\=^\p{Cc}]*){0,4}$/u;

@InputType('PerformerInput')
export class PerformerInput {
  @Field()
  @IsNotEmpty()
  @MaxLength(16)
  @Matches(ONE_VALUE)
  readonly code!: string;

  @Field({ description: 'Coding scheme designator' })
  @IsNotEmpty()
  @MaxLength(16)
  @Matches(ONE_VALUE)
  readonly scheme!: string;

  @Field()
  @IsNotEmpty()
  @MaxLength(64)
  @Matches(ONE_VALUE)
  readonly meaning!: string;

  @Field(() => String, { nullable: true, description: 'Family^Given' })
  @IsOptional()
  @MaxLength(64)
  @Matches(ONE_NAME)
  readonly name?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(64)
  @Matches(ONE_VALUE)
  readonly organization?: string | null;
}

@InputType('AssignWorkitemInput')
export class AssignWorkitemInput extends MutationInput {
  @Field(() => ID, { description: 'The workitem’s id, or its UID' })
  readonly workitemId!: string;

  @Field(() => PerformerInput)
  @ValidateNested()
  @Type(() => PerformerInput)
  readonly performer!: PerformerInput;

  @Field(() => String, { nullable: true, description: 'Of a workitem in progress: the key that claiming it gave' })
  readonly transactionUID?: string | null;
}

@ObjectType('AssignWorkitemPayload')
export class AssignWorkitemPayload extends MutationPayload {
  readonly workitemUID!: string;
}

@InputType('ClaimWorkitemInput')
export class ClaimWorkitemInput extends MutationInput {
  @Field(() => ID, { description: 'The workitem’s id, or its UID' })
  readonly workitemId!: string;

  @Field(() => String, { nullable: true, description: 'The key to it from now on; made here unless given' })
  readonly transactionUID?: string | null;
}

@ObjectType('ClaimWorkitemPayload')
export class ClaimWorkitemPayload extends MutationPayload {
  readonly workitemUID!: string;

  @Field({ description: 'Who has it may change and finish the workitem, and nobody else (PS3.4 CC.1.1)' })
  readonly transactionUID!: string;
}

@InputType('AnnotateStudyInput')
export class AnnotateStudyInput extends MutationInput {
  @Field(() => String, { nullable: true, description: 'What is noted of; this or `reportId`' })
  readonly studyInstanceUID?: string | null;

  @Field(() => ID, { nullable: true })
  readonly reportId?: string | null;

  @Field()
  readonly text!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Practitioner/ID or PractitionerRole/ID, where the caller is not known as one (fhirUser)',
  })
  readonly author?: string | null;
}

@ObjectType('AnnotateStudyPayload')
export class AnnotateStudyPayload extends MutationPayload {
  @Field(() => GraphNote)
  readonly note!: GraphNote;

  readonly studyRow!: number;

  readonly reportId?: string;
}

@InputType('UploadModelPartInput')
export class UploadModelPartInput extends MutationInput {
  @Field(() => ID, { nullable: true, description: 'Of the upload that this goes on with; absent for the first part' })
  readonly uploadId?: string | null;

  @Field(() => Float, { defaultValue: 0, description: 'Byte of the file that the part begins at' })
  readonly offset!: number;

  @Field({ description: 'base64; 2 MiB of the file is a good part' })
  readonly data!: string;
}

@ObjectType('UploadModelPartPayload')
export class UploadModelPartPayload extends MutationPayload {
  @Field(() => ID)
  readonly uploadId!: string;

  @Field(() => Float, { description: 'Bytes that are there now' })
  readonly received!: number;
}

@InputType('UploadModelInput')
export class UploadModelInput extends MutationInput {
  @Field({ description: 'The text of card.json' })
  readonly card!: string;

  @Field(() => String, { nullable: true, description: 'model.onnx in base64, where it is small; this or `uploadId`' })
  readonly onnx?: string | null;

  @Field(() => ID, { nullable: true, description: 'The upload that brought model.onnx' })
  readonly uploadId?: string | null;
}

@ObjectType('UploadModelPayload')
export class UploadModelPayload extends MutationPayload {
  @Field(() => GraphModel)
  readonly model!: GraphModel;

  @Field({ description: 'This server reads with it from now on; otherwise from its next start, as other servers of the same folder do' })
  readonly running!: boolean;
}
