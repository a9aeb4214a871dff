import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { GraphNode } from './node-type.js';

export enum GraphReadingState {
  READ = 'read',
  NOT_READ = 'not-read',
  FAILED = 'failed',
}
registerEnumType(GraphReadingState, {
  name: 'ReadingState',
  description: 'What came of an instance that a model was given',
  valuesMap: {
    READ: { description: 'The model read it' },
    NOT_READ: { description: 'It is none that the model reads' },
    FAILED: { description: 'Reading it was tried, and given up' },
  },
});

/** The four measures and the score; see the model card for what passes. */
@ObjectType('ImageQuality', { description: 'The measures of an image, and the score of the first four; the model’s card says what passes' })
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
  @Field(() => Float, { description: 'Decoding the pixels' })
  readonly decode!: number;

  @Field(() => Float, { description: 'Preparing them as the model’s card asks' })
  readonly prepare!: number;

  @Field(() => Float, { description: 'The model alone' })
  readonly run!: number;
}

/** What one model version made of one instance. */
@ObjectType('Reading', { implements: () => [GraphNode], description: 'What one model version made of one instance: an inference run' })
export class GraphReading extends GraphNode {
  readonly row!: number;

  readonly studyRow!: number;

  readonly instanceRow!: number;

  @Field({ description: 'Of the model that made it, whether this server still has it or not' })
  readonly modelName!: string;

  @Field({ description: 'Version of the model that made it' })
  readonly modelVersion!: string;

  @Field({ description: 'When it was made' })
  readonly madeAt!: Date;

  @Field(() => GraphReadingState, { description: 'Whether it was read' })
  readonly state!: GraphReadingState;

  @Field(() => String, { nullable: true, description: 'Why it was not read or failed: a stable code' })
  readonly reasonCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The same in words' })
  readonly reason!: string | null;

  @Field(() => [Float], { nullable: true, description: 'One for each class of the model' })
  readonly probabilities!: readonly number[] | null;

  @Field(() => Float, { nullable: true, description: 'Confidence of the model, 0 to 1, where it gives one' })
  readonly confidence!: number | null;

  @Field(() => Float, { nullable: true, description: 'Uncertainty of the model, as its card defines it, where it gives one' })
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

  @Field(() => GraphQuality, { nullable: true, description: 'Measures of the image' })
  readonly quality!: GraphQuality | null;

  @Field(() => GraphTimings, { nullable: true, description: 'How long each step took' })
  readonly timings!: GraphTimings | null;
}
