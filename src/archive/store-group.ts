import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { appendRecords } from '../ledger/ledger.sql.js';
import { event, thrownFields } from '../log.js';
import { enqueueWork } from '../work/work.sql.js';
import { Fault } from '../faults.js';
import { InstanceConflict, StudyGone } from './faults.js';
import { passGates } from './gates.sql.js';
import {
  insertInstances,
  insertSeries,
  insertStudies,
  instancesBySopInstanceUID,
  seriesRows,
  studyRows,
  type IndexedInstance,
} from './insert-instances.sql.js';
import { removeUnreferenced } from './remove-objects.js';
import type { ReceivedFile } from './storage/incoming-file.js';
import type { ObjectStorage } from './storage/object-storage.js';
import { READ_STUDY, STUDY_RECORDS } from './work-kinds.js';

/** An instance that is received and understood, on its way to being durable. */
export interface ArrivedInstance {
  readonly file: ReceivedFile;
  readonly index: IndexedInstance;
  readonly storedBy: string;
  /** Codes of what was odd about it. */
  readonly warnings: readonly string[];
}

/** What the index decided: stored now, the same bytes as before, or refused because other bytes hold the UID, or its study was deleted. */
export type StoreVerdict =
  { readonly kind: 'stored' | 'same'; readonly instanceRow: number; readonly studyRow: number } | InstanceConflict | StudyGone;

/**
 * How long a study rests while its request is still running, so that it is not read in the middle of it; a server
 * that dies in the middle leaves the work behind, due then. The request's end makes it due at once.
 */
export const REST_DURING_REQUEST_SECONDS = 5;

/** Makes a group of instances durable: files linked and synced, then one transaction for the index, the work and the ledger. */
export async function storeGroup(
  database: Database,
  storage: ObjectStorage,
  group: readonly ArrivedInstance[],
  restSeconds: number,
): Promise<StoreVerdict[]> {
  const files = group.map(({ file }) => file);
  const there = await storage.keep(files);
  const verdicts = await database.transaction((tx) => indexLiving(tx, group, restSeconds));
  // An object that was there already may have been purged before the rows were committed; since then it cannot be.
  if (there.size > 0) await storage.keep(files.filter(({ sha256 }) => there.has(sha256)));
  const refused = group.filter((_, i) => verdicts[i] instanceof Fault).map(({ index: { instance } }) => instance);
  // Where that fails an object is left that nobody refers to: a waste, and no fault of what was stored.
  if (refused.length > 0)
    await removeUnreferenced(database, storage, refused).catch((error: unknown) => event('archive.removal-failed', thrownFields(error)));
  await storage.settle(files);
  return verdicts;
}

/** What the server made of a study that was deleted meanwhile does not bring the study back. */
async function indexLiving(tx: Transaction, group: readonly ArrivedInstance[], restSeconds: number): Promise<StoreVerdict[]> {
  await passGates(tx, [...new Set(group.map(({ index: { study } }) => study.studyInstanceUID))]);
  const derived = group.filter(({ index: { instance } }) => instance.derived).map(({ index: { study } }) => study.studyInstanceUID);
  if (derived.length === 0) return index(tx, group, restSeconds);
  const living = new Set((await studyRows(tx, derived)).map(({ uid }) => uid));
  const stays = ({ index: { study, instance } }: ArrivedInstance): boolean => !instance.derived || living.has(study.studyInstanceUID);
  const staying = group.filter(stays);
  const verdicts = new Map((staying.length > 0 ? await index(tx, staying, restSeconds) : []).map((verdict, i) => [staying[i], verdict]));
  return group.map((one) => verdicts.get(one) ?? new StudyGone());
}

