import { Field, ID, ObjectType } from '@nestjs/graphql';

@ObjectType('PatientIdentifier', { description: 'A number that a patient is known by' })
export class GraphIdentifier {
  @Field(() => String, { nullable: true, description: 'Who gave the number (URI)' })
  readonly system!: string | null;

  @Field({ description: 'The number' })
  readonly value!: string;
}

/** Whom a study is of, as the FHIR Patient says it. */
@ObjectType('Patient', { description: 'Whom a study is of, as the FHIR Patient says it' })
export class GraphPatient {
  @Field(() => ID, { description: 'Of the FHIR Patient' })
  readonly id!: string;

  @Field(() => String, { nullable: true, description: 'As it is written: the first name that the Patient has' })
  readonly name!: string | null;

  @Field(() => [GraphIdentifier], { description: 'Numbers that the patient is known by' })
  readonly identifiers!: readonly GraphIdentifier[];

  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD, or a part of it' })
  readonly birthDate!: string | null;

  @Field({ description: 'male, female, other or unknown' })
  readonly gender!: string;
}

/** What a person noted of a study or a report. */
@ObjectType('Note', { description: 'What a person noted of a study or a report' })
export class GraphNote {
  @Field(() => ID, { description: 'Of the FHIR Observation (LOINC 48767-8) that holds it' })
  readonly id!: string;

  @Field({ description: 'What was noted' })
  readonly text!: string;

  @Field({ description: 'When it was noted' })
  readonly time!: Date;

  @Field(() => String, { nullable: true, description: 'Reference of who noted it, where they are known as a FHIR resource' })
  readonly author!: string | null;
}
