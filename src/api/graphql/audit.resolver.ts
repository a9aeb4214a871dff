import { Args, ArgsType, Context, Field, Query, Resolver } from '@nestjs/graphql';
import type { Caller } from '../../access/caller.js';
import { imagingStudyId } from '../../archive/fhir/imaging-study.js';
import { Studies } from '../../archive/studies.js';
import type { StudySummary } from '../../archive/studies.sql.js';
import { StudyAbsent } from '../../inference/faults.js';
import { RecordsAbout, type Entities } from '../../ledger/records-about.js';
import type { RecordedEvent } from '../../ledger/records-about.sql.js';
import { RecordAbsent } from '../../records/faults.js';
import { Reports } from '../../reporting/reports.js';
import { requireAudit } from '../../ledger/audit/audit-rights.js';
import { GraphAuditRecord } from './audit-types.js';
import { BadGraphArgument } from './faults.js';
import { AuditConnection } from './graph-connections.js';
import { graphAuditRecord } from './graph-forms.js';
import type { Loaders } from './loaders.js';
import { PageArguments, pageOf, rowPlaces, sliceOf, type Page } from './paging.js';
import { Requires } from './requires.js';

@ArgsType()
class AuditArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'The study that the records are about; this or `reportId`' })
  readonly studyInstanceUID?: string | null;

  @Field(() => String, { nullable: true, description: 'The report that the records are about; this or `studyInstanceUID`' })
  readonly reportId?: string | null;
}

const PLACES = { places: rowPlaces('audit'), placeOfRow: ({ row }: RecordedEvent) => row, node: graphAuditRecord };

/** Who did what, and who looked. */
@Resolver(() => GraphAuditRecord)
export class AuditResolver {
  constructor(
    private readonly trail: RecordsAbout,
    private readonly studies: Studies,
    private readonly reports: Reports,
  ) {}

  @Query(() => AuditConnection, {
    name: 'audit',
    nullable: true,
    description: 'The ledger’s records about a study, with its instances and reports, or about one report; newest first',
  })
  @Requires('AuditEvent', 'READ')
  @Requires('AuditEvent', 'SEARCH')
  async auditPage(
    @Args() { studyInstanceUID, reportId, ...page }: AuditArguments,
    @Context('caller') caller: Caller,
    @Context('loaders') loaders: Loaders,
  ): Promise<Page<GraphAuditRecord>> {
    const slice = sliceOf(page, PLACES.places);
    if ((studyInstanceUID == null) === (reportId == null))
      throw new BadGraphArgument('studyInstanceUID', 'or reportId must be given, and not both');
    requireAudit(caller, 's'); // before anything is looked up by whose rights the record is not bound
    const about = reportId == null ? await this.ofStudy(caller, loaders, studyInstanceUID ?? '') : await this.ofReport(caller, reportId);
    return pageOf(await this.trail.about(caller, about, slice), slice, PLACES);
  }

  private async ofStudy(caller: Caller, loaders: Loaders, studyInstanceUID: string): Promise<Entities[]> {
    const study = await this.studies.audited(caller, studyInstanceUID);
    if (study === undefined) throw new StudyAbsent();
    return studyEntities(loaders, study, await this.reports.audited(caller, { studyRows: [study.id] }));
  }

  private async ofReport(caller: Caller, id: string): Promise<Entities[]> {
    const reports = await this.reports.audited(caller, { ids: [id] });
    if (reports.length === 0) throw new RecordAbsent('DiagnosticReport');
    return reportEntities(reports);
  }
}

/** The names by which rooms speak of a report: its row, and its FHIR resource. */
const reportEntities = (ids: readonly string[]): Entities[] => [
  { type: 'DiagnosticReport', ids },
  { type: 'report', ids },
];

async function studyEntities(loaders: Loaders, { id, studyInstanceUID }: StudySummary, reports: readonly string[]): Promise<Entities[]> {
  const series = await loaders.seriesOfStudy.load(id);
  const instances = (await loaders.instancesOfSeries.loadMany(series.map((one) => one.id))).flatMap((found) => {
    if (found instanceof Error) throw found;
    return found.map((one) => String(one.id));
  });
  return [
    { type: 'study', ids: [String(id)] },
    { type: 'ImagingStudy', ids: [imagingStudyId(studyInstanceUID)] },
    { type: 'series', ids: series.map((one) => String(one.id)) },
    { type: 'instance', ids: instances },
    ...reportEntities(reports),
  ];
}
