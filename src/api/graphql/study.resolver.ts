import { Args, ArgsType, Context, Field, InputType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, IsString, ValidateBy, ValidateNested } from 'class-validator';
import type { Caller } from '../../access/caller.js';
import { imagingStudyId } from '../../archive/fhir/imaging-study.js';
import { Studies } from '../../archive/studies.js';
import type { StudySummary } from '../../archive/studies.sql.js';
import { isDay } from './date-time.js';
import { StudyConnection } from './graph-connections.js';
import { graphPatient, graphReport, graphSeries, graphStudy } from './graph-forms.js';
import type { Loaders } from './loaders.js';
import { PageArguments, pageOf, rowPlaces, sliceOf, type Page } from './paging.js';
import { GraphNote, GraphPatient } from './patient-types.js';
import { GraphReport } from './report-types.js';
import { Requires } from './requires.js';
import { GraphSeries, GraphStudy } from './study-types.js';

/** A day as DA has it (PS3.5 6.2), and as the calendar does. */
const IsDay = () => ValidateBy({ name: 'isDay', validator: { validate: (text) => typeof text === 'string' && isDay(text) } });

@InputType('StudyFilter', { description: 'Studies that meet all that is given' })
export class StudyFilterInput {
  @Field(() => String, { nullable: true, description: 'Patient ID (0010,0020), the whole of it' })
  @IsOptional()
  @IsString()
  readonly patientID?: string | null;

  @Field(() => String, { nullable: true, description: 'Accession Number (0008,0050), the whole of it' })
  @IsOptional()
  @IsString()
  readonly accessionNumber?: string | null;

  @Field(() => String, { nullable: true, description: 'Of one of its series' })
  @IsOptional()
  @IsString()
  readonly modality?: string | null;

  @Field(() => String, { nullable: true, description: 'Study Date from this day on, YYYYMMDD' })
  @IsOptional()
  @IsDay()
  readonly fromDate?: string | null;

  @Field(() => String, { nullable: true, description: 'Study Date up to this day, YYYYMMDD' })
  @IsOptional()
  @IsDay()
  readonly toDate?: string | null;

  @Field(() => String, { nullable: true, description: 'Somewhere in the patient’s name or the study’s description, whatever the case' })
  @IsOptional()
  @IsString()
  readonly text?: string | null;
}

@ArgsType()
class StudyPageArguments extends PageArguments {
  @Field(() => StudyFilterInput, { nullable: true, description: 'Which studies' })
  @IsOptional()
  @ValidateNested()
  @Type(() => StudyFilterInput)
  readonly filter?: StudyFilterInput | null;
}

const PLACES = { places: rowPlaces('studies'), placeOfRow: ({ id }: StudySummary) => id, node: graphStudy };

@Resolver(() => GraphStudy)
export class StudyResolver {
  constructor(private readonly studies: Studies) {}

  @Query(() => GraphStudy, { nullable: true, description: 'A study by its UID; null where there is none for the caller' })
  @Requires('ImagingStudy', 'READ')
  async study(
    @Args('studyInstanceUID', { description: 'Study Instance UID (0020,000D)' }) studyInstanceUID: string,
    @Context('loaders') loaders: Loaders,
  ): Promise<GraphStudy | null> {
    const row = await loaders.studyByUid.load(studyInstanceUID);
    return row ? graphStudy(row) : null;
  }

  @Query(() => StudyConnection, { name: 'studies', nullable: true, description: 'Studies, newest first' })
  @Requires('ImagingStudy', 'SEARCH')
  async studyPage(@Args() { filter, ...page }: StudyPageArguments, @Context('caller') caller: Caller): Promise<Page<GraphStudy>> {
    const slice = sliceOf(page, PLACES.places);
    return pageOf(await this.studies.page(caller, filter ?? {}, slice), slice, PLACES);
  }

  @ResolveField(() => [GraphSeries], { description: 'Its series, in the order of their numbers' })
  async series(@Parent() study: GraphStudy, @Context('loaders') loaders: Loaders): Promise<Omit<GraphSeries, 'id'>[]> {
    return (await loaders.seriesOfStudy.load(study.row)).map(graphSeries);
  }

  @ResolveField(() => [GraphReport], { nullable: true, description: 'Those that were issued of it' })
  @Requires('DiagnosticReport', 'SEARCH')
  async reports(@Parent() study: GraphStudy, @Context('loaders') loaders: Loaders): Promise<GraphReport[]> {
    return (await loaders.reportsOfStudy.load(study.row)).map(graphReport);
  }

  @ResolveField(() => GraphPatient, { nullable: true, description: 'Whom it is of; null for the moment until the FHIR Patient is there' })
  @Requires('Patient', 'READ')
  async patient(@Parent() { patientId }: GraphStudy, @Context('loaders') loaders: Loaders): Promise<GraphPatient | null> {
    const patient = await loaders.patient.load(patientId);
    return patient ? graphPatient(patient) : null;
  }

  @ResolveField(() => [GraphNote], { nullable: true, description: 'What people noted of it, oldest first' })
  @Requires('Observation', 'SEARCH')
  notes(@Parent() { studyInstanceUID }: GraphStudy, @Context('loaders') loaders: Loaders): Promise<GraphNote[]> {
    return loaders.notesAbout.load(`ImagingStudy/${imagingStudyId(studyInstanceUID)}`);
  }
}
