import { Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { graphInstance, graphReading } from './graph-forms.js';
import type { Loaders } from './loaders.js';
import { globalId } from './node-id.js';
import { GraphReading } from './reading-types.js';
import { Requires } from './requires.js';
import { GraphInstance, GraphSeries } from './study-types.js';

/** The UID of the study at a row: a part of the ids of what lies in it. */
export const uidOf = async (loaders: Loaders, studyRow: number): Promise<string> =>
  (await loaders.study.load(studyRow))?.studyInstanceUID ?? '';

@Resolver(() => GraphSeries)
export class SeriesResolver {
  @ResolveField(() => ID)
  async id(@Parent() { studyRow, seriesInstanceUID }: GraphSeries, @Context('loaders') loaders: Loaders): Promise<string> {
    return globalId('Series', await uidOf(loaders, studyRow), seriesInstanceUID);
  }

  @ResolveField(() => [GraphInstance])
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

  @ResolveField(() => [GraphReading], { nullable: true, description: 'What each model made of it, and why where it did not read it' })
  @Requires('Observation', 'READ')
  @Requires('ImagingStudy', 'READ')
  async readings(@Parent() instance: GraphInstance, @Context('loaders') loaders: Loaders): Promise<Omit<GraphReading, 'id'>[]> {
    return (await loaders.readingsOfInstance.load(instance.row)).map(graphReading);
  }
}
