import { Args, Context, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Studies } from '../../archive/studies.js';
import { Models } from '../../inference/models.js';
import type { Caller } from '../../access/caller.js';
import { graphInstance, graphModel, graphReading, graphReport, graphSeries, graphStudy } from './graph-forms.js';
import { GraphInstance, GraphModel, GraphReading, GraphReport, GraphSeries, GraphStudy } from './graph-types.js';
import { StudyConnection } from './graph-connections.js';
import { BadGraphArgument, searchable } from './faults.js';
import type { Loaders } from './loaders.js';
import { cursorOf, pageSize, placeAfter } from './paging.js';

@Resolver(() => GraphStudy)
export class StudyResolver {
  constructor(
    private readonly studies: Studies,
    private readonly models: Models,
  ) {}

  @Query(() => GraphStudy, { nullable: true })
  async study(@Args('studyInstanceUID') studyInstanceUID: string, @Context('caller') caller: Caller): Promise<GraphStudy | null> {
    const row = await this.studies.byUid(caller, searchable('studyInstanceUID', studyInstanceUID));
    return row ? graphStudy(row) : null;
  }

  @Query(() => StudyConnection, { name: 'studies', description: 'Studies, newest first' })
  async studyPage(
    @Args('first', { nullable: true, type: () => Int, defaultValue: 20 }) first: number,
    @Args('after', { nullable: true, type: () => String }) after: string | undefined,
    @Context('caller') caller: Caller,
  ): Promise<StudyConnection> {
    const size = pageSize(first);
    const place = placeAfter(after);
    if (place && !/^\d{1,15}$/.test(place.key)) throw new BadGraphArgument('after', 'is no cursor of this list');
    const rows = await this.studies.page(caller, place ? Number(place.key) : undefined, size + 1);
    const edges = rows.slice(0, size).map((row) => ({ cursor: cursorOf(String(row.id), ''), node: graphStudy(row) }));
    return { edges, pageInfo: { hasNextPage: rows.length > size, endCursor: edges.at(-1)?.cursor ?? null } };
  }

  @Query(() => [GraphModel], { name: 'models', description: 'The models this server reads with' })
  loadedModels(): GraphModel[] {
    return this.models.loaded.map((model) => graphModel(model, this.models));
  }

  @ResolveField(() => [GraphSeries])
  async series(@Parent() study: GraphStudy, @Context('loaders') loaders: Loaders): Promise<GraphSeries[]> {
    return (await loaders.seriesOfStudy.load(study.row)).map(graphSeries);
  }

  @ResolveField(() => [GraphReport])
  async reports(@Parent() study: GraphStudy, @Context('loaders') loaders: Loaders): Promise<GraphReport[]> {
    return (await loaders.reportsOfStudy.load(study.row)).map(graphReport);
  }
}

@Resolver(() => GraphSeries)
export class SeriesResolver {
  @ResolveField(() => [GraphInstance])
  async instances(@Parent() series: GraphSeries, @Context('loaders') loaders: Loaders): Promise<GraphInstance[]> {
    return (await loaders.instancesOfSeries.load(series.row)).map(graphInstance);
  }
}

@Resolver(() => GraphInstance)
export class InstanceResolver {
  @ResolveField(() => [GraphReading], { description: 'What each model made of it, and why where it did not read it' })
  async readings(@Parent() instance: GraphInstance, @Context('loaders') loaders: Loaders): Promise<GraphReading[]> {
    const all = await loaders.readingsOfStudy.load(instance.studyRow);
    return all.filter(({ instanceRow }) => instanceRow === instance.row).map(graphReading);
  }
}

@Resolver(() => GraphReading)
export class ReadingResolver {
  constructor(private readonly models: Models) {}

  @ResolveField(() => GraphModel, { nullable: true, description: 'The model, while this server has that version' })
  model(@Parent() reading: GraphReading): GraphModel | null {
    const model = this.models.find(reading.modelName, reading.modelVersion);
    return model ? graphModel(model, this.models) : null;
  }
}
