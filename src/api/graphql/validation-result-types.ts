import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { AnalysisRow } from '../../evidence/studies/results.sql.js';
import { ANALYSIS_KIND } from './validation-enums.js';
import { GraphMade } from './validation-study-types.js';

@ObjectType('CasesPerSecond', { description: 'How fast a run is; null while nothing was done in that time' })
export class GraphCasesPerSecond {
  @Field(() => Float, { nullable: true, description: 'Over the last minute' })
  readonly lately!: number | null;

  @Field(() => Float, { nullable: true, description: 'Since it began' })
  readonly overall!: number | null;
}

@ObjectType('TimeLeft', { description: 'Seconds that a run still takes, with what that may miss by' })
export class GraphTimeLeft {
  @Field(() => Float, { description: 'The likeliest' })
  readonly estimate!: number;

  @Field(() => Float, { description: 'Lower limit of the interval' })
  readonly lower!: number;

  @Field(() => Float, { description: 'Upper limit of the interval' })
  readonly upper!: number;
}

@ObjectType('ValidationRunProgress', { description: 'How far a run is' })
export class GraphRunProgress {
  @Field(() => Int, { description: 'Cases that the model has read or could not read' })
  readonly done!: number;

  @Field(() => Int, { description: 'Of those: without a score' })
  readonly failed!: number;

  @Field(() => Int, { description: 'Cases in all' })
  readonly total!: number;

  @Field(() => Float, { description: '0 to 100' })
  readonly percent!: number;

  @Field(() => GraphCasesPerSecond, { description: 'How fast' })
  readonly casesPerSecond!: GraphCasesPerSecond;

  @Field(() => GraphTimeLeft, { nullable: true, description: 'The time left; null until there is enough to say it by' })
  readonly secondsLeft!: GraphTimeLeft | null;
}

@ObjectType('ValidationRunHalt', { description: 'Why a run stopped by itself' })
export class GraphRunHalt {
  @Field({ description: 'Of the fault' })
  readonly code!: string;

  @Field(() => Date, { description: 'When' })
  readonly at!: Date;
}

@ObjectType('ValidationRun', { description: 'The run of the model under test; nothing of what it answered' })
export class GraphValidationRun extends GraphMade {
  @Field(() => ID, { description: 'Of the run' })
  readonly id!: string;

  @Field({ description: 'The model' })
  readonly modelName!: string;

  @Field({ description: 'Its version' })
  readonly modelVersion!: string;

  @Field({ description: 'SHA-256 of its file, hex' })
  readonly onnxSha256!: string;

  @Field({ description: 'SHA-256 of its card’s canonical text, hex' })
  readonly cardSha256!: string;

  @Field({ description: 'Canonical JSON text: the software that reads' })
  readonly software!: string;

  @Field({ description: 'Canonical JSON text: finding, preparation, classes' })
  readonly config!: string;

  @Field(() => GraphRunProgress, { description: 'How far it is' })
  readonly progress!: GraphRunProgress;

  @Field(() => GraphRunHalt, { nullable: true, description: 'Why it stopped, where it did: `startRun` has it go on' })
  readonly halted!: GraphRunHalt | null;
}

@ObjectType('StudyFreeze', { description: 'What results are computed from: two people sign it to unblind' })
export class GraphStudyFreeze extends GraphMade {
  @Field({ description: 'SHA-256 of `content`, hex: what is signed' })
  readonly sha256!: string;

  @Field({ description: 'Canonical JSON text: the digests of protocol, manifest, truth, readings and predictions' })
  readonly content!: string;
}

@ObjectType('ReferenceStandard', { description: 'The truth of a study’s cases, frozen: its digest, and nothing of what it says' })
export class GraphReference extends GraphMade {
  @Field({ description: 'SHA-256, hex' })
  readonly sha256!: string;

  @Field(() => Int, { description: 'Cases that have a truth' })
  readonly cases!: number;
}

@ObjectType('ValidationAnalysis', { description: 'Results of a study' })
export class GraphAnalysis extends GraphMade {
  @Field(() => Int, { description: '1 for the primary one' })
  readonly number!: number;

  @Field(() => ANALYSIS_KIND, { description: 'By whose plan' })
  readonly kind!: AnalysisRow['kind'];

  @Field(() => Int, { description: 'Version of the protocol that held' })
  readonly protocolVersion!: number;

  @Field({ description: 'Its SHA-256, hex' })
  readonly protocolSha256!: string;

  @Field({ description: 'Canonical JSON text: the plan' })
  readonly plan!: string;

  @Field({ description: 'SHA-256 of the tables that it was computed from, hex' })
  readonly inputsSha256!: string;

  @Field({ description: 'Canonical JSON text (RFC 8785): every endpoint with its interval, or the code of why it has none' })
  readonly result!: string;

  @Field({ description: 'SHA-256 of `result`, hex: what is signed' })
  readonly sha256!: string;

  @Field({ description: 'The version of the software that computed it' })
  readonly software!: string;
}

@ObjectType('EvidencePackage', { description: 'A package of a study, sealed once' })
export class GraphEvidencePackage extends GraphMade {
  @Field(() => Int, { description: 'From 1' })
  readonly number!: number;

  @Field({ description: 'SHA-512 of its tagmanifest-sha512.txt, hex: what is signed of it' })
  readonly tagSha512!: string;

  @Field(() => Date, { description: 'When it was sealed' })
  readonly signedAt!: Date;

  @Field(() => String, {
    nullable: true,
    description:
      'Path of the ZIP, of the last one: these bytes until something is added to the study, which is then sealed anew. Null of earlier ones',
  })
  readonly address!: string | null;
}
