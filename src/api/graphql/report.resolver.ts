import { Args, Context, Field, InputType, Int, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { IsOptional, IsString } from 'class-validator';
import { Models } from '../../inference/models.js';
import { Reports } from '../../reporting/reports.js';
import type { ReportFilter } from '../../reporting/reports.sql.js';
import { WorkQueue } from '../../work/work-queue.js';
import type { Caller } from '../../access/caller.js';
import { BadGraphArgument, searchable } from './faults.js';
import { graphModel, graphReading, graphReport, graphStudy } from './graph-forms.js';
import { GraphModel, GraphReading, GraphReport, GraphStudy } from './graph-types.js';
import { ReportConnection } from './graph-connections.js';
import { issuedReports } from './issued-reports.js';
import type { GraphContext, Loaders } from './loaders.js';
import { cursorOf, pageSize, placeAfter } from './paging.js';

@InputType('ReportFilter')
export class ReportFilterInput {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString()
  readonly studyInstanceUID?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString()
  readonly patientID?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @IsString()
  readonly modelName?: string | null;

  @Field(() => Date, { nullable: true })
  @IsOptional()
  readonly issuedSince?: Date | null;
}

@Resolver(() => GraphReport)
export class ReportResolver {
  constructor(
    private readonly reports: Reports,
    private readonly models: Models,
    private readonly queue: WorkQueue,
  ) {}

  @Query(() => ReportConnection, { name: 'reports', description: 'Issued reports, newest first' })
  async reportPage(
    @Args('filter', { nullable: true, type: () => ReportFilterInput }) filter: ReportFilterInput | undefined,
    @Args('first', { nullable: true, type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { nullable: true, type: () => String }) after: string | undefined,
    @Context('caller') caller: Caller,
  ): Promise<ReportConnection> {
    const size = pageSize(first);
    const place = placeAfter(after);
    const issued = place === undefined ? undefined : new Date(place.key);
    if (issued && Number.isNaN(issued.getTime())) throw new BadGraphArgument('after', 'is no cursor of this list');
    const rows = await this.reports.page(caller, checkedFilter(filter), issued && place ? { issued, id: place.id } : undefined, size + 1);
    const edges = rows.slice(0, size).map((row) => ({ cursor: cursorOf(row.issued.toISOString(), row.id), node: graphReport(row) }));
    return { edges, pageInfo: { hasNextPage: rows.length > size, endCursor: edges.at(-1)?.cursor ?? null } };
  }

  @Query(() => GraphReport, { nullable: true })
  async report(@Args('id') id: string, @Context('caller') caller: Caller): Promise<GraphReport | null> {
    const row = await this.reports.read(caller, searchable('id', id));
    return row ? graphReport(row) : null;
  }

  @ResolveField(() => GraphStudy, { nullable: true, description: 'The study it is of, unless that was deleted from the archive' })
  async study(@Parent() report: GraphReport, @Context('loaders') loaders: Loaders): Promise<GraphStudy | null> {
    const row = await loaders.study.load(report.studyRow);
    return row ? graphStudy(row) : null;
  }

  @ResolveField(() => GraphModel, { nullable: true, description: 'The model that made it, while this server has that version' })
  model(@Parent() report: GraphReport): GraphModel | null {
    const model = this.models.find(report.modelName, report.modelVersion);
    return model ? graphModel(model, this.models) : null;
  }

  @ResolveField(() => [GraphReading], { description: 'The readings of the images it stands on' })
  async readings(@Parent() report: GraphReport, @Context('loaders') loaders: Loaders): Promise<GraphReading[]> {
    const all = await loaders.readingsOfStudy.load(report.studyRow);
    return all.filter((one) => one.modelName === report.modelName && one.modelVersion === report.modelVersion).map(graphReading);
  }

  @Subscription(() => GraphReport, { resolve: issuedNow, description: 'Each report version as it is issued' })
  reportIssued(@Context('caller') caller: Caller): AsyncIterableIterator<GraphReport> {
    return issuedReports(this.queue, this.reports, caller);
  }
}

function checkedFilter({ issuedSince, ...texts }: ReportFilterInput = {}): ReportFilter {
  if (issuedSince && Number.isNaN(issuedSince.getTime())) throw new BadGraphArgument('filter', 'has a time that is none'); // the scalar takes any text
  for (const text of Object.values(texts)) searchable('filter', text);
  return { ...texts, issuedSince };
}

function issuedNow(report: GraphReport, _arguments: unknown, context: GraphContext): GraphReport {
  context.forget();
  return report;
}
