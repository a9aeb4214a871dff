import { TablesDisagree } from './faults.js';
import type { AnalysisPlan, FailureRule } from './plan.js';
import type { Arm, Reading, StudyCase, StudyTables } from './study-tables.js';

/**
 * The tables of a study, joined and in one order: cases by the code points of their keys, readers likewise, so that the order
 * in which rows came changes no digit of a result.
 */
export interface StudyData {
  readonly cases: readonly StudyCase[];
  /** One a case, in the cases' order; null where the model failed. */
  readonly scores: readonly (number | null)[];
  readonly readers: readonly string[];
  /** For each arm by case, then by reader: those cases alone that a reader read in it. */
  readonly readings: Readonly<Record<Arm, ReadonlyMap<string, ReadonlyMap<string, Reading>>>>;
}

/** @throws TablesDisagree  a case is there twice, without its prediction, or not there where something is about it */
export function joinTables({ cases, predictions, readings }: StudyTables): StudyData {
  const sorted = [...cases].sort(byKey(({ caseId }) => caseId));
  const known = new Set(sorted.map(({ caseId }) => caseId));
  refuse('cases are there twice', repeated(sorted.map(({ caseId }) => caseId)));
  refuse('cases have two predictions', repeated(predictions.map(({ caseId }) => caseId)));
  refuse(
    'predictions are of no case of the study',
    predictions.map(({ caseId }) => caseId).filter((id) => !known.has(id)),
  );
  const byCase = new Map(predictions.map((one) => [one.caseId, one]));
  refuse(
    'cases have no prediction and no failure',
    [...known].filter((id) => !byCase.has(id)),
  );
  refuse(
    'readings are of no case of the study',
    readings.map(({ caseId }) => caseId).filter((id) => !known.has(id)),
  );
  refuse(
    'cases were read twice by one reader in one arm',
    repeated(readings.map(({ arm, readerId, caseId }) => JSON.stringify([arm, readerId, caseId]))),
  );
  return {
    cases: sorted,
    scores: sorted.map(({ caseId }) => {
      const prediction = byCase.get(caseId)!;
      return 'score' in prediction ? prediction.score : null;
    }),
    readers: [...new Set(readings.map(({ readerId }) => readerId))].sort(byKey((id) => id)),
    readings: { unaided: inArm('unaided', readings), aided: inArm('aided', readings) },
  };
}

function inArm(arm: Arm, readings: readonly Reading[]): Map<string, Map<string, Reading>> {
  const read = new Map<string, Map<string, Reading>>();
  for (const reading of readings) {
    if (reading.arm !== arm) continue;
    const ofCase = read.get(reading.caseId);
    if (ofCase === undefined) read.set(reading.caseId, new Map([[reading.readerId, reading]]));
    else ofCase.set(reading.readerId, reading);
  }
  return read;
}

/** Code points, not a locale: the order must be the same on every machine. */
const byKey =
  <T>(key: (one: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;

function refuse(what: string, keys: readonly string[]): void {
  if (keys.length > 0) throw new TablesDisagree(`${keys.length} ${what}.`, keys);
}

function repeated(keys: readonly string[]): string[] {
  const seen = new Set<string>();
  return keys.filter((key) => seen.size === seen.add(key).size);
}

/** The model's answers as columns of numbers, under one rule of failures. */
export interface Answers {
  readonly failureRule: FailureRule;
  readonly cases: readonly StudyCase[];
  /** Their keys: one list for the traces of all endpoints. */
  readonly keys: readonly string[];
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
  /** 1 where the case is called positive. */
  readonly called: Uint8Array;
  /** Keys of the cases that the model failed on: replaced, or not among `cases`, as the rule says. */
  readonly failures: readonly string[];
}

/** @throws TablesDisagree  scores are outside the plan's range, so that a failure would not be the worst case */
export function answersUnder(failureRule: FailureRule, data: StudyData, { threshold, scoreRange }: AnalysisPlan): Answers {
  const [lowest, highest] = scoreRange;
  const outside = data.cases.filter((_, i) => {
    const score = data.scores[i];
    return score !== null && !(score >= lowest && score <= highest);
  });
  refuse(
    'scores are outside the range that the plan states',
    outside.map(({ caseId }) => caseId),
  );
  const kept = data.cases.flatMap((_, i) => (failureRule === 'excluded' && data.scores[i] === null ? [] : [i]));
  const cases = kept.map((i) => data.cases[i]);
  const labels = Uint8Array.from(cases, ({ truth }) => truth);
  const scores = Float64Array.from(kept, (i, place) => data.scores[i] ?? scoreRange[labels[place] === 1 ? 0 : 1]);
  return {
    failureRule,
    cases,
    keys: cases.map(({ caseId }) => caseId),
    labels,
    scores,
    called: Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0)),
    failures: data.cases.flatMap(({ caseId }, i) => (data.scores[i] === null ? [caseId] : [])),
  };
}
