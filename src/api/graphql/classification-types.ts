import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType('ClassificationGround', { description: 'Why a suggestion says what it says' })
export class GraphGround {
  @Field({ description: 'The rule, in words' })
  readonly rule!: string;

  @Field({ description: 'Where it is printed' })
  readonly citation!: string;

  @Field(() => [String], { description: 'Names of the facts that it was answered from' })
  readonly facts!: readonly string[];
}

const GROUNDS = { description: 'The rules that gave it, with their citations' };

@ObjectType('ImdrfSuggestion', { description: 'Category of risk (IMDRF N12 7.2)' })
export class GraphImdrf {
  @Field(() => String, { nullable: true, description: 'I to IV; null where an axis is not given or the purpose is not medical' })
  readonly category!: string | null;

  @Field(() => [GraphGround], GROUNDS)
  readonly grounds!: readonly GraphGround[];
}

@ObjectType('MdrSuggestion', { description: 'Qualification and class (Regulation (EU) 2017/745, Annex VIII)' })
export class GraphMdr {
  @Field({ description: 'Whether it is a medical device at all' })
  readonly qualifies!: boolean;

  @Field(() => String, { nullable: true, description: 'Null where it is none, or where facts are missing' })
  readonly class!: string | null;

  @Field(() => String, { nullable: true, description: 'The rule that gave the class' })
  readonly subRule!: string | null;

  @Field(() => String, { nullable: true, description: 'What the indicative table of MDCG 2019-11 says beside it' })
  readonly tableClass!: string | null;

  @Field({ description: 'The legal text and the table differ: that needs a written justification' })
  readonly tableConflict!: boolean;

  @Field(() => Boolean, { nullable: true, description: 'Whether a notified body takes part; null where the class is open' })
  readonly notifiedBody!: boolean | null;

  @Field(() => [String], { description: 'Names of the facts without which the class is open' })
  readonly missing!: readonly string[];

  @Field(() => [GraphGround], GROUNDS)
  readonly grounds!: readonly GraphGround[];
}

@ObjectType('SafetyClassSuggestion', { description: 'Software safety class (IEC 62304:2006+A1:2015 4.3 a)' })
export class GraphSafetyClass {
  @Field({ description: 'A, B or C' })
  readonly class!: string;

  @Field(() => [GraphGround], GROUNDS)
  readonly grounds!: readonly GraphGround[];
}

@ObjectType('FdaSuggestion', { description: 'Class and way to market in the United States' })
export class GraphFda {
  @Field({ description: 'Whether it is a device there' })
  readonly device!: boolean;

  @Field(() => String, { nullable: true, description: 'I, II or III' })
  readonly class!: string | null;

  @Field(() => String, { nullable: true, description: 'Classification regulation, where one is known for the function' })
  readonly regulation!: string | null;

  @Field(() => [String], { description: 'Product codes of the regulation' })
  readonly productCodes!: readonly string[];

  @Field({ description: 'none, non-device CDS, 510(k), De Novo or PMA' })
  readonly pathway!: string;

  @Field(() => String, { nullable: true, description: 'Basic or Enhanced software documentation' })
  readonly documentationLevel!: string | null;

  @Field(() => [GraphGround], GROUNDS)
  readonly grounds!: readonly GraphGround[];
}

@ObjectType('AiActSuggestion', { description: 'Risk under Regulation (EU) 2024/1689' })
export class GraphAiAct {
  @Field(() => Boolean, { nullable: true, description: 'Null where the class under the MDR is open' })
  readonly highRisk!: boolean | null;

  @Field(() => [GraphGround], GROUNDS)
  readonly grounds!: readonly GraphGround[];
}

@ObjectType('Classification', { description: 'What the rules suggest of a device; the record is the human decision' })
export class GraphClassification {
  @Field({ description: 'Day up to which the rules were read' })
  readonly rulesAsOf!: string;

  @Field({ description: 'What must stand beside every suggestion that a person is shown' })
  readonly disclaimer!: string;

  @Field({ description: 'IMDRF' })
  readonly imdrf!: GraphImdrf;

  @Field({ description: 'European Union' })
  readonly mdr!: GraphMdr;

  @Field({ description: 'IEC 62304' })
  readonly iec62304!: GraphSafetyClass;

  @Field({ description: 'United States' })
  readonly fda!: GraphFda;

  @Field({ description: 'AI Act' })
  readonly aiAct!: GraphAiAct;
}
