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
import type { ListedWorkitem, Worklist } from '../../worklist/worklist.js';

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
      (rows) => studies.byRow(rows),
      ({ id }) => id,
    ),
    studyByUid: one(
      (uids) => studies.byUids(caller, uids),
      ({ studyInstanceUID }) => studyInstanceUID,
    ),
    seriesOfStudy: several(
      (rows) => studies.series(rows),
      ({ studyRow }) => [studyRow],
    ),
    instancesOfSeries: several(
      (rows) => studies.instances(rows),
      ({ seriesRow }) => [seriesRow],
    ),
    readingsOfStudy: several(
      (rows) => readings.ofStudies(rows),
      ({ studyRow }) => [studyRow],
    ),
    reportsOfStudy: several(
      (rows) => reports.ofStudies(rows),
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

function several<Key, T>(load: (keys: readonly Key[]) => Promise<T[]>, keysOf: (one: T) => readonly Key[]): DataLoader<Key, T[]> {
  return new DataLoader(async (keys) => {
    const groups = new Map<Key, T[]>();
    for (const row of await load(keys)) for (const key of keysOf(row)) groups.set(key, [...(groups.get(key) ?? []), row]);
    return keys.map((key) => groups.get(key) ?? []);
  });
}

/** The FHIR Patient of a study. */
export const patientOfStudy = (loaders: Loaders, { attributes, studyInstanceUID }: StudySummary): Promise<VersionRow | undefined> =>
  loaders.patient.load(patientResourceId(storedDataset(attributes), studyInstanceUID));
