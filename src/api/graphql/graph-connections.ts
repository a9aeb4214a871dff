import { Field, ObjectType } from '@nestjs/graphql';
import { GraphReport, GraphStudy } from './graph-types.js';

@ObjectType('PageInfo')
export class PageInfo {
  @Field()
  readonly hasNextPage!: boolean;

  @Field(() => String, { nullable: true })
  readonly endCursor!: string | null;
}

@ObjectType('ReportEdge')
export class ReportEdge {
  @Field()
  readonly cursor!: string;

  @Field(() => GraphReport)
  readonly node!: GraphReport;
}

@ObjectType('ReportConnection')
export class ReportConnection {
  @Field(() => [ReportEdge])
  readonly edges!: readonly ReportEdge[];

  @Field(() => PageInfo)
  readonly pageInfo!: PageInfo;
}

@ObjectType('StudyEdge')
export class StudyEdge {
  @Field()
  readonly cursor!: string;

  @Field(() => GraphStudy)
  readonly node!: GraphStudy;
}

@ObjectType('StudyConnection')
export class StudyConnection {
  @Field(() => [StudyEdge])
  readonly edges!: readonly StudyEdge[];

  @Field(() => PageInfo)
  readonly pageInfo!: PageInfo;
}
