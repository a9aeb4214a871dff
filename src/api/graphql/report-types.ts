import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { GraphNode } from './node-type.js';
import { GraphPatient } from './patient-types.js';
import { Requires } from './requires.js';

export enum GraphReportStatus {
  PRELIMINARY = 'preliminary',
  FINAL = 'final',
  AMENDED = 'amended',
  CANCELLED = 'cancelled',
  ENTERED_IN_ERROR = 'entered-in-error',
}
registerEnumType(GraphReportStatus, {
  name: 'ReportStatus',
  description: 'Whether a person answers for a report: DiagnosticReport.status',
  valuesMap: {
    PRELIMINARY: { description: 'No person has reviewed it' },
    FINAL: { description: 'A person accepted it' },
    AMENDED: { description: 'A person changed it' },
    CANCELLED: { description: 'A person rejected it' },
    ENTERED_IN_ERROR: { description: 'It should not have been: its study is of somebody else, say' },
  },
});

export enum GraphVerdict {
  PRESENT = 'present',
  SECOND_LOOK = 'second-look',
  ABSENT = 'absent',
}
registerEnumType(GraphVerdict, {
  name: 'FindingVerdict',
  description: 'What is said of a thing that a model looks for',
  valuesMap: {
    PRESENT: { description: 'Its probability reaches the operating threshold, or a reviewer calls it so' },
    SECOND_LOOK: { description: 'The model doubts: a person should look' },
    ABSENT: { description: 'Its probability is below the operating threshold, or a reviewer calls it so' },
  },
});

@ObjectType('Finding', {
  implements: () => [GraphNode],
  description: 'What a model says of one thing that it looks for, as a FHIR Observation has it',
})
export class GraphFinding extends GraphNode {
  @Field({ description: 'What was looked for, as the model’s card names it' })
  readonly label!: string;

  @Field({ description: 'Code of the finding' })
  readonly code!: string;

  @Field({ description: 'Its code system (URI)' })
  readonly system!: string;

  @Field(() => Float, { description: '0 to 1' })
  readonly probability!: number;

  @Field(() => Float, { nullable: true, description: 'Confidence of the model, 0 to 1, where it gives one' })
  readonly confidence!: number | null;

  @Field(() => Float, { nullable: true, description: 'Uncertainty of the model, as its card defines it, where it gives one' })
  readonly uncertainty!: number | null;

  @Field(() => Float, { description: 'Probability from which it is called present' })
  readonly operatingThreshold!: number;

  @Field(() => GraphVerdict, { description: 'What the probability comes to, or what a reviewer calls it' })
  readonly verdict!: GraphVerdict;

  @Field({ description: 'The image it stands on' })
  readonly sopInstanceUID!: string;

  @Field({ description: 'Execution provider that the model ran on' })
  readonly provider!: string;
}

/** Its id is made of its report's where it is asked for. */
export interface ListedFinding extends Omit<GraphFinding, 'id'> {
  readonly reportId: string;
}

@ObjectType('Report', {
  implements: () => [GraphNode],
  description: 'What one model version says of a study, and what people made of it: a FHIR DiagnosticReport',
})
export class GraphReport extends GraphNode {
  readonly studyRow!: number;
  /** Of the FHIR Patient. */
  readonly patientId!: string | null;

  @Field({ description: 'Of the model that made it, whether this server still has it or not' })
  readonly modelName!: string;

  @Field({ description: 'Version of the model that made it' })
  readonly modelVersion!: string;

  @Field(() => ID, { description: 'Also the id of the FHIR DiagnosticReport' })
  declare readonly id: string;

  @Field(() => GraphReportStatus, { description: 'Preliminary, until a person reviews it' })
  readonly status!: GraphReportStatus;

  @Field(() => Int, { description: 'Of what the model says; reviews do not count' })
  readonly version!: number;

  @Field({ description: 'When the model’s version of it was issued' })
  readonly issued!: Date;

  @Field(() => Date, { nullable: true, description: 'When a person last reviewed it' })
  readonly reviewed!: Date | null;

  @Field({ description: 'What it comes to, in words' })
  readonly conclusion!: string;

  /** All of them: the field gives those that are open to the caller (direct-fields.ts). */
  @Field(() => [GraphFinding], { nullable: true, description: 'Those whose Observation the caller may read' })
  @Requires('Observation', 'READ')
  readonly findings!: readonly ListedFinding[];

  /** Where it came along; else the field looks for it. */
  @Field(() => GraphPatient, { nullable: true, description: 'Whom its study is of, unless that was deleted from the archive' })
  @Requires('Patient', 'READ')
  readonly patient?: GraphPatient | null;
}

export enum GraphDecision {
  ACCEPT = 'accept',
  AMEND = 'amend',
  REJECT = 'reject',
}
registerEnumType(GraphDecision, {
  name: 'ReviewDecision',
  description: 'What a person decides of a report that they have read',
  valuesMap: {
    ACCEPT: { description: 'It is final as it is' },
    AMEND: { description: 'It is changed, with a reason' },
    REJECT: { description: 'It is cancelled, with a reason' },
  },
});

/** A person's decision on a report, as its Provenance holds it. */
@ObjectType('Review', { description: 'A person’s decision on a report, as its Provenance holds it' })
export class GraphReview {
  @Field(() => GraphDecision, { description: 'What was decided' })
  readonly decision!: GraphDecision;

  @Field({ description: 'When it was signed' })
  readonly time!: Date;

  @Field({ description: 'Reference of the Practitioner or PractitionerRole who signed' })
  readonly reviewer!: string;

  @Field(() => String, { nullable: true, description: 'Reference of the Organization that they signed for' })
  readonly onBehalfOf!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was amended or rejected' })
  readonly reason!: string | null;

  @Field(() => ID, { description: 'Of the FHIR Provenance, with the signature' })
  readonly provenanceId!: string;
}
