import DataLoader from 'dataloader';
import type { Caller } from '../../access/caller.js';
import { permitOf } from '../../access/permits.js';
import type { Studies } from '../../archive/studies.js';
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../archive/studies.sql.js';
import type { Readings } from '../../inference/readings.js';
import type { ModelOfStudy, ReadingRow } from '../../inference/readings.sql.js';
import type { Records } from '../../records/records.js';
import type { VersionRow } from '../../records/store/versions.sql.js';
import type { Note, Notes } from '../../reporting/notes/notes.js';
import type { Reports } from '../../reporting/reports.js';
import type { ListedReport } from '../../reporting/reports.sql.js';
import type { PastReview, PastReviews } from '../../reporting/review/past-reviews.js';
import { AnswerTooLarge } from './faults.js';
import type { Leaving } from '../leaving.js';
import type { RequestTurn } from '../turns.js';
import { PendingLooks } from './pending-looks.js';
import { Spending } from './spending.js';
import type { ListedWorkitem, Worklist } from '../../worklist/worklist.js';

/** Things on one level of an answer: what a query's cost guesses at five a list may be thousands, such as the slices of a CT. */
const MOST_ROWS = 20_000;

/** The rooms that the graph walks through. */
export interface Rooms {
  readonly studies: Studies;
  readonly readings: Readings;
  readonly reports: Reports;
  readonly records: Records;
  readonly reviews: PastReviews;
  readonly notes: Notes;
  readonly worklist: Worklist;
}

/** One statement for all rows of a level that a query touches, however many; made anew for each request. */
export interface Loaders {
  readonly study: DataLoader<number, StudySummary | undefined>;
  readonly studyByUid: DataLoader<string, StudySummary | undefined>;
  readonly seriesOfStudy: DataLoader<number, SeriesSummary[]>;
  readonly instancesOfSeries: DataLoader<number, InstanceSummary[]>;
  /** By its row, where its study is looked at too. */
  readonly instance: DataLoader<number, InstanceSummary | undefined>;
  readonly readingsOfInstance: DataLoader<number, ReadingRow[]>;
  /** What a report's model made of its study. */
  readonly readingsByModel: DataLoader<ModelOfStudy, ReadingRow[], string>;
  readonly reading: DataLoader<number, ReadingRow | undefined>;
  readonly areAllFindingsOpen: boolean;
  /** Whether the Observation of a finding, by its id, is the caller's to see. */
  readonly isFindingOpen: DataLoader<string, boolean>;
  readonly reportsOfStudy: DataLoader<number, ListedReport[]>;
  readonly report: DataLoader<string, ListedReport | undefined>;
  readonly workitem: DataLoader<string, ListedWorkitem | undefined>;
  /** FHIR resources, by their ids. */
  readonly patient: DataLoader<string, VersionRow | undefined>;
  readonly diagnosticReport: DataLoader<string, VersionRow | undefined>;
  readonly reviewsOfReport: DataLoader<string, PastReview[]>;
  /** By the reference of what they are about. */
  readonly notesAbout: DataLoader<string, Note[]>;
}

/** What resolvers are handed. */
export interface GraphContext {
  /** Who asks. */
  readonly caller: Caller;
  loaders: Loaders;
  /** What the answer has taken. */
  spending: Spending;
  /** What it looked at, on its way to the record. */
  readonly pending: PendingLooks;
  /** What the answer leaves by. */
  readonly leaving: Leaving;
  /** Of who answers one request. */
  readonly turn?: RequestTurn;
  /** What the loaders remember is old: it is read anew. */
  forget(): void;
  /** Begins anew for the next event of a subscription: what an earlier one took is no part of this one. */
  beginAnew(): void;
}

export const graphContext = (caller: Caller, rooms: Rooms, leaving: Leaving, turn?: RequestTurn): GraphContext => ({
  caller,
  leaving,
  turn,
  pending: new PendingLooks(),
  loaders: makeLoaders(caller, rooms),
  spending: new Spending(leaving),
  forget() {
    this.loaders = makeLoaders(caller, rooms);
  },
  beginAnew() {
    this.forget();
    this.spending = new Spending(leaving);
  },
});

