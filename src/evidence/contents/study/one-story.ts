import type { StudyData } from '../../analysis/study-data.js';
import { StudyFileContradictory } from '../faults.js';
import type { StudyFile } from '../study-file.js';

/**
 * What was analysed is what the manifest, the run and the readings say: the same cases, scores, ratings and actions, none more, none less.
 * @throws StudyFileContradictory
 */
export function requireOneStory(file: StudyFile, data: StudyData): void {
  const keys = new Set(data.cases.map(({ caseId }) => caseId));
  requireSame(
    'The manifest and the cases that were analysed differ.',
    keys,
    file.dataset.items.map(({ caseKey }) => caseKey),
  );
  requireSame(
    'The run and the cases that were analysed differ.',
    keys,
    file.run.predictions.map(({ caseKey }) => caseKey),
  );
  requireNone(
    'Labels are of no case of the study.',
    file.labels.map(({ caseKey }) => caseKey).filter((key) => !keys.has(key)),
  );
  const patients = new Map(data.cases.map(({ caseId, patientId }) => [caseId, patientId]));
  requireNone(
    'The manifest names another patient than the cases do.',
    file.dataset.items.filter(({ caseKey, patientKey }) => patients.get(caseKey) !== patientKey).map(({ caseKey }) => caseKey),
  );
  const scores = new Map(data.cases.map(({ caseId }, i) => [caseId, data.scores[i]]));
  requireNone(
    'The run has another score than was analysed.',
    file.run.predictions.filter(({ caseKey, score }) => scores.get(caseKey) !== score).map(({ caseKey }) => caseKey),
  );
  requireReadings(file, data);
}

function requireReadings({ readings, tables }: StudyFile, data: StudyData): void {
  const others = readings.filter(({ arm, caseKey, reader, rating, clinicalAction }) => {
    const analysed = data.readings[arm].get(caseKey)?.get(reader);
    return analysed === undefined || analysed.rating !== rating || analysed.clinicalAction !== clinicalAction;
  });
  requireNone(
    'Readings are not as they were analysed.',
    others.map(({ caseKey }) => caseKey),
  );
  if (readings.length !== tables.readings.length) throw new StudyFileContradictory('More or fewer readings were analysed than there are.');
}

function requireSame(message: string, keys: ReadonlySet<string>, others: readonly string[]): void {
  const seen = new Set(others);
  requireNone(message, [
    ...others.filter((key) => !keys.has(key)),
    ...[...keys].filter((key) => !seen.has(key)),
    ...(seen.size === others.length ? [] : ['twice']),
  ]);
}

function requireNone(message: string, keys: readonly string[]): void {
  if (keys.length > 0) throw new StudyFileContradictory(message, keys);
}
