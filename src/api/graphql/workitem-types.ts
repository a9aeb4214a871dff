import { Field, Float, ObjectType, registerEnumType } from '@nestjs/graphql';
import { GraphNode } from './node-type.js';

export enum GraphWorkitemState {
  SCHEDULED = 'SCHEDULED',
  IN_PROGRESS = 'IN PROGRESS',
  COMPLETED = 'COMPLETED',
  CANCELED = 'CANCELED',
}
registerEnumType(GraphWorkitemState, { name: 'WorkitemState', description: 'Procedure Step State (0074,1000)' });

/** Who is to perform a workitem (Scheduled Human Performers Sequence, 0040,4034). */
@ObjectType('WorkitemPerformer')
export class GraphPerformer {
  @Field()
  readonly code!: string;

  @Field()
  readonly scheme!: string;

  @Field()
  readonly meaning!: string;

  @Field(() => String, { nullable: true })
  readonly name!: string | null;

  @Field(() => String, { nullable: true })
  readonly organization!: string | null;
}

/** A workitem of the worklist (UPS, PS3.4 Annex CC). */
@ObjectType('Workitem', { implements: () => [GraphNode] })
export class GraphWorkitem extends GraphNode {
  readonly row!: number;

  /** Of what it is about. */
  readonly studyInstanceUID!: string | null;

  @Field()
  readonly workitemUID!: string;

  @Field(() => GraphWorkitemState)
  readonly state!: GraphWorkitemState;

  @Field({ description: 'HIGH, MEDIUM or LOW' })
  readonly priority!: string;

  @Field({ description: 'READY, INCOMPLETE or UNAVAILABLE: whether what it needs is there' })
  readonly readiness!: string;

  @Field({ description: 'Procedure Step Label' })
  readonly label!: string;

  @Field({ description: 'The worklist that it is on' })
  readonly worklistLabel!: string;

  @Field({ description: 'When it is to begin: DT (PS3.5 6.2), as received' })
  readonly scheduledStart!: string;

  @Field(() => String, { nullable: true })
  readonly patientID!: string | null;

  @Field(() => String, { nullable: true, description: 'Alphabetic component group' })
  readonly patientName!: string | null;

  @Field(() => String, { nullable: true })
  readonly accessionNumber!: string | null;

  @Field(() => [GraphPerformer])
  readonly performers!: readonly GraphPerformer[];

  @Field(() => Float, { nullable: true, description: 'Per cent, as its performer told' })
  readonly progress!: number | null;
}
