import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Models } from '../../inference/models.js';
import { graphModel, graphReading, graphReport, graphStudy } from './graph-forms.js';
import type { Loaders } from './loaders.js';
import { GraphModel } from './model-types.js';
import { GraphNote } from './patient-types.js';
import { GraphReading } from './reading-types.js';
import { GraphFinding, GraphReport, GraphReview, type GraphDecision, type ListedFinding } from './report-types.js';
import { Requires } from './requires.js';
import { GraphStudy } from './study-types.js';

@Resolver(() => GraphFinding)
export class FindingResolver {
  @ResolveField(() => GraphReport, { nullable: true, description: 'The report that it is of' })
  @Requires('DiagnosticReport', 'READ')
  async report(@Parent() { reportId }: ListedFinding, @Context('loaders') loaders: Loaders): Promise<GraphReport | null> {
    const row = await loaders.report.load(reportId);
    return row ? graphReport(row) : null;
  }
}

/** What lies around a report. */
@Resolver(() => GraphReport)
export class ReportResolver {
  constructor(private readonly models: Models) {}

  @ResolveField(() => GraphStudy, { nullable: true, description: 'The study it is of, unless that was deleted from the archive' })
  @Requires('ImagingStudy', 'READ')
  async study(@Parent() report: GraphReport, @Context('loaders') loaders: Loaders): Promise<GraphStudy | null> {
    const row = await loaders.study.load(report.studyRow);
    return row ? graphStudy(row) : null;
  }

  @ResolveField(() => GraphModel, { nullable: true, description: 'The model that made it, while this server has that version' })
  @Requires('Device', 'READ')
  model(@Parent() report: GraphReport): GraphModel | null {
    const model = this.models.find(report.modelName, report.modelVersion);
    return model ? graphModel(model, this.models) : null;
  }

  @ResolveField(() => [GraphReading], { nullable: true, description: 'The readings of the images it stands on' })
  @Requires('Observation', 'READ')
  @Requires('ImagingStudy', 'READ')
  async readings(@Parent() report: GraphReport, @Context('loaders') loaders: Loaders): Promise<Omit<GraphReading, 'id'>[]> {
    return (await loaders.readingsByModel.load(report)).map(graphReading);
  }

  @ResolveField(() => String, { nullable: true, description: 'ETag of the FHIR DiagnosticReport: what `ifMatch` of a review must name' })
  @Requires('DiagnosticReport', 'READ')
  async etag(@Parent() { id }: GraphReport, @Context('loaders') loaders: Loaders): Promise<string | null> {
    const record = await loaders.diagnosticReport.load(id);
    return record ? `W/"${record.version}"` : null;
  }

  @ResolveField(() => [GraphReview], { nullable: true, description: 'What people decided of it, oldest first' })
  @Requires('Provenance', 'SEARCH')
  async reviews(@Parent() { id }: GraphReport, @Context('loaders') loaders: Loaders): Promise<GraphReview[]> {
    const all = await loaders.reviewsOfReport.load(id);
    return all.map((review) => ({ ...review, decision: review.decision as GraphDecision })); // the enum's values are the decisions
  }

  @ResolveField(() => [GraphNote], { nullable: true, description: 'What people noted of it, oldest first' })
  @Requires('Observation', 'SEARCH')
  notes(@Parent() { id }: GraphReport, @Context('loaders') loaders: Loaders): Promise<GraphNote[]> {
    return loaders.notesAbout.load(`DiagnosticReport/${id}`);
  }
}
