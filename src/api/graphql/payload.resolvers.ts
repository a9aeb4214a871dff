import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { graphReport, graphStudy } from './graph-forms.js';
import { graphWorkitem } from './graph-workitem.js';
import type { Loaders } from './loaders.js';
import {
  AnnotateStudyPayload,
  AssignWorkitemPayload,
  ClaimWorkitemPayload,
  RequestReadingPayload,
  ReviewReportPayload,
} from './mutation-types.js';
import { GraphReport } from './report-types.js';
import { Requires } from './requires.js';
import { GraphStudy } from './study-types.js';
import { GraphWorkitem } from './workitem-types.js';

// What a mutation changed, as it stands now. To read it is a right of its own: who lacks that has changed it all the same, and is told
// the rest of the payload.

const workitemAt = async (uid: string, loaders: Loaders): Promise<GraphWorkitem | null> => {
  const row = await loaders.workitem.load(uid);
  return row ? graphWorkitem(row) : null;
};
const reportAt = async (id: string, loaders: Loaders): Promise<GraphReport | null> => {
  const row = await loaders.report.load(id);
  return row ? graphReport(row) : null;
};
const studyAt = async (row: number, loaders: Loaders): Promise<GraphStudy | null> => {
  const study = await loaders.study.load(row);
  return study ? graphStudy(study) : null;
};

@Resolver(() => AssignWorkitemPayload)
export class AssignedResolver {
  @ResolveField(() => GraphWorkitem, { nullable: true, description: 'As it stands now' })
  @Requires('Task', 'READ')
  workitem(@Parent() { workitemUID }: AssignWorkitemPayload, @Context('loaders') loaders: Loaders): Promise<GraphWorkitem | null> {
    return workitemAt(workitemUID, loaders);
  }
}

@Resolver(() => ClaimWorkitemPayload)
export class ClaimedResolver {
  @ResolveField(() => GraphWorkitem, { nullable: true, description: 'As it stands now' })
  @Requires('Task', 'READ')
  workitem(@Parent() { workitemUID }: ClaimWorkitemPayload, @Context('loaders') loaders: Loaders): Promise<GraphWorkitem | null> {
    return workitemAt(workitemUID, loaders);
  }
}

@Resolver(() => ReviewReportPayload)
export class ReviewedResolver {
  @ResolveField(() => GraphReport, { nullable: true, description: 'As it stands now' })
  @Requires('DiagnosticReport', 'READ')
  report(@Parent() { reportId }: ReviewReportPayload, @Context('loaders') loaders: Loaders): Promise<GraphReport | null> {
    return reportAt(reportId, loaders);
  }
}

@Resolver(() => RequestReadingPayload)
export class RequestedResolver {
  @ResolveField(() => GraphStudy, { nullable: true, description: 'It waits to be read: `studyProgress` follows it' })
  @Requires('ImagingStudy', 'READ')
  study(@Parent() { studyRow }: RequestReadingPayload, @Context('loaders') loaders: Loaders): Promise<GraphStudy | null> {
    return studyAt(studyRow, loaders);
  }
}

@Resolver(() => AnnotateStudyPayload)
export class AnnotatedResolver {
  @ResolveField(() => GraphStudy, { nullable: true, description: 'What the note is of, or what its report is of' })
  @Requires('ImagingStudy', 'READ')
  study(@Parent() { studyRow }: AnnotateStudyPayload, @Context('loaders') loaders: Loaders): Promise<GraphStudy | null> {
    return studyAt(studyRow, loaders);
  }

  @ResolveField(() => GraphReport, { nullable: true, description: 'Where the note is of a report' })
  @Requires('DiagnosticReport', 'READ')
  async report(@Parent() { reportId }: AnnotateStudyPayload, @Context('loaders') loaders: Loaders): Promise<GraphReport | null> {
    return reportId === undefined ? null : reportAt(reportId, loaders);
  }
}
