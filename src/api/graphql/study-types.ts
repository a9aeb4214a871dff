import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { GraphNode } from './node-type.js';

/** A study as received; patient data stay in FHIR's Patient. */
@ObjectType('Study', { implements: () => [GraphNode] })
export class GraphStudy extends GraphNode {
  /** Row of the study: resolvers find its children by it. */
  readonly row!: number;
  /** Of the FHIR Patient. */
  readonly patientId!: string;

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

@ObjectType('Series', { implements: () => [GraphNode] })
export class GraphSeries extends GraphNode {
  readonly row!: number;

  readonly studyRow!: number;

  @Field()
  readonly seriesInstanceUID!: string;

  @Field(() => String, { nullable: true })
  readonly modality!: string | null;

  @Field(() => Int, { nullable: true })
  readonly seriesNumber!: number | null;

  @Field(() => String, { nullable: true })
  readonly seriesDescription!: string | null;
}

@ObjectType('Instance', { implements: () => [GraphNode] })
export class GraphInstance extends GraphNode {
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
