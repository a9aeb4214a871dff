import DataLoader from 'dataloader';
import type { Caller } from '../../access/caller.js';
import type { InstanceSummary, SeriesSummary, StudySummary } from '../../archive/studies.sql.js';
import type { Studies } from '../../archive/studies.js';
import type { Readings } from '../../inference/readings.js';
import type { ReadingRow } from '../../inference/readings.sql.js';
import type { Reports } from '../../reporting/reports.js';
import type { ReportRow } from '../../reporting/reports.sql.js';

/** One statement for all rows of a level that a query touches, however many; made anew for each request. */
export interface Loaders {
  readonly study: DataLoader<number, StudySummary | undefined>;
  readonly seriesOfStudy: DataLoader<number, SeriesSummary[]>;
  readonly instancesOfSeries: DataLoader<number, InstanceSummary[]>;
  readonly readingsOfStudy: DataLoader<number, ReadingRow[]>;
  readonly reportsOfStudy: DataLoader<number, ReportRow[]>;
}

/** What resolvers are handed. */
export interface GraphContext {
  /** Who asks. */
  readonly caller: Caller;
  loaders: Loaders;
  /** Begins anew: a subscription lives on while what its loaders remember grows old. */
  forget(): void;
}

export const graphContext = (caller: Caller, make: () => Loaders): GraphContext => ({
  caller,
  loaders: make(),
  forget() {
    this.loaders = make();
  },
});

export function makeLoaders(studies: Studies, readings: Readings, reports: Reports): Loaders {
  return {
    study: new DataLoader(async (rows) => {
      const found = new Map((await studies.byRow(rows)).map((one) => [one.id, one]));
      return rows.map((row) => found.get(row));
    }),
    seriesOfStudy: grouped(
      (rows) => studies.series(rows),
      (one) => one.studyRow,
    ),
    instancesOfSeries: grouped(
      (rows) => studies.instances(rows),
      (one) => one.seriesRow,
    ),
    readingsOfStudy: grouped(
      (rows) => readings.ofStudies(rows),
      (one) => one.studyRow,
    ),
    reportsOfStudy: grouped(
      (rows) => reports.ofStudies(rows),
      (one) => one.studyRow,
    ),
  };
}

function grouped<T>(load: (keys: readonly number[]) => Promise<T[]>, keyOf: (one: T) => number): DataLoader<number, T[]> {
  return new DataLoader(async (keys) => {
    const groups = Map.groupBy(await load(keys), keyOf);
    return keys.map((key) => groups.get(key) ?? []);
  });
}
