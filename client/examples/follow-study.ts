import type { WetreadClient } from '../src/client.js';
import { StudyProgressDocument, type StudyStage } from '../src/documents.js';

/** Follows a study, which need not have arrived yet, until somebody answers for its report. */
export async function followStudy(client: WetreadClient, studyInstanceUID: string, seen: (stage: StudyStage) => void): Promise<void> {
  for await (const { studyProgress } of client.follow(StudyProgressDocument, { studyInstanceUID })) {
    if (!studyProgress) continue;
    seen(studyProgress.stage);
    if (['FINAL', 'WITHDRAWN', 'NOT_READ', 'FAILED'].includes(studyProgress.stage)) return;
  }
}
