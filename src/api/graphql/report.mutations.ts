import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { personOfCaller, type Caller } from '../../access/caller.js';
import { imagingStudyId } from '../../archive/fhir/imaging-study.js';
import { patientResourceId } from '../../archive/fhir/patient.js';
import { storedDataset } from '../../archive/studies.js';
import type { StudySummary } from '../../archive/studies.sql.js';
import { StudyAbsent } from '../../inference/faults.js';
import { ReadingRequests } from '../../inference/reading-requests.js';
import { onRecord } from '../../ledger/told-faults.js';
import { conditionsOf } from '../../records/edit/conditions.js';
import { RecordAbsent } from '../../records/faults.js';
import { Notes } from '../../reporting/notes/notes.js';
import type { ListedReport } from '../../reporting/reports.sql.js';
import { Reviews } from '../../reporting/review/reviews.js';
import type { Review } from '../../reporting/review/review.js';
import { BadGraphArgument } from './faults.js';
import type { GraphContext, Loaders } from './loaders.js';
import {
  AnnotateStudyInput,
  AnnotateStudyPayload,
  RequestReadingInput,
  RequestReadingPayload,
  ReviewReportInput,
  ReviewReportPayload,
} from './mutation-types.js';
import { INPUT } from './mutation-types.js';
import { Requires } from './requires.js';

/** What people do with studies and their reports. */
@Resolver()
export class ReportMutations {
  constructor(
    private readonly reviews: Reviews,
    private readonly requests: ReadingRequests,
    private readonly notes: Notes,
  ) {}

  @Mutation(() => ReviewReportPayload, {
    nullable: true,
    description: 'Accepts, amends or rejects a report: it becomes final, amended or cancelled, signed and on record (FHIR: $review)',
  })
  @Requires('DiagnosticReport', 'UPDATE', 'report.review')
  async reviewReport(@Args('input', INPUT) input: ReviewReportInput, @Context() context: GraphContext): Promise<ReviewReportPayload> {
    const { caller } = context;
    const { reportId, clientMutationId } = input;
    await this.reviews.review(caller, reportId, reviewOf(input, personOfCaller(caller)));
    context.forget();
    return { clientMutationId, reportId };
  }

  @Mutation(() => RequestReadingPayload, {
    nullable: true,
    description: 'Has a study read: by models that came after it, and again where it failed or was passed over',
  })
  @Requires('Task', 'CREATE', 'reading.request')
  @Requires('ImagingStudy', 'READ')
  async requestReading(
    @Args('input', INPUT) { studyInstanceUID, model, clientMutationId }: RequestReadingInput,
    @Context('caller') caller: Caller,
  ): Promise<RequestReadingPayload> {
    const studyRow = await this.requests.request(caller, studyInstanceUID, model ?? undefined);
    return { clientMutationId, studyRow };
  }

  @Mutation(() => AnnotateStudyPayload, {
    nullable: true,
    description: 'Notes something of a study or a report: kept as a FHIR Observation (LOINC 48767-8)',
  })
  @Requires('Observation', 'CREATE')
  @Requires('ImagingStudy', 'READ')
  async annotateStudy(@Args('input', INPUT) input: AnnotateStudyInput, @Context() context: GraphContext): Promise<AnnotateStudyPayload> {
    const { caller, loaders } = context;
    const { studyInstanceUID, reportId, clientMutationId } = input;
    if ((studyInstanceUID == null) === (reportId == null))
      throw new BadGraphArgument('studyInstanceUID', 'or reportId must be given, and not both');
    const report = reportId == null ? undefined : await theReport(loaders, reportId);
    const study = report ? await loaders.study.load(report.studyRow) : await theStudy(loaders, studyInstanceUID ?? '');
    if (study === undefined) throw new StudyAbsent();
    const note = await this.notes.add(caller, {
      text: noteText(input.text),
      about: report ? `DiagnosticReport/${report.id}` : `ImagingStudy/${imagingStudyId(study.studyInstanceUID)}`,
      patientId: patientResourceId(storedDataset(study.attributes), study.studyInstanceUID),
      author: authorOf(caller, input.author),
    });
    context.forget();
    return { clientMutationId, note, studyRow: study.id, reportId: report?.id };
  }
}

/** Nobody notes in another's name. @throws BadGraphArgument */
function authorOf(caller: Caller, given: string | null | undefined): string | undefined {
  const own = personOfCaller(caller);
  if (caller.rights !== undefined && given != null && given !== own)
    throw new BadGraphArgument('author', 'must be the person whom the access token is of, its fhirUser, or be left out');
  return personOf('author', own ?? given)?.reference;
}

/** @throws BadGraphArgument */
function noteText(text: string): string {
  if (text.trim() === '') throw new BadGraphArgument('text', 'must have words');
  return text;
}

/** @throws RecordAbsent */
async function theReport(loaders: Loaders, id: string): Promise<ListedReport> {
  const report = await loaders.report.load(id);
  if (report === undefined) throw onRecord(new RecordAbsent('DiagnosticReport'));
  return report;
}

/** @throws StudyAbsent */
async function theStudy(loaders: Loaders, studyInstanceUID: string): Promise<StudySummary> {
  const study = await loaders.studyByUid.load(studyInstanceUID);
  if (study === undefined) throw onRecord(new StudyAbsent());
  return study;
}

/** @throws BadGraphArgument */
function reviewOf(input: ReviewReportInput, fhirUser: string | undefined): Review {
  const reviewer = personOf('reviewer', input.reviewer ?? fhirUser);
  if (reviewer === undefined) throw new BadGraphArgument('reviewer', 'must refer to the Practitioner who has read the report');
  const { versions } = conditionsOf(input.ifMatch, undefined);
  if (versions?.length !== 1) throw new BadGraphArgument('ifMatch', 'must be the etag of the report that was read');
  const words = (text: string | null | undefined) => text?.trim() || undefined;
  return {
    decision: input.decision,
    version: versions[0],
    reviewer,
    organization: input.organization ?? undefined,
    reason: words(input.reason),
    conclusion: words(input.conclusion),
    findings: input.findings ?? [],
  };
}

/** Who is referred to; undefined where nobody is. @throws BadGraphArgument */
function personOf(name: string, reference: string | null | undefined): (Review['reviewer'] & { reference: string }) | undefined {
  if (reference == null) return undefined;
  const [, type, id] = /^(Practitioner|PractitionerRole)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference) ?? [];
  if (id === undefined) throw new BadGraphArgument(name, 'must be Practitioner/ID or PractitionerRole/ID');
  return { type: type as Review['reviewer']['type'], id, reference };
}
