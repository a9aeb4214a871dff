import type { Caller } from '../access/caller.js';
import { requireOperation } from '../access/operations.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import type { DicomJsonChange } from '../dicom/dicom-json-reader.js';
import { imagingStudyId } from './fhir/imaging-study.js';
import { patientIdOf } from '../records/study-patient-id.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { by } from '../ledger/ledger-event.js';
import { event } from '../log.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { changed, withChange, type AttributeChange, type ChangeReason, type KeptChange } from './attribute-change.js';
import type { Level } from './attribute-levels.js';
import {
  changeableInstances,
  changeableSeries,
  changeableStudy,
  keepSeriesChange,
  keepStudyChange,
  seriesRowsOf,
  updateInstances,
  updateSeries,
  updateStudy,
} from './change-attributes.sql.js';
import { checkedChange } from './changeable-attributes.js';
import { changedInstance, changedSeries, changedStudy } from './changed-rows.js';
import { NotInArchive } from './faults.js';
import { closeStudy } from './gates.sql.js';
import { recountStudies } from './insert-instances.sql.js';
import { levelOf, stateAt, type ArchivePath, type ArchiveState } from './retrieve.sql.js';
import { storedDataset } from './studies.js';
import { STUDY_CHANGED, STUDY_RECORDS } from './work-kinds.js';

/** Their metadata are held: of enhanced objects each may have megabytes. */
const INSTANCES_AT_ONCE = 32;

export interface ChangeOptions {
  readonly reason: ChangeReason;
  /** Sees what the path stands at before it is changed, while nobody else can change it; throws where that must not be. */
  readonly before?: (state: ArchiveState) => void;
}

/**
 * Changes attributes of what is stored, as if it had come so: every answer has the new values, none of the old bytes is
 * touched. What was there before stands in each instance's Original Attributes Sequence. Models do not read it again.
 */
export class ChangeAttributes {
  constructor(private readonly database: Database) {}

  /**
   * Changes attributes of a study, a series or an instance; answers what it stands at then. All of it, or nothing.
   * Throws OperationNotPermitted, NotInArchive, the faults of a change, and what `before` throws.
   */
  async change(caller: Caller, path: ArchivePath, asked: DicomJsonChange, options: ChangeOptions): Promise<ArchiveState> {
    requireOperation(caller, 'archive.edit');
    const level = levelOf(path);
    const change = checkedChange(asked, level);
    return this.database.transaction(async (tx) => {
      await closeStudy(tx, path.study); // what is being stored into it now comes after this, and takes it over
      const state = await stateAt(tx, path);
      if (!state) throw new NotInArchive(level);
      options.before?.(state);
      const instances = await changeInstances(tx, level, state, change, options.reason);
      if (level === 'study') await changeStudy(tx, state, change, options.reason);
      if (level === 'series') await changeSeries(tx, state, change, options.reason);
      // A change that changes nothing leaves the answers valid that callers have.
      if (instances > 0) await recountStudies(tx, [state.studyRow]);
      const after = (await stateAt(tx, path)) ?? state;
      await appendRecords(tx, [
        {
          ...by(caller),
          action: 'attributes.changed',
          entity: { type: level, id: String(state.row) },
          changes: { level, study: state.studyRow, imagingStudy: imagingStudyId(path.study), instances, tags: Object.keys(change).sort() },
          reason: options.reason,
          patients: [...new Set([state, after].map(({ whose }) => patientIdOf(whose)))], // whose it was, and whose it is
        },
      ]);
      for (const kind of [STUDY_RECORDS, ...(level === 'study' ? [STUDY_CHANGED] : [])]) {
        await enqueueWork(tx, kind, [String(state.studyRow)]);
        await wakeWorkers(tx, kind);
      }
      event('attributes.changed', { level, instances });
      return after;
    });
  }
}

/** Changes the instances below a path, some at a time; answers how many were otherwise before. */
async function changeInstances(
  tx: Transaction,
  level: Level,
  state: ArchiveState,
  change: AttributeChange,
  reason: ChangeReason,
): Promise<number> {
  const now = new Date();
  let count = 0;
  for (let after = 0; ;) {
    const page = await changeableInstances(tx, level, state, after, INSTANCES_AT_ONCE);
    const rows = page.flatMap((row) => {
      const dataset = withChange(storedDataset(row.metadata), change, reason, now);
      return dataset === undefined ? [] : [changedInstance(row, dataset)];
    });
    await updateInstances(tx, rows);
    count += rows.length;
    const last = page.at(-1);
    if (last === undefined) return count;
    after = last.id;
  }
}

/** The study's own row, and those of its series, whose answers tell of it. */
async function changeStudy(tx: Transaction, { studyRow }: ArchiveState, change: AttributeChange, reason: ChangeReason): Promise<void> {
  const study = await changeableStudy(tx, studyRow);
  await updateStudy(tx, studyRow, changedStudy(study, changed(storedDataset(study.attributes), change)));
  await keepStudyChange(tx, studyRow, kept(study.change, change, reason));
  for (const series of await changeableSeries(tx, await seriesRowsOf(tx, studyRow)))
    await updateSeries(tx, series.id, changedSeries(series, series.studyAttributes, storedDataset(series.attributes)));
}

async function changeSeries(
  tx: Transaction,
  { row, studyRow }: ArchiveState,
  change: AttributeChange,
  reason: ChangeReason,
): Promise<void> {
  const study = await changeableStudy(tx, studyRow);
  const [series] = await changeableSeries(tx, [row]);
  await updateSeries(tx, row, changedSeries(series, study.attributes, changed(storedDataset(series.attributes), change)));
  await keepSeriesChange(tx, row, kept(series.change, change, reason));
  if (study.change === null) await keepStudyChange(tx, studyRow, kept(null, {}, reason)); // says to stores that something was changed in it
}

/** All changes in one; the last reason speaks for them. */
function kept(before: string | null, change: AttributeChange, reason: ChangeReason): string {
  const { attributes = {} } = before === null ? {} : (JSON.parse(before) as KeptChange); // written here
  return JSON.stringify({ reason, attributes: { ...attributes, ...change } } satisfies KeptChange);
}
