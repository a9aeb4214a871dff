import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';

/** A study as received; patient data stay in FHIR's Patient. */
@ObjectType('Study')
export class GraphStudy {
  /** Row of the study: resolvers find its children by it. */
  readonly row!: number;

  @Field(() => ID)
  readonly id!: string;

  @Field()
  readonly studyInstanceUID!: string;

  @Field(() => String, { nullable: true, description: 'DA, YYYYMMDD, as received' })
  readonly studyDate!: string | null;

  @Field(() => String, { nullable: true })
  readonly studyDescription!: string | null;

  @Field(() => String, { nullable: true })
  readonly accessionNumber!: string | null;

  @Field(() => String, { nullable: true })
  readonly patientID!: string | null;

  @Field(() => String, { nullable: true, description: 'Alphabetic component group of PatientName' })
  readonly patientName!: string | null;

  @Field()
  readonly storedAt!: Date;
}

@ObjectType('Series')
export class GraphSeries {
  readonly row!: number;

  @Field()
  readonly seriesInstanceUID!: string;

  @Field(() => String, { nullable: true })
  readonly modality!: string | null;

  @Field(() => Int, { nullable: true })
  readonly seriesNumber!: number | null;

  @Field(() => String, { nullable: true })
  readonly seriesDescription!: string | null;
}

@ObjectType('Instance')
export class GraphInstance {
  readonly row!: number;

  readonly studyRow!: number;

  @Field()
  readonly sopInstanceUID!: string;

  @Field()
  readonly sopClassUID!: string;

  @Field()
  readonly transferSyntaxUID!: string;

  @Field(() => Int, { nullable: true })
  readonly instanceNumber!: number | null;

  @Field(() => Float, { description: 'Size of the file as received' })
  readonly bytes!: number;

  @Field({ description: 'SHA-256 of the file as received, hex' })
  readonly sha256!: string;

  @Field({ description: 'True for what this server made itself: reports, attention maps' })
  readonly derived!: boolean;
}

export enum GraphReadingState {
  READ = 'read',
  NOT_READ = 'not-read',
  FAILED = 'failed',
}
registerEnumType(GraphReadingState, { name: 'ReadingState' });

/** The four measures and the score; see the model card for what passes. */
@ObjectType('ImageQuality')
export class GraphQuality {
  @Field(() => Float, { description: 'std / (mean + 1e-8); passes above 0.3' })
  readonly contrast!: number;

  @Field(() => Float, { description: 'Variance of the Laplacian; passes above 0.1' })
  readonly sharpness!: number;

  @Field(() => Float, { description: 'Standard deviation of the 3×3 high-pass; passes below 0.1' })
  readonly noise!: number;

  @Field(() => Float, { description: 'Mean; passes in 0.2 to 0.8' })
  readonly brightness!: number;

  @Field(() => Int, { description: '0 to 100: 25 points for each measure that passes' })
  readonly score!: number;

  @Field(() => Float, { nullable: true, description: 'Share of pixels black or white to the end, 0 to 1' })
  readonly clippedShare?: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean HSV saturation of colours; of grey, share of pixels at the greatest value that can be stored',
  })
  readonly saturation?: number;

  @Field(() => Float, { nullable: true, description: 'Share of the area that looks like burnt-in text, 0 to 1' })
  readonly burntInTextShare?: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Log sharpness against earlier images of the station, in standard deviations; passes from -3',
  })
  readonly sharpnessAgainstHistory?: number;

  @Field(() => Float, { nullable: true, description: 'Distance from the training images, by the model' })
  readonly inputDistance?: number;

  @Field(() => Float, { nullable: true, description: 'Distances below it pass; of the model card' })
  readonly inputDistanceLimit?: number;
}

@ObjectType('Timings', { description: 'Milliseconds of each step' })
export class GraphTimings {
  @Field(() => Float)
  readonly decode!: number;

  @Field(() => Float)
  readonly prepare!: number;

  @Field(() => Float, { description: 'The model alone' })
  readonly run!: number;
}

/** What one model version made of one instance. */
@ObjectType('Reading')
export class GraphReading {
  readonly modelName!: string;

