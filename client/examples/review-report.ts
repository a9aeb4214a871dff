import type { WetreadClient } from '../src/client.js';
import { ReviewReportDocument, StudyReportsDocument } from '../src/documents.js';
import { Conflict } from '../src/errors.js';

/** Accepts the preliminary report of a study, in the version that was read. Answers its status. */
export async function acceptReport(client: WetreadClient, studyInstanceUID: string, reviewer: string): Promise<string> {
  const { study } = await client.run(StudyReportsDocument, { studyInstanceUID });
  const report = study?.reports?.find(({ status }) => status === 'PRELIMINARY');
  if (report?.etag == null) throw new Error('there is nothing to review');
  // Here a person reads report.conclusion, and looks at the images.
  try {
    const { reviewReport } = await client.run(ReviewReportDocument, {
      input: { reportId: report.id, ifMatch: report.etag, decision: 'ACCEPT', reviewer },
    });
    return reviewReport?.report?.status ?? 'it is signed; this token may not read it';
  } catch (error) {
    if (error instanceof Conflict) return 'it changed meanwhile: read it again';
    throw error;
  }
}