function makeLoaders(caller: Caller, { studies, readings, reports, records, reviews, notes, worklist }: Rooms): Loaders {
  const resource = (type: string) =>
    new DataLoader<string, VersionRow | undefined>(async (ids) => {
      const found = await records.readSeveral(caller, type, ids);
      return ids.map((id) => found.get(id));
    });
  return {
    study: one(
      (rows) => studies.byRow(caller, rows),
      ({ id }) => id,
    ),
    studyByUid: one(
      (uids) => studies.byUids(caller, uids),
      ({ studyInstanceUID }) => studyInstanceUID,
    ),
    seriesOfStudy: several(
      (rows, most) => studies.series(rows, most),
      ({ studyRow }) => [studyRow],
    ),
    instancesOfSeries: several(
      (rows, most) => studies.instances(rows, most),
      ({ seriesRow }) => [seriesRow],
    ),
    instance: one(
      (rows) => studies.instancesByRow(rows),
      ({ id }) => id,
    ),
    readingsOfInstance: several(
      (rows, most) => readings.ofInstances(caller, rows, most),
      ({ instanceRow }) => [instanceRow],
    ),
    readingsByModel: several(
      (asked, most) => readings.byModel(caller, asked, most),
      (row) => [row],
      modelOfStudyKey,
    ),
    reading: one(
      (rows) => readings.byRow(caller, rows),
      ({ id }) => id,
    ),
    areAllFindingsOpen: permitOf(caller, 'Observation', 'r') === 'all',
    isFindingOpen: new DataLoader(async (ids) => {
      const open = await records.openIds(caller, 'Observation', ids);
      return ids.map((id) => open.has(id));
    }),
    reportsOfStudy: several(
      (rows, most) => reports.ofStudies(caller, rows, most),
      ({ studyRow }) => [studyRow],
    ),
    report: one(
      (ids) => reports.read(caller, ids),
      ({ id }) => id,
    ),
    workitem: one(
      (uids) => worklist.several(caller, uids),
      ({ workitemUID }) => workitemUID,
    ),
    patient: resource('Patient'),
    diagnosticReport: resource('DiagnosticReport'),
    reviewsOfReport: several(
      (ids) => reviews.of(caller, ids),
      ({ reportId }) => [reportId],
    ),
    notesAbout: several(
      (references) => notes.about(caller, references),
      ({ about }) => about,
    ),
  };
}

function one<Key, T>(load: (keys: readonly Key[]) => Promise<T[]>, keyOf: (one: T) => Key): DataLoader<Key, T | undefined> {
  return new DataLoader(async (keys) => {
    const found = new Map((await load(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => found.get(key));
  });
}

/**
 * @param load    all rows of the keys, `most` of them at most
 * @param nameOf  what tells keys apart that are objects
 * @throws AnswerTooLarge
 */
function several<Key, T, Name = Key>(
  load: (keys: readonly Key[], most: number) => Promise<T[]>,
  keysOf: (one: T) => readonly Key[],
  nameOf: (key: Key) => Name = (key) => key as unknown as Name,
): DataLoader<Key, T[], Name> {
  return new DataLoader<Key, T[], Name>(
    async (keys) => {
      const rows = await load(keys, MOST_ROWS + 1);
      if (rows.length > MOST_ROWS) throw new AnswerTooLarge();
      const groups = new Map<Name, T[]>();
      for (const row of rows)
        for (const name of keysOf(row).map(nameOf)) {
          const group = groups.get(name);
          if (group === undefined) groups.set(name, [row]);
          else group.push(row);
        }
      return keys.map((key) => groups.get(nameOf(key)) ?? []);
    },
    { cacheKeyFn: nameOf },
  );
}

const modelOfStudyKey = ({ studyRow, modelName, modelVersion }: ModelOfStudy): string => `${studyRow}/${modelName}/${modelVersion}`;
