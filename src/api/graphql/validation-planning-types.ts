import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { Part } from '../../evidence/studies/parts.js';
import type { RecordTypeName } from '../../evidence/regulatory/record-types.js';
import type { Meaning, SignatureAsked } from '../../evidence/studies/signatures.js';
import type { ProtocolRow } from '../../evidence/studies/studies.sql.js';
import type { Step } from '../../evidence/studies/study-life.js';
import { MutationInput, MutationPayload } from './mutation-types.js';
import { GraphRecordType } from './regulatory-types.js';
import { MEANING, PART, PROTOCOL_KIND, SIGNED_ENTITY, STEP } from './validation-enums.js';
import { GraphProtocol, GraphSignature, GraphStudyMember, GraphValidationStudy } from './validation-study-types.js';

@InputType({ isAbstract: true })
export abstract class OfStudyInput extends MutationInput {
  @Field(() => ID, { description: 'Of the validation study' })
  readonly study!: string;
}

@InputType('CreateValidationStudyInput', { description: 'A validation study to be planned' })
export class CreateValidationStudyInput extends MutationInput {
  @Field({ description: 'What it is called' })
  readonly title!: string;
}

@ObjectType('CreateValidationStudyPayload', { description: 'The study, a draft' })
export class CreateValidationStudyPayload extends MutationPayload {
  @Field(() => GraphValidationStudy, { description: 'As it is now' })
  readonly study!: GraphValidationStudy;
}

@InputType('AddStudyMemberInput', { description: 'Somebody who is to have a part' })
export class AddStudyMemberInput extends OfStudyInput {
  @Field({ description: 'As the ledger names them: `user:ID`; of a simulated reader `simulated:NAME` will do' })
  readonly person!: string;

  @Field(() => PART, { description: 'The part' })
  readonly role!: Part;

  @Field({ description: 'What makes them fit for it; may be empty' })
  readonly qualification!: string;

  @Field({ description: 'It is a program: every table and report says so' })
  readonly simulated!: boolean;
}

@ObjectType('AddStudyMemberPayload', { description: 'The member' })
export class AddStudyMemberPayload extends MutationPayload {
  @Field(() => GraphStudyMember, { description: '`key` is what tables know them by' })
  readonly member!: GraphStudyMember;
}

@InputType('WriteProtocolInput', { description: 'The next version of a protocol' })
export class WriteProtocolInput extends OfStudyInput {
  @Field({ description: 'JSON text: what POST /evidence/studies/ID/protocols takes; the size of the study is computed anew' })
  readonly protocol!: string;

  @Field(() => PROTOCOL_KIND, { description: 'Of a locked study: an amendment' })
  readonly kind!: ProtocolRow['kind'];

  @Field({ description: 'Why it is written; may be empty but for amendments' })
  readonly reason!: string;
}

@ObjectType('WriteProtocolPayload', { description: 'The version that was written' })
export class WriteProtocolPayload extends MutationPayload {
  @Field(() => GraphProtocol, { description: 'As it is kept: `sha256` is what is signed' })
  readonly protocol!: GraphProtocol;
}

@InputType('TakeStudyStepInput', { description: 'A study to be taken on, for good' })
export class TakeStudyStepInput extends OfStudyInput {
  @Field(() => STEP, { description: 'Where to' })
  readonly state!: Step;

  @Field({ description: 'Why; may be empty' })
  readonly reason!: string;
}

@ObjectType('TakeStudyStepPayload', { description: 'The study that was taken on' })
export class TakeStudyStepPayload extends MutationPayload {
  @Field(() => GraphValidationStudy, { description: 'As it is now' })
  readonly study!: GraphValidationStudy;
}

/** What whoever signs gives, beside what is signed. */
@InputType({ isAbstract: true })
abstract class SignInput extends MutationInput {
  @Field(() => Int, { description: 'Version of a protocol or record, number of an analysis or package; 1 of the freeze' })
  readonly version!: number;

  @Field({ description: 'The digest of what was looked at, hex: another content is not signed' })
  readonly recordSha256!: string;

  @Field(() => MEANING, { description: 'What the signature says' })
  readonly meaning!: Meaning;

  @Field(() => String, {
    nullable: true,
    description: 'Of the signer’s account at the built-in issuer; in variables alone, never in the document',
  })
  readonly password?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the second factor, where the account has one; in variables alone, never in the document',
  })
  readonly oneTimeCode?: string | null;
}

@InputType('SignStudyInput', { description: 'A signature to be given on something of a study' })
export class SignStudyInput extends SignInput {
  @Field(() => ID, { description: 'Of the validation study' })
  readonly study!: string;

  @Field(() => SIGNED_ENTITY, { description: 'What of it is signed' })
  readonly entityType!: SignatureAsked['entityType'];
}

@ObjectType('SignStudyPayload', { description: 'The signature, once it stands in the ledger’s chain' })
export class SignStudyPayload extends MutationPayload {
  @Field(() => GraphSignature, { description: 'As it is kept' })
  readonly signature!: GraphSignature;
}

@InputType('SignRegulatoryRecordInput', { description: 'A signature to be given on a version of a record of the regulatory file' })
export class SignRegulatoryRecordInput extends SignInput {
  @Field(() => GraphRecordType.names, { description: 'What it is a record of' })
  readonly type!: RecordTypeName;

  @Field(() => ID, { description: 'Of the record' })
  readonly id!: string;
}

@ObjectType('SignRegulatoryRecordPayload', { description: 'The signature, once it stands in the ledger’s chain' })
export class SignRegulatoryRecordPayload extends MutationPayload {
  @Field(() => GraphSignature, { description: 'As it is kept' })
  readonly signature!: GraphSignature;
}
