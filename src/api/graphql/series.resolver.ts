import { Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { graphInstance, graphReading, graphSeries, graphStudy } from './graph-forms.js';
import type { Loaders } from './loaders.js';
import { globalId } from './node-id.js';
import { GraphReading } from './reading-types.js';
import { Requires } from './requires.js';
import { GraphInstance, GraphSeries, GraphStudy } from './study-types.js';

/** The UID of the study at a row: a part of the ids of what lies in it. */
export const uidOf = async (loaders: Loaders, studyRow: number): Promise<string> =>
  (await loaders.study.load(studyRow))?.studyInstanceUID ?? '';

const studyAt = async (row: number, loaders: Loaders): Promise<GraphStudy | null> => {
  const study = await loaders.study.load(row);
  return study ? graphStudy(study) : null;
};

@Resolver(() => GraphSeries)
export class SeriesResolver {
  @ResolveField(() => ID)
  async id(@Parent() { studyRow, seriesInstanceUID }: GraphSeries, @Context('loaders') loaders: Loaders): Promise<string> {
    return globalId('Series', await uidOf(loaders, studyRow), seriesInstanceUID);
  }

  @ResolveField(() => GraphStudy, { nullable: true, description: 'The study that it is of' })
  @Requires('ImagingStudy', 'READ')
  study(@Parent() { studyRow }: GraphSeries, @Context('loaders') loaders: Loaders): Promise<GraphStudy | null> {
    return studyAt(studyRow, loaders);
  }

  @ResolveField(() => [GraphInstance], { description: 'Its instances, in the order of their numbers' })
  async instances(@Parent() series: GraphSeries, @Context('loaders') loaders: Loaders): Promise<Omit<GraphInstance, 'id'>[]> {
    return (await loaders.instancesOfSeries.load(series.row)).map(graphInstance);
  }
}

@Resolver(() => GraphInstance)
export class InstanceResolver {
  @ResolveField(() => ID)
  async id(@Parent() { studyRow, sopInstanceUID }: GraphInstance, @Context('loaders') loaders: Loaders): Promise<string> {
    return globalId('Instance', await uidOf(loaders, studyRow), sopInstanceUID);
  }

  @ResolveField(() => GraphSeries, { nullable: true, description: 'The series that it is of' })
  @Requires('ImagingStudy', 'READ')
  async series(
    @Parent() { studyRow, seriesRow }: GraphInstance,
    @Context('loaders') loaders: Loaders,
  ): Promise<Omit<GraphSeries, 'id'> | null> {
    const row = (await loaders.seriesOfStudy.load(studyRow)).find(({ id }) => id === seriesRow);
    return row ? graphSeries(row) : null;
  }

  @ResolveField(() => GraphStudy, { nullable: true, description: 'The study that it is of' })
  @Requires('ImagingStudy', 'READ')
  study(@Parent() { studyRow }: GraphInstance, @Context('loaders') loaders: Loaders): Promise<GraphStudy | null> {
    return studyAt(studyRow, loaders);
  }

  @ResolveField(() => [GraphReading], { nullable: true, description: 'What each model made of it, and why where it did not read it' })
  @Requires('Observation', 'READ')
  @Requires('ImagingStudy', 'READ')
  async readings(@Parent() instance: GraphInstance, @Context('loaders') loaders: Loaders): Promise<Omit<GraphReading, 'id'>[]> {
    return (await loaders.readingsOfInstance.load(instance.row)).map(graphReading);
  }
}
