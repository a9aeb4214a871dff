import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum GraphStage {
  RECEIVED = 'received',
  QUEUED = 'queued',
  READING = 'reading',
  PRELIMINARY = 'preliminary',
  FINAL = 'final',
  NOT_READ = 'not-read',
  FAILED = 'failed',
  WITHDRAWN = 'withdrawn',
}
registerEnumType(GraphStage, {
  name: 'StudyStage',
  description: 'How far a study has come',
  valuesMap: {
    RECEIVED: { description: 'Its first instance is stored' },
    QUEUED: { description: 'It waits to be read' },
    READING: { description: 'Models read it, or what they found is being written' },
    PRELIMINARY: { description: 'There is a report that nobody has reviewed' },
    FINAL: { description: 'A person answers for its reports' },
    NOT_READ: { description: 'No model took any of it' },
    FAILED: { description: 'Reading it was given up' },
    WITHDRAWN: { description: 'Its reports were rejected' },
  },
});

@ObjectType('StudyProgress', { description: 'A stage that a study has come to' })
export class GraphProgress {
  @Field({ description: 'Study Instance UID (0020,000D)' })
  readonly studyInstanceUID!: string;

  @Field(() => GraphStage, { description: 'The stage that it has come to' })
  readonly stage!: GraphStage;

  @Field({ description: 'When it was noticed' })
  readonly time!: Date;
}
