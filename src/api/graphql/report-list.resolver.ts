import { Args, ArgsType, Context, Field, Info, InputType, Query, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, IsString, ValidateNested } from 'class-validator';
import type { GraphQLResolveInfo } from 'graphql';
import type { Caller } from '../../access/caller.js';
import { requireAll } from '../../access/permits.js';
import type { ReportFilter, ReportPlace } from '../../reporting/report-page.sql.js';
import { Reports } from '../../reporting/reports.js';
import { asksFor } from './asked-fields.js';
import { breath } from './breath.js';
import { instantOf } from './date-time.js';
import { ReportConnection } from './graph-connections.js';
import { graphReport } from './graph-forms.js';
import type { GraphContext, Loaders } from './loaders.js';
import { PageArguments, pageOf, sliceOf, type Page, type Places } from './paging.js';
import { GraphReport, GraphReportStatus, GraphVerdict } from './report-types.js';
import { Requires } from './requires.js';

@InputType('ReportFilter', { description: 'Reports that meet all that is given' })
export class ReportFilterInput {
  @Field(() => String, { nullable: true, description: 'Of this study' })
  @IsOptional()
  @IsString()
  readonly studyInstanceUID?: string | null;

  @Field(() => String, { nullable: true, description: 'Patient ID (0010,0020) of its study, the whole of it' })
  @IsOptional()
  @IsString()
  readonly patientID?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the model that made it' })
  @IsOptional()
  @IsString()
  readonly modelName?: string | null;

  @Field(() => String, { nullable: true, description: 'Version of the model that made it' })
  @IsOptional()
  @IsString()
  readonly modelVersion?: string | null;

  @Field(() => Date, { nullable: true, description: 'Issued then or later' })
  @IsOptional()
  readonly issuedSince?: Date | null;

  @Field(() => [GraphReportStatus], { nullable: true, description: 'One of these' })
  readonly statuses?: GraphReportStatus[] | null;

  @Field(() => GraphVerdict, { nullable: true, description: 'Of one of its findings' })
  readonly verdict?: GraphVerdict | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether its model’s own measure of doubt asks for a second look' })
  readonly refers?: boolean | null;
}

@ArgsType()
class ReportPageArguments extends PageArguments {
  @Field(() => ReportFilterInput, { nullable: true, description: 'Which reports' })
  @IsOptional()
  @ValidateNested()
  @Type(() => ReportFilterInput)
  readonly filter?: ReportFilterInput | null;
}

const REPORT_PLACES: Places<ReportPlace> = {
  list: 'reports',
  write: ({ issued, id }) => [issued.toISOString(), id],
  read: (key, id) => {
    const issued = instantOf(key);
    return issued && { issued, id };
  },
};
/** Where a page's Patients are asked for. */
const PATIENT = ['edges', 'node', 'patient'];
const PLACES = { places: REPORT_PLACES, placeOfRow: (row: ReportPlace) => row, node: graphReport };

/** Reports as they are found. */
@Resolver(() => GraphReport)
export class ReportListResolver {
  constructor(private readonly reports: Reports) {}

  @Query(() => ReportConnection, { name: 'reports', nullable: true, description: 'Issued reports, newest first' })
  @Requires('DiagnosticReport', 'SEARCH')
  async reportPage(
    @Args() { filter, ...page }: ReportPageArguments,
    @Context() { caller, pending }: GraphContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<GraphReport>> {
    const slice = sliceOf(page, REPORT_PLACES);
    const { rows, onRecord } = await this.reports.page(caller, checkedFilter(caller, filter ?? {}), slice, asksFor(info, PATIENT));
    pending.add(onRecord);
    await breath(); // so that its record is under way while the answer is made
    return pageOf(rows, slice, PLACES);
  }

  @Query(() => GraphReport, { nullable: true, description: 'A report by its id; null where there is none for the caller' })
  @Requires('DiagnosticReport', 'READ')
  async report(
    @Args('id', { description: 'Of the report: that of the FHIR DiagnosticReport' }) id: string,
    @Context('loaders') loaders: Loaders,
  ): Promise<GraphReport | null> {
    const row = await loaders.report.load(id);
    return row ? graphReport(row) : null;
  }
}

/** A filter looks through what the answer does not show, and asks for all of it, as a chained search does. Throws NotPermitted. */
function checkedFilter(caller: Caller, filter: ReportFilterInput): ReportFilter {
  const { verdict, refers, patientID } = filter;
  if (verdict != null || refers != null) requireAll(caller, ['Observation'], 's');
  if (patientID != null) requireAll(caller, ['Patient'], 's');
  return filter;
}