async function index(tx: Transaction, group: readonly ArrivedInstance[], restSeconds: number): Promise<StoreVerdict[]> {
  const studyOf = await indexStudies(tx, group);
  const seriesOf = await indexSeries(tx, group, studyOf);
  const placed = group.map(({ index: { study, series, instance } }) => {
    const studyRow = studyOf.get(study.studyInstanceUID)!; // inserted or found just now
    return { ...instance, studyRow, seriesRow: seriesOf.get(`${studyRow} ${series.seriesInstanceUID}`)! };
  });
  const first = new Map(placed.map((row, i) => [row.sopInstanceUID, i] as const).reverse()); // reverse: the first of twins wins
  const inserted = await insertInstances(
    tx,
    [...first.values()].map((i) => placed[i]),
  );
  const newRow = new Map(inserted.map(({ uid, id }) => [uid, id]));
  const holders = new Map((await instancesBySopInstanceUID(tx, [...first.keys()])).map((row) => [row.uid, row]));
  const verdicts = placed.map((row, i): StoreVerdict => {
    const holder = holders.get(row.sopInstanceUID)!; // it went in just now or was there
    if (newRow.has(row.sopInstanceUID) && first.get(row.sopInstanceUID) === i)
      return { kind: 'stored', instanceRow: holder.id, studyRow: row.studyRow };
    if (holder.sha256 === row.sha256) return { kind: 'same', instanceRow: holder.id, studyRow: row.studyRow };
    return new InstanceConflict();
  });
  await recordAndEnqueue(tx, group, verdicts, restSeconds);
  return verdicts;
}

async function indexStudies(tx: Transaction, group: readonly ArrivedInstance[]): Promise<Map<string, number>> {
  const studies = new Map(
    group.map(({ index: { study } }) => [study.studyInstanceUID, study]).reverse() as [string, IndexedInstance['study']][],
  );
  const find = async () => new Map((await studyRows(tx, [...studies.keys()])).map(({ uid, id }) => [uid, id]));
  const known = await find();
  const fresh = [...studies.values()].filter(({ studyInstanceUID }) => !known.has(studyInstanceUID));
  if (fresh.length === 0) return known;
  await insertStudies(tx, fresh);
  return find();
}

async function indexSeries(
  tx: Transaction,
  group: readonly ArrivedInstance[],
  studyOf: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const series = new Map(
    group
      .map(({ index: { study, series } }) => ({ ...series, studyRow: studyOf.get(study.studyInstanceUID)! }))
      .map((row) => [`${row.studyRow} ${row.seriesInstanceUID}`, row] as const)
      .reverse(),
  );
  const wanted = [...series.values()];
  const find = async () =>
    new Map(
      (
        await seriesRows(
          tx,
          wanted.map((s) => s.studyRow),
          wanted.map((s) => s.seriesInstanceUID),
        )
      ).map((row) => [`${row.studyRow} ${row.uid}`, row.id]),
    );
  const known = await find();
  const fresh = wanted.filter((row) => !known.has(`${row.studyRow} ${row.seriesInstanceUID}`));
  if (fresh.length === 0) return known;
  await insertSeries(tx, fresh);
  return find();
}

async function recordAndEnqueue(
  tx: Transaction,
  group: readonly ArrivedInstance[],
  verdicts: readonly StoreVerdict[],
  restSeconds: number,
): Promise<void> {
  await appendRecords(
    tx,
    group.map(({ file, storedBy, warnings, index: { instance } }, i) => {
      const verdict = verdicts[i];
      const refused = verdict instanceof Fault;
      return {
        actor: storedBy,
        action: refused ? ('instance.refused' as const) : ('instance.received' as const),
        entity: refused ? { type: 'file', id: file.sha256 } : { type: 'instance', id: String(verdict.instanceRow) },
        changes: {
          sha256: file.sha256,
          bytes: file.bytes,
          transferSyntaxUID: instance.transferSyntaxUID,
          ...(warnings.length > 0 ? { warnings } : {}),
          ...(refused ? {} : { again: verdict.kind === 'same' }),
        },
        reason: refused ? verdict.code : '',
      };
    }),
  );
  const changed = (derived: boolean) => [
    ...new Set(
      verdicts.flatMap((verdict, i) =>
        !(verdict instanceof Fault) && verdict.kind === 'stored' && (derived || !group[i].index.instance.derived)
          ? [String(verdict.studyRow)]
          : [],
      ),
    ),
  ];
  const toRead = changed(false);
  if (toRead.length > 0) await enqueueWork(tx, READ_STUDY, toRead, restSeconds);
  const toDescribe = changed(true);
  if (toDescribe.length > 0) await enqueueWork(tx, STUDY_RECORDS, toDescribe, restSeconds);
}
