import type { Transaction } from '../database/transaction.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { withChange, type KeptChange } from './attribute-change.js';
import {
  changeableInstancesByRow,
  changeableSeries,
  updateInstances,
  updateSeries,
  type ChangeableInstance,
  type ChangedInstance,
} from './change-attributes.sql.js';
import { changedInstance, changedSeries } from './changed-rows.js';
import { pagesOf } from './held-texts.js';
import { storedDataset } from './studies.js';
import { patientsOfStudies } from './patients-of-studies.js';

/**
 * Gives instances that came into a study later, or came back into it, the attributes that were changed of it and of their
 * series meanwhile; those that have them stay as they are. In the transaction that brought them, so that nobody sees them
 * otherwise; the study is closed to changes then, by the gate that stores pass.
 * @param came  rows of instances, and of series that came with them
 */
export async function takeOverChanges(
  tx: Transaction,
  came: { readonly instances: readonly number[]; readonly series: readonly number[] },
): Promise<void> {
  const now = new Date();
  const changedIn = new Map<number, number>();
  const rows = [...came.instances].sort((one, other) => one - other);
  for await (const found of pagesOf((some) => changeableInstancesByRow(tx, some), rows)) {
    const changed = found.flatMap((row) => takenOver(row, now) ?? []);
    await updateInstances(tx, changed);
    for (const { studyRow } of changed) changedIn.set(studyRow, (changedIn.get(studyRow) ?? 0) + 1);
  }
  // Their answers tell of the study, too.
  for (const series of await changeableSeries(tx, came.series))
    if (series.studyChanged)
      await updateSeries(tx, series.id, changedSeries(series, series.studyAttributes, storedDataset(series.attributes)));
  for (const [studyRow, instances] of changedIn)
    await appendRecords(tx, [
      {
        actor: 'wetread',
        action: 'attributes.changed',
        entity: { type: 'study', id: String(studyRow) },
        changes: { instances },
        reason: 'the study or series was changed before they came',
        patients: await patientsOfStudies(tx, [studyRow]),
      },
    ]);
}

function takenOver(row: ChangeableInstance, now: Date): (ChangedInstance & { readonly studyRow: number }) | undefined {
  const before = storedDataset(row.metadata);
  const after = [row.studyChange, row.seriesChange]
    .filter((text) => text !== null)
    .map((text) => JSON.parse(text) as KeptChange) // ChangeAttributes wrote it
    .reduce((dataset, { attributes, reason }) => withChange(dataset, attributes, reason, now) ?? dataset, before);
  return after === before ? undefined : { ...changedInstance(row, after), studyRow: row.studyRow };
}
