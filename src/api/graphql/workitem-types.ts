import { Field, Float, ObjectType, registerEnumType } from '@nestjs/graphql';
import { GraphNode } from './node-type.js';

export enum GraphWorkitemState {
  SCHEDULED = 'SCHEDULED',
  IN_PROGRESS = 'IN PROGRESS',
  COMPLETED = 'COMPLETED',
  CANCELED = 'CANCELED',
}
registerEnumType(GraphWorkitemState, {
  name: 'WorkitemState',
  description: 'Procedure Step State (0074,1000)',
  valuesMap: {
    SCHEDULED: { description: 'Nobody has taken it' },
    IN_PROGRESS: { description: 'Somebody has taken it' },
    COMPLETED: { description: 'It is done' },
    CANCELED: { description: 'It will not be done, or not to its end' },
  },
});

export enum GraphPriority {
  HIGH = 'HIGH',
  MEDIUM = 'MEDIUM',
  LOW = 'LOW',
}
registerEnumType(GraphPriority, {
  name: 'WorkitemPriority',
  description: 'Scheduled Procedure Step Priority (0074,1200)',
  valuesMap: {
    HIGH: { description: 'Before all others' },
    MEDIUM: { description: 'As most are' },
    LOW: { description: 'When there is time' },
  },
});

export enum GraphReadiness {
  READY = 'READY',
  INCOMPLETE = 'INCOMPLETE',
  UNAVAILABLE = 'UNAVAILABLE',
}
registerEnumType(GraphReadiness, {
  name: 'WorkitemReadiness',
  description: 'Input Readiness State (0040,4041)',
  valuesMap: {
    READY: { description: 'All that it needs is there' },
    INCOMPLETE: { description: 'Some of it may be there, and more is to come' },
    UNAVAILABLE: { description: 'None of it is there' },
  },
});

/** Who is to perform a workitem (Scheduled Human Performers Sequence, 0040,4034). */
@ObjectType('WorkitemPerformer', { description: 'Who is to perform a workitem (Scheduled Human Performers Sequence, 0040,4034)' })
export class GraphPerformer {
  @Field({ description: 'Code of the performer' })
  readonly code!: string;

  @Field({ description: 'Coding scheme designator of the code' })
  readonly scheme!: string;

  @Field({ description: 'What the code means' })
  readonly meaning!: string;

  @Field(() => String, { nullable: true, description: 'Name: Family^Given' })
  readonly name!: string | null;

  @Field(() => String, { nullable: true, description: 'Organisation of the performer' })
  readonly organization!: string | null;
}

/** A workitem of the worklist (UPS, PS3.4 Annex CC). */
@ObjectType('Workitem', { implements: () => [GraphNode], description: 'A workitem of the worklist (UPS, PS3.4 Annex CC)' })
export class GraphWorkitem extends GraphNode {
  readonly row!: number;

  /** Of what it is about. */
  readonly studyInstanceUID!: string | null;

  @Field({ description: 'SOP Instance UID of the workitem' })
  readonly workitemUID!: string;

  @Field(() => GraphWorkitemState, { description: 'How far it has come' })
  readonly state!: GraphWorkitemState;

  @Field(() => GraphPriority, { nullable: true, description: 'How soon it is to be done; null where it says nothing that DICOM knows' })
  readonly priority!: GraphPriority | null;

  @Field(() => GraphReadiness, {
    nullable: true,
    description: 'Whether what it needs is there; null where it says nothing that DICOM knows',
  })
  readonly readiness!: GraphReadiness | null;

  @Field({ description: 'Procedure Step Label' })
  readonly label!: string;

  @Field({ description: 'The worklist that it is on' })
  readonly worklistLabel!: string;

  @Field({ description: 'When it is to begin: DT (PS3.5 6.2), as received' })
  readonly scheduledStart!: string;

  @Field(() => String, { nullable: true, description: 'Patient ID (0010,0020)' })
  readonly patientID!: string | null;

  @Field(() => String, { nullable: true, description: 'Alphabetic component group' })
  readonly patientName!: string | null;

  @Field(() => String, { nullable: true, description: 'Accession Number (0008,0050) of the request it came of' })
  readonly accessionNumber!: string | null;

  @Field(() => [GraphPerformer], { description: 'Who is to perform it' })
  readonly performers!: readonly GraphPerformer[];

  @Field(() => Float, { nullable: true, description: 'Per cent, as its performer told' })
  readonly progress!: number | null;
}
