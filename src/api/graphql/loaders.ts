import DataLoader from 'dataloader';
import type { Caller } from '../../access/caller.js';
import { patientResourceId } from '../../archive/fhir/patient.js';
import { storedDataset, type Studies } from '../../archive/studies.js';
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../archive/studies.sql.js';
import type { Readings } from '../../inference/readings.js';
import type { ReadingRow } from '../../inference/readings.sql.js';
import type { Records } from '../../records/records.js';
import type { VersionRow } from '../../records/store/versions.sql.js';
import type { Note, Notes } from '../../reporting/notes/notes.js';
import type { Reports } from '../../reporting/reports.js';
import type { ReportRow } from '../../reporting/reports.sql.js';
import type { PastReview, PastReviews } from '../../reporting/review/past-reviews.js';
import { AnswerTooLarge } from './faults.js';
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
  readonly readingsOfStudy: DataLoader<number, ReadingRow[]>;
  readonly reportsOfStudy: DataLoader<number, ReportRow[]>;
  readonly report: DataLoader<string, ReportRow | undefined>;
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
  /** Begins anew: a subscription lives on while what its loaders remember grows old. */
  forget(): void;
}

export const graphContext = (caller: Caller, rooms: Rooms): GraphContext => ({
  caller,
  loaders: makeLoaders(caller, rooms),
  forget() {
    this.loaders = makeLoaders(caller, rooms);
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
    readingsOfStudy: several(
      (rows, most) => readings.ofStudies(caller, rows, most),
      ({ studyRow }) => [studyRow],
    ),
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

/** @param load  all rows of the keys, `most` of them at most. @throws AnswerTooLarge */
function several<Key, T>(
  load: (keys: readonly Key[], most: number) => Promise<T[]>,
  keysOf: (one: T) => readonly Key[],
): DataLoader<Key, T[]> {
  return new DataLoader(async (keys) => {
    const rows = await load(keys, MOST_ROWS + 1);
    if (rows.length > MOST_ROWS) throw new AnswerTooLarge(MOST_ROWS);
    const groups = new Map<Key, T[]>();
    for (const row of rows)
      for (const key of keysOf(row)) {
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [row]);
        else group.push(row);
      }
    return keys.map((key) => groups.get(key) ?? []);
  });
}

/** The FHIR Patient of a study. */
export const patientOfStudy = (loaders: Loaders, { attributes, studyInstanceUID }: StudySummary): Promise<VersionRow | undefined> =>
  loaders.patient.load(patientResourceId(storedDataset(attributes), studyInstanceUID));
