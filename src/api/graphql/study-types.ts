import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { GraphNode } from './node-type.js';

/** A study as received; patient data stay in FHIR's Patient. */
@ObjectType('Study', { implements: () => [GraphNode], description: 'A study as received' })
export class GraphStudy extends GraphNode {
  /** Row of the study: resolvers find its children by it. */
  readonly row!: number;
  /** Of the FHIR Patient. */
  readonly patientId!: string;

  @Field({ description: 'Study Instance UID (0020,000D)' })
  readonly studyInstanceUID!: string;

  @Field(() => String, { nullable: true, description: 'DA, YYYYMMDD, as received' })
  readonly studyDate!: string | null;

  @Field(() => String, { nullable: true, description: 'Study Description (0008,1030)' })
  readonly studyDescription!: string | null;

  @Field(() => String, { nullable: true, description: 'Accession Number (0008,0050)' })
  readonly accessionNumber!: string | null;

  @Field(() => String, { nullable: true, description: 'Patient ID (0010,0020)' })
  readonly patientID!: string | null;

  @Field(() => String, { nullable: true, description: 'Alphabetic component group of PatientName' })
  readonly patientName!: string | null;

  @Field({ description: 'When its first instance was stored here' })
  readonly storedAt!: Date;
}

@ObjectType('Series', { implements: () => [GraphNode], description: 'A series of a study, as received' })
export class GraphSeries extends GraphNode {
  readonly row!: number;

  readonly studyRow!: number;

  @Field({ description: 'Series Instance UID (0020,000E)' })
  readonly seriesInstanceUID!: string;

  @Field(() => String, { nullable: true, description: 'Modality (0008,0060)' })
  readonly modality!: string | null;

  @Field(() => Int, { nullable: true, description: 'Series Number (0020,0011)' })
  readonly seriesNumber!: number | null;

  @Field(() => String, { nullable: true, description: 'Series Description (0008,103E)' })
  readonly seriesDescription!: string | null;
}

@ObjectType('Instance', { implements: () => [GraphNode], description: 'An image or another object of a series, as received' })
export class GraphInstance extends GraphNode {
  readonly row!: number;

  readonly studyRow!: number;

  readonly seriesRow!: number;

  @Field({ description: 'SOP Instance UID (0008,0018)' })
  readonly sopInstanceUID!: string;

  @Field({ description: 'SOP Class UID (0008,0016)' })
  readonly sopClassUID!: string;

  @Field({ description: 'Transfer syntax of the file as received' })
  readonly transferSyntaxUID!: string;

  @Field(() => Int, { nullable: true, description: 'Instance Number (0020,0013)' })
  readonly instanceNumber!: number | null;

  @Field(() => Float, { description: 'Size of the file as received' })
  readonly bytes!: number;

  @Field({ description: 'SHA-256 of the file as received, hex' })
  readonly sha256!: string;

  @Field({ description: 'True for what this server made itself: reports, attention maps' })
  readonly derived!: boolean;
}