  readonly modelVersion!: string;

  @Field(() => GraphReadingState)
  readonly state!: GraphReadingState;

  @Field(() => String, { nullable: true, description: 'Why it was not read or failed: a stable code' })
  readonly reasonCode!: string | null;

  @Field(() => String, { nullable: true })
  readonly reason!: string | null;

  @Field(() => [Float], { nullable: true, description: 'One for each class of the model' })
  readonly probabilities!: readonly number[] | null;

  @Field(() => Float, { nullable: true })
  readonly confidence!: number | null;

  @Field(() => Float, { nullable: true })
  readonly uncertainty!: number | null;

  @Field(() => Float, { nullable: true, description: 'Entropy of the probabilities over its greatest value, 0 to 1' })
  readonly predictiveEntropy!: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the measure of doubt that the model’s card names asks for a second look' })
  readonly refers!: boolean | null;

  @Field(() => [Int], {
    nullable: true,
    description: 'The classes, counted from 0, that can’t be ruled out at the coverage of the model’s card',
  })
  readonly predictionSet!: readonly number[] | null;

  @Field(() => String, { nullable: true, description: 'The execution provider that made it' })
  readonly provider!: string | null;

  @Field(() => GraphQuality, { nullable: true })
  readonly quality!: GraphQuality | null;

  @Field(() => GraphTimings, { nullable: true })
  readonly timings!: GraphTimings | null;
}

@ObjectType('RefusedProvider')
export class GraphRefusedProvider {
  @Field()
  readonly provider!: string;

  @Field({ description: 'absent, failed, or in disagreement with the CPU' })
  readonly why!: string;
}

@ObjectType('Model')
export class GraphModel {
  @Field()
  readonly name!: string;

  @Field()
  readonly version!: string;

  @Field()
  readonly title!: string;

  @Field({ description: 'SHA-256 of the ONNX file, hex' })
  readonly sha256!: string;

  @Field()
  readonly intendedUse!: string;

  @Field()
  readonly notForClinicalUse!: boolean;

  @Field(() => [String])
  readonly limitations!: readonly string[];

  @Field(() => [String], { description: 'Labels of its classes, in the order of probabilities' })
  readonly classes!: readonly string[];

  @Field(() => String, { nullable: true, description: 'The execution provider it runs on; null while none was accepted' })
  readonly provider!: string | null;

  @Field(() => [GraphRefusedProvider], { description: 'Providers tried before and refused' })
  readonly refusedProviders!: readonly GraphRefusedProvider[];
}

@ObjectType('Finding')
export class GraphFinding {
  @Field()
  readonly label!: string;

  @Field({ description: 'Code of the finding' })
  readonly code!: string;

  @Field({ description: 'Its code system (URI)' })
  readonly system!: string;

  @Field(() => Float, { description: '0 to 1' })
  readonly probability!: number;

  @Field(() => Float, { nullable: true })
  readonly confidence!: number | null;

  @Field(() => Float, { nullable: true })
  readonly uncertainty!: number | null;

  @Field(() => Float, { description: 'Probability from which it is called present' })
  readonly operatingThreshold!: number;

  @Field({ description: 'present, second-look or absent' })
  readonly verdict!: string;

  @Field({ description: 'The image it stands on' })
  readonly sopInstanceUID!: string;

  @Field()
  readonly provider!: string;
}

@ObjectType('Report')
export class GraphReport {
  readonly studyRow!: number;

  readonly modelName!: string;

  readonly modelVersion!: string;

  @Field(() => ID, { description: 'Also the id of the FHIR DiagnosticReport' })
  readonly id!: string;

  @Field({ description: 'preliminary, until a person reviews it: final, amended, cancelled or entered-in-error' })
  readonly status!: string;

  @Field(() => Int, { description: 'Of what the model says; reviews do not count' })
  readonly version!: number;

  @Field()
  readonly issued!: Date;

  @Field(() => Date, { nullable: true, description: 'When a person last reviewed it' })
  readonly reviewed!: Date | null;

  @Field()
  readonly conclusion!: string;

  @Field(() => [GraphFinding])
  readonly findings!: readonly GraphFinding[];
}
