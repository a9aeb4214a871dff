import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Part } from '../../evidence/studies/parts.js';
import type { DeviationRow, ProtocolRow } from '../../evidence/studies/studies.sql.js';
import { DEVIATION_KIND, MEANING, PART, PROTOCOL_KIND, STATE } from './validation-enums.js';

/** Of everything in a study: who put it there, and when. */
@ObjectType({ isAbstract: true })
export abstract class GraphMade {
  @Field(() => Date, { description: 'When it was put there' })
  readonly createdAt!: Date;

  @Field({ description: 'Who put it there, as the ledger calls them' })
  readonly createdBy!: string;
}

@ObjectType('ValidationStudySummary', { description: 'A validation study as lists have it' })
export class GraphValidationStudySummary extends GraphMade {
  @Field(() => ID, { description: 'Of the study: what `validationStudy` takes' })
  readonly id!: string;

  @Field({ description: 'What it is called' })
  readonly title!: string;

  @Field(() => STATE, { description: 'How far it is' })
  readonly state!: string;
}

@ObjectType('ValidationStep', { description: 'A study taken from one state to the next, for good' })
export class GraphStudyStep extends GraphMade {
  @Field(() => Int, { description: '1 for the draft' })
  readonly number!: number;

  @Field(() => STATE, { description: 'Where it was taken' })
  readonly state!: string;

  @Field({ description: 'Why' })
  readonly reason!: string;

  @Field({ description: 'JSON text: the counts of `progress` as they were' })
  readonly checks!: string;
}

@ObjectType('ValidationProtocol', { description: 'A version of what is planned' })
export class GraphProtocol extends GraphMade {
  @Field(() => Int, { description: 'From 1, without gaps' })
  readonly version!: number;

  @Field(() => PROTOCOL_KIND, { description: 'Draft or amendment' })
  readonly kind!: ProtocolRow['kind'];

  @Field({ description: 'SHA-256 of `content`, hex: what is signed' })
  readonly sha256!: string;

  @Field({ description: 'By investigator, statistician and regulatory, all three' })
  readonly signed!: boolean;

  @Field({ description: 'Canonical JSON text (RFC 8785)' })
  readonly content!: string;

  @Field({ description: 'Why it was written' })
  readonly reason!: string;
}

@ObjectType('ValidationMember', { description: 'Somebody with a part in a study' })
export class GraphStudyMember extends GraphMade {
  @Field({ description: 'What tables know them by: `R1`' })
  readonly key!: string;

  @Field({ description: 'Who, as the ledger calls them' })
  readonly person!: string;

  @Field(() => PART, { description: 'The part' })
  readonly role!: Part;

  @Field({ description: 'What makes them fit for it' })
  readonly qualification!: string;

  @Field({ description: 'It is a program: every table and report says so' })
  readonly simulated!: boolean;
}

@ObjectType('ElectronicSignature', {
  description: 'Who stands for what, when and why (21 CFR 11.50), bound to the content by the server (11.70)',
})
export class GraphSignature {
  @Field(() => ID, { description: 'Of the signature' })
  readonly id!: string;

  @Field({ description: 'Who signed, as the ledger calls them' })
  readonly signer!: string;

  @Field({ description: 'Their name as it was then' })
  readonly printedName!: string;

  @Field({ description: 'In which part or role' })
  readonly role!: string;

  @Field(() => MEANING, { description: 'What it says' })
  readonly meaning!: string;

  @Field({ description: '`protocol`, `freeze`, `analysis`, `package`; `regulatory-record`' })
  readonly entityType!: string;

  @Field({ description: 'Id of the study, or `TYPE/ID` of the record' })
  readonly entityId!: string;

  @Field(() => Int, { description: 'Version of the protocol or record, number of the analysis or package; 1 of the freeze' })
  readonly version!: number;

  @Field({ description: 'Digest of what was signed, hex' })
  readonly recordSha256!: string;

  @Field(() => Date, { description: 'When' })
  readonly signedAt!: Date;

  @Field({ description: 'Whose clock said so' })
  readonly timeSource!: string;

  @Field(() => [String], { description: 'How they were asked again who they are (RFC 8176)' })
  readonly authentication!: readonly string[];

  @Field(() => Date, { description: 'When they were' })
  readonly reauthenticatedAt!: Date;

  @Field({ description: 'All of this, signed by the server (RFC 7515, compact)' })
  readonly jws!: string;
}

@ObjectType('ValidationDeviation', { description: 'What was done otherwise than planned' })
export class GraphDeviation extends GraphMade {
  @Field(() => Int, { description: 'From 1' })
  readonly number!: number;

  @Field(() => DEVIATION_KIND, { description: 'Done, or added' })
  readonly kind!: DeviationRow['kind'];

  @Field({ description: 'What' })
  readonly description!: string;
}

@ObjectType('ValidationProgress', { description: 'How far a study is, in counts that unblind nothing' })
export class GraphValidationProgress {
  @Field(() => Int, { description: 'Cases of the dataset' })
  readonly cases!: number;

  @Field(() => Int, { description: 'Of those: with a label' })
  readonly labelled!: number;

  @Field({ description: 'Whether the reference standard is frozen' })
  readonly referenceFrozen!: boolean;

  @Field(() => Int, { description: 'Readings that are to be' })
  readonly assigned!: number;

  @Field(() => Int, { description: 'Readings that are there' })
  readonly read!: number;

  @Field(() => Int, { description: 'Cases that the model has read' })
  readonly predicted!: number;

  @Field({ description: 'Whether all that results come from is frozen' })
  readonly frozen!: boolean;

  @Field(() => Int, { description: 'Analyses' })
  readonly analyses!: number;

  @Field(() => Int, { description: 'Packages that were sealed' })
  readonly packages!: number;
}

@ObjectType('ValidationStudy', { description: 'A validation study: nothing of truth, answers or results before it is unblinded' })
export class GraphValidationStudy extends GraphValidationStudySummary {
  @Field(() => [GraphStudyStep], { description: 'Its states, the first one first' })
  readonly steps!: readonly GraphStudyStep[];

  @Field(() => [GraphProtocol], { description: 'Versions of its protocol, the first one first' })
  readonly protocols!: readonly GraphProtocol[];

  @Field(() => [GraphStudyMember], { description: 'Who has which part' })
  readonly members!: readonly GraphStudyMember[];

  @Field(() => [GraphSignature], { description: 'What was signed of it, the first one first' })
  readonly signatures!: readonly GraphSignature[];

  @Field(() => [GraphDeviation], { description: 'What was done otherwise than planned' })
  readonly deviations!: readonly GraphDeviation[];

  @Field(() => GraphValidationProgress, { description: 'How far it is' })
  readonly progress!: GraphValidationProgress;
}
