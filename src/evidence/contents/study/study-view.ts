import { canonicalSha256 } from '../../../signing/canonical.js';
import { type Answers, type StudyData, answersUnder, joinTables } from '../../analysis/study-data.js';
import type { StudyCase } from '../../analysis/study-tables.js';
import { StudyFileContradictory } from '../faults.js';
import type { ManifestItem, MemberFile, ProtocolVersion, ReadingFile, RunFile, StudyFile, TruthLabelFile } from '../study-file.js';
import { manifestSha256 } from './manifest-text.js';
import { requireOneStory } from './one-story.js';

export type RunPrediction = RunFile['predictions'][number];

/** All that the study knows of a case. */
export interface CaseView {
  /** Among the study's cases, by the code points of their keys, 0 for the first: what pages and links count by. */
  readonly place: number;
  readonly key: string;
  readonly item: ManifestItem;
  readonly row: StudyCase;
  readonly prediction: RunPrediction;
  /** What the model called it at the plan's threshold; null where it gave no score: the plan's rule says what that counts as. */
  readonly called: 0 | 1 | null;
  readonly readings: readonly ReadingFile[];
  readonly labels: readonly TruthLabelFile[];
}

/** A study with its tables joined, each case found by its key. */
export interface StudyView {
  readonly file: StudyFile;
  /** In force: that by which it was analysed. */
  readonly protocol: ProtocolVersion;
  readonly cases: readonly CaseView[];
  readonly placeOf: ReadonlyMap<string, number>;
  readonly data: StudyData;
  /** The model's answers by the plan's own rule of failures. */
  readonly answers: Answers;
  readonly memberByKey: ReadonlyMap<string, MemberFile>;
}

/**
 * @throws StudyFileContradictory  a hash is not that of what it is said to be of, or the tables are not of the same cases and readings
 * @throws TablesDisagree
 */
export function studyView(file: StudyFile): StudyView {
  const protocol = file.protocols.at(-1);
  if (protocol === undefined) throw new StudyFileContradictory('The study has no protocol.');
  requireHashes(file);
  const data = joinTables(file.tables);
  requireOneStory(file, data);
  const items = new Map(file.dataset.items.map((item) => [item.caseKey, item]));
  const predictions = new Map(file.run.predictions.map((one) => [one.caseKey, one]));
  const readings = grouped(file.readings);
  const labels = grouped(file.labels);
  const { threshold } = protocol.protocol.plan;
  const cases = data.cases.map((row, place): CaseView => {
    const key = row.caseId;
    const prediction = predictions.get(key)!;
    return {
      place,
      key,
      item: items.get(key)!,
      row,
      prediction,
      called: prediction.score === null ? null : prediction.score >= threshold ? 1 : 0,
      readings: (readings.get(key) ?? []).toSorted(byReaderAndArm),
      labels: labels.get(key) ?? [],
    };
  });
  return {
    file,
    protocol,
    cases,
    placeOf: new Map(cases.map(({ key, place }) => [key, place])),
    data,
    answers: answersUnder(protocol.protocol.plan.failures, data, protocol.protocol.plan),
    memberByKey: new Map(file.members.map((member) => [member.key, member])),
  };
}

/** How a reader is named wherever it appears: who is no person is said to be none. */
export function readerName({ memberByKey }: Pick<StudyView, 'memberByKey'>, key: string): string {
  return memberByKey.get(key)?.simulated === true ? `${key} (simulated)` : key;
}

const grouped = <T extends { readonly caseKey: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> =>
  Map.groupBy(rows, ({ caseKey }) => caseKey);

function byReaderAndArm(a: ReadingFile, b: ReadingFile): number {
  if (a.reader !== b.reader) return a.reader < b.reader ? -1 : 1;
  return a.arm === b.arm ? 0 : a.arm === 'unaided' ? -1 : 1;
}

function requireHashes({ protocols, records, analysis, dataset }: StudyFile): void {
  if (manifestSha256(dataset.items) !== dataset.manifestSha256) throw new StudyFileContradictory('The manifest has another hash.');
  const named = protocols.at(-1)?.protocol.population.dataset?.manifestSha256;
  if (named !== undefined && named !== dataset.manifestSha256) throw new StudyFileContradictory('The protocol names another manifest.');
  for (const { protocol, sha256, version } of protocols)
    if (canonicalSha256(protocol) !== sha256) throw new StudyFileContradictory(`Version ${version} of the protocol has another hash.`);
  for (const { content, sha256, type } of records)
    if (canonicalSha256(content) !== sha256) throw new StudyFileContradictory(`A record (${type}) has another hash.`);
  if (canonicalSha256(analysis.result) !== analysis.sha256) throw new StudyFileContradictory('The analysis has another hash.');
}
