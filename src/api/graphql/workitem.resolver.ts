import { Args, ArgsType, Context, Field, InputType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, IsString, ValidateNested } from 'class-validator';
import type { Caller } from '../../access/caller.js';
import { workitemKey, type WorkitemKey } from '../../worklist/workitem-keys.js';
import { Worklist, type ListedWorkitem } from '../../worklist/worklist.js';
import { WorkitemConnection } from './graph-connections.js';
import { graphStudy } from './graph-forms.js';
import { graphWorkitem } from './graph-workitem.js';
import type { Loaders } from './loaders.js';
import { PageArguments, pageOf, rowPlaces, sliceOf, type Page } from './paging.js';
import { Requires } from './requires.js';
import { GraphStudy } from './study-types.js';
import { GraphWorkitem, GraphWorkitemState } from './workitem-types.js';

@InputType('WorkitemFilter', {
  description:
    'Workitems that meet all that is given. Texts are matched as DICOMweb matches them: `*` stands for any characters, `?` for one (PS3.4 C.2.2.2.4)',
})
export class WorkitemFilterInput {
  @Field(() => GraphWorkitemState, { nullable: true, description: 'How far it has come' })
  readonly state?: GraphWorkitemState | null;

  @Field(() => String, { nullable: true, description: 'The worklist that it is on; `*` and `?` as above' })
  @IsOptional()
  @IsString()
  readonly worklistLabel?: string | null;

  @Field(() => String, { nullable: true, description: 'Patient ID (0010,0020); `*` and `?` as above' })
  @IsOptional()
  @IsString()
  readonly patientID?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of a human performer it is assigned to' })
  @IsOptional()
  @IsString()
  readonly performer?: string | null;

  @Field(() => String, { nullable: true, description: 'Of its input' })
  @IsOptional()
  @IsString()
  readonly studyInstanceUID?: string | null;
}

@ArgsType()
class WorkitemPageArguments extends PageArguments {
  @Field(() => WorkitemFilterInput, { nullable: true, description: 'Which workitems' })
  @IsOptional()
  @ValidateNested()
  @Type(() => WorkitemFilterInput)
  readonly filter?: WorkitemFilterInput | null;
}

/** The attribute that each member of a filter asks for (PS3.18 8.3.4.1). */
const ATTRIBUTES: Readonly<Record<keyof WorkitemFilterInput, string>> = {
  state: 'ProcedureStepState',
  worklistLabel: 'WorklistLabel',
  patientID: 'PatientID',
  performer: 'ScheduledHumanPerformersSequence.HumanPerformerCodeSequence.CodeValue',
  studyInstanceUID: 'InputInformationSequence.StudyInstanceUID',
};
const PLACES = { places: rowPlaces('workitems'), placeOfRow: ({ id }: ListedWorkitem) => id, node: graphWorkitem };

/** The worklist: workitems of UPS (PS3.4 Annex CC). */
@Resolver(() => GraphWorkitem)
export class WorkitemResolver {
  constructor(private readonly worklist: Worklist) {}

  @Query(() => WorkitemConnection, { name: 'workitems', nullable: true, description: 'The worklist, oldest first' })
  @Requires('Task', 'SEARCH')
  async workitemPage(@Args() { filter, ...page }: WorkitemPageArguments, @Context('caller') caller: Caller): Promise<Page<GraphWorkitem>> {
    const slice = sliceOf(page, PLACES.places);
    return pageOf(await this.worklist.page(caller, keysOf(filter ?? {}), slice, filter ?? {}), slice, PLACES);
  }

  @ResolveField(() => GraphStudy, { nullable: true, description: 'The study that it works on, where it is in this archive' })
  @Requires('ImagingStudy', 'READ')
  async study(@Parent() { studyInstanceUID }: GraphWorkitem, @Context('loaders') loaders: Loaders): Promise<GraphStudy | null> {
    const row = studyInstanceUID === null ? undefined : await loaders.studyByUid.load(studyInstanceUID);
    return row ? graphStudy(row) : null;
  }
}

const keysOf = (filter: WorkitemFilterInput): WorkitemKey[] =>
  Object.entries(ATTRIBUTES).flatMap(([member, attribute]) => {
    const value = filter[member as keyof WorkitemFilterInput];
    return value == null ? [] : [workitemKey(attribute, value)];
  });
