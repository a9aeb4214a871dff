/** A model version has read something new of a study. Subject: `STUDYROW MODELNAME/VERSION`. Pulled by reporting. */
export const FINDINGS_READY = 'findings-ready';

/** A study, or an image of it, could not be read by a model that should have. Subject: the study's row. Pulled by delivery. */
export const INFERENCE_FAILED = 'inference-failed';

export const findingsSubject = (studyRow: number, modelKey: string): string => `${studyRow} ${modelKey}`;

export function parseFindingsSubject(subject: string): { studyRow: number; modelName: string; modelVersion: string } {
  const [row, key] = subject.split(' ');
  const slash = key.lastIndexOf('/');
  return { studyRow: Number(row), modelName: key.slice(0, slash), modelVersion: key.slice(slash + 1) };
}
