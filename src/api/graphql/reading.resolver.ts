import { Args, ArgsType, Context, Field, ID, InputType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, IsString, ValidateNested } from 'class-validator';
import type { Caller } from '../../access/caller.js';
import { Models } from '../../inference/models.js';
import { Readings } from '../../inference/readings.js';
import type { ReadingRow } from '../../inference/readings.sql.js';
import { ReadingConnection } from './graph-connections.js';
import { graphInstance, graphModel, graphReading, graphStudy } from './graph-forms.js';
import type { Loaders } from './loaders.js';
import { GraphModel } from './model-types.js';
import { globalId } from './node-id.js';
import { PageArguments, pageOf, rowPlaces, sliceOf, type Page } from './paging.js';
import { GraphReading, GraphReadingState } from './reading-types.js';
import { Requires } from './requires.js';
import { uidOf } from './series.resolver.js';
import { GraphInstance, GraphStudy } from './study-types.js';

@InputType('ReadingFilter', { description: 'Readings that meet all that is given' })
export class ReadingFilterInput {
  @Field(() => String, { nullable: true, description: 'Of instances of this study' })
  @IsOptional()
  @IsString()
  readonly studyInstanceUID?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the model' })
  @IsOptional()
  @IsString()
  readonly modelName?: string | null;

  @Field(() => String, { nullable: true, description: 'Version of the model' })
  @IsOptional()
  @IsString()
  readonly modelVersion?: string | null;

  @Field(() => GraphReadingState, { nullable: true, description: 'Whether it was read' })
  readonly state?: GraphReadingState | null;
}

@ArgsType()
class ReadingPageArguments extends PageArguments {
  @Field(() => ReadingFilterInput, { nullable: true, description: 'Which readings' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ReadingFilterInput)
  readonly filter?: ReadingFilterInput | null;
}

const PLACES = { places: rowPlaces('readings'), placeOfRow: ({ id }: ReadingRow) => id, node: graphReading };

/** Inference runs: one for each instance and model version. */
@Resolver(() => GraphReading)
export class ReadingResolver {
  constructor(
    private readonly readings: Readings,
    private readonly models: Models,
  ) {}

  @Query(() => ReadingConnection, { name: 'readings', nullable: true, description: 'What models made of instances, newest first' })
  @Requires('Observation', 'SEARCH')
  @Requires('ImagingStudy', 'SEARCH')
  async readingPage(
    @Args() { filter, ...page }: ReadingPageArguments,
    @Context('caller') caller: Caller,
  ): Promise<Page<Omit<GraphReading, 'id'>>> {
    const slice = sliceOf(page, PLACES.places);
    return pageOf(await this.readings.page(caller, filter ?? {}, slice), slice, PLACES);
  }

  @ResolveField(() => ID)
  async id(@Parent() { row, studyRow }: GraphReading, @Context('loaders') loaders: Loaders): Promise<string> {
    return globalId('Reading', await uidOf(loaders, studyRow), row);
  }

  @ResolveField(() => GraphModel, { nullable: true, description: 'The model, while this server has that version' })
  @Requires('Device', 'READ')
  model(@Parent() reading: GraphReading): GraphModel | null {
    const model = this.models.find(reading.modelName, reading.modelVersion);
    return model ? graphModel(model, this.models) : null;
  }

  @ResolveField(() => GraphInstance, { nullable: true, description: 'The image that was read, or was not' })
  @Requires('ImagingStudy', 'READ')
  async instance(
    @Parent() { studyRow, instanceRow }: GraphReading,
    @Context('loaders') loaders: Loaders,
  ): Promise<Omit<GraphInstance, 'id'> | null> {
    // Its study is open where it is: a reading may be, by a wider right, where that is not.
    const [study, instance] = await Promise.all([loaders.study.load(studyRow), loaders.instance.load(instanceRow)]);
    return study && instance ? graphInstance(instance) : null;
  }

  @ResolveField(() => GraphStudy, { nullable: true, description: 'The study of its instance' })
  @Requires('ImagingStudy', 'READ')
  async study(@Parent() { studyRow }: GraphReading, @Context('loaders') loaders: Loaders): Promise<GraphStudy | null> {
    const row = await loaders.study.load(studyRow);
    return row ? graphStudy(row) : null;
  }
}
