import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { GraphNode } from './node-type.js';

@ObjectType('Finding', { implements: () => [GraphNode] })
export class GraphFinding extends GraphNode {
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

/** Its id is made of its report's where it is asked for. */
export interface ListedFinding extends Omit<GraphFinding, 'id'> {
  readonly reportId: string;
}

@ObjectType('Report', { implements: () => [GraphNode] })
export class GraphReport extends GraphNode {
  readonly studyRow!: number;
  /** Of the FHIR Patient. */
  readonly patientId!: string | null;

  @Field({ description: 'Of the model that made it, whether this server still has it or not' })
  readonly modelName!: string;

  @Field()
  readonly modelVersion!: string;

  @Field(() => ID, { description: 'Also the id of the FHIR DiagnosticReport' })
  declare readonly id: string;

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

  /** All of them: the field gives those that are open to the caller. */
  readonly findings!: readonly ListedFinding[];
}

export enum GraphDecision {
  ACCEPT = 'accept',
  AMEND = 'amend',
  REJECT = 'reject',
}
registerEnumType(GraphDecision, { name: 'ReviewDecision', description: 'What a person decides of a report that they have read' });

/** A person's decision on a report, as its Provenance holds it. */
@ObjectType('Review')
export class GraphReview {
  @Field(() => GraphDecision)
  readonly decision!: GraphDecision;

  @Field()
  readonly time!: Date;

  @Field({ description: 'Reference of the Practitioner or PractitionerRole who signed' })
  readonly reviewer!: string;

  @Field(() => String, { nullable: true, description: 'Reference of the Organization that they signed for' })
  readonly onBehalfOf!: string | null;

  @Field(() => String, { nullable: true })
  readonly reason!: string | null;

  @Field(() => ID, { description: 'Of the FHIR Provenance, with the signature' })
  readonly provenanceId!: string;
}
