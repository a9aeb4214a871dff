import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { by } from '../ledger/ledger-event.js';
import { event, thrownFields } from '../log.js';
import { enqueueAll } from '../work/work.sql.js';
import { Fault } from '../faults.js';
import { InstanceConflict, StudyGone } from './faults.js';
import { isHeld, passGates } from './gates.sql.js';
import {
  insertInstances,
  insertSeries,
  insertStudies,
  instancesBySopInstanceUID,
  removeUnheld,
  type InstanceHolder,
  type IndexedInstance,
  type PlacedInstance,
} from './insert-instances.sql.js';
import type { KnownSeries } from './known-series.js';
import { removeUnreferenced } from './remove-objects.js';
import type { ReceivedFile } from './storage/incoming-file.js';
import type { ObjectStorage } from './storage/object-storage.js';
import { StudyHeld } from './study-lanes.js';
import { takeOverChanges } from './take-over-changes.js';
import { READ_STUDY, STUDY_RECORDS } from './work-kinds.js';

/** An instance that is received and understood, on its way to being durable. */
export interface ArrivedInstance {
  readonly file: ReceivedFile;
  readonly index: IndexedInstance;
  readonly storedBy: Caller;
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

export interface StoreGroupOptions {
  readonly restSeconds: number;
  readonly known: KnownSeries;
  /** Waits for studies that are held by a change or deletion. */
  readonly patient: boolean;
}

/**
 * Makes a group of instances durable: files linked and synced, then one transaction for the index, the work and the ledger.
 * Throws StudyHeld where it is not to wait.
 */
export async function storeGroup(
  database: Database,
  storage: ObjectStorage,
  group: readonly ArrivedInstance[],
  options: StoreGroupOptions,
): Promise<StoreVerdict[]> {
  const files = group.map(({ file }) => file);
  const hashes = files.map(({ sha256 }) => sha256);
  const verdicts = await storage.claims.whileStoring(hashes, async () => {
    const there = await storage.keep(files);
    const decided = await database
      .transaction((tx) => index(tx, group, options))
      .catch((error: unknown) => Promise.reject(isHeld(error) ? new StudyHeld() : error));
    // An object that was there already may have been purged by another server before the rows were committed; since then it cannot be.
    if (there.size > 0) await storage.keep(files.filter(({ sha256 }) => there.has(sha256)));
    return decided;
  });
  // Committed: from now on others see them, and so may this server's next group.
  options.known.add(group.filter((_, i) => !(verdicts[i] instanceof Fault)).map(({ index: { uids } }) => uids));
  const refused = group.filter((_, i) => verdicts[i] instanceof Fault).map(({ file }) => file.sha256);
  // Where that fails an object is left that nobody refers to: a waste, and no fault of what was stored.
  if (refused.length > 0)
    await removeUnreferenced(database, storage, refused).catch((error: unknown) => event('archive.removal-failed', thrownFields(error)));
  await storage.settle(files);
  return verdicts;
}

/**
 * Two round trips for most groups: the rows go in, each placed by its UIDs; then what became of them is put on record, with
 * the work it makes, and committed.
 */
async function index(
  tx: Transaction,
  group: readonly ArrivedInstance[],
  { known, patient, restSeconds }: StoreGroupOptions,
): Promise<StoreVerdict[]> {
  tx.alongCommit(passGates(tx, [...new Set(group.map(({ index: { uids } }) => uids.studyInstanceUID))], patient));
  const placed = group.map(({ index: { uids, instance } }) => ({ ...instance, ...uids }));
  const first = firstBy(placed, ({ sopInstanceUID }) => sopInstanceUID);
  const made = await insert(tx, group, [...first.values()], known);
  const inserted = new Map(made.instances.map((row) => [row.uid, row]));
  const verdicts = placed.map((row): StoreVerdict => {
    const twin = first.get(row.sopInstanceUID);
    const own = inserted.get(row.sopInstanceUID);
    if (own && twin === row) return { kind: 'stored', instanceRow: own.id, studyRow: own.studyRow };
    const holder = own && twin ? { ...own, sha256: twin.sha256 } : made.holders.get(row.sopInstanceUID);
    if (!holder) return new StudyGone();
    return holder.sha256 === row.sha256 ? { kind: 'same', instanceRow: holder.id, studyRow: holder.studyRow } : new InstanceConflict();
  });
  const inChanged = made.instances.filter(({ changed }) => changed);
  if (inChanged.length > 0) await takeOverChanges(tx, { instances: rowsOf(inChanged), series: rowsOf(made.series) });
  if (verdicts.some((verdict) => verdict instanceof InstanceConflict))
    tx.alongCommit(removeUnheld(tx, rowsOf(made.studies), rowsOf(made.series)));
  recordAndEnqueue(tx, group, verdicts, restSeconds);
  return verdicts;
}

interface Made {
  readonly studies: readonly { readonly id: number }[];
  readonly series: readonly { readonly id: number }[];
  readonly instances: Awaited<ReturnType<typeof insertInstances>>;
  /** What has the UIDs that did not go in; none where the study of a derived instance was deleted meanwhile. */
  readonly holders: ReadonlyMap<string, InstanceHolder>;
}

/**
 * Inserts instances, and before them the studies and series that are not known to be there: each statement sees what those
 * before it did, none waits for an answer. What the server made of a study that was deleted meanwhile does not bring the study
 * back: no study is inserted for it, and it finds none.
 */
async function insert(
  tx: Transaction,
  group: readonly ArrivedInstance[],
  instances: readonly PlacedInstance[],
  known: KnownSeries,
): Promise<Made> {
  const unknown = group.filter(({ index: { uids } }) => !known.has(uids));
  const received = unknown.filter(({ index: { instance } }) => !instance.derived);
  const studies = [...firstBy(received, ({ index: { uids } }) => uids.studyInstanceUID).values()].map(({ index }) => index.study);
  const series = [...firstBy(unknown, ({ index: { uids } }) => `${uids.studyInstanceUID} ${uids.seriesInstanceUID}`).values()];
  const [newStudies, newSeries, stored] = await Promise.all([
    studies.length > 0 ? insertStudies(tx, studies) : [],
    series.length > 0
      ? insertSeries(
          tx,
          series.map(({ index }) => ({ ...index.series, ...index.uids })),
        )
      : [],
    insertInstances(tx, instances),
  ]);
  const taken = new Set(stored.map(({ uid }) => uid));
  const left = instances.filter(({ sopInstanceUID }) => !taken.has(sopInstanceUID)).map(({ sopInstanceUID }) => sopInstanceUID);
  const holders = new Map((left.length > 0 ? await instancesBySopInstanceUID(tx, left) : []).map((row) => [row.uid, row]));
  if (unknown.length < group.length && left.some((uid) => !holders.has(uid))) {
    known.forgetAll(); // one of them was deleted: everything is sent, to what is there by now
    const again = await insert(
      tx,
      group,
      instances.filter(({ sopInstanceUID }) => left.includes(sopInstanceUID)),
      known,
    );
    return {
      studies: [...newStudies, ...again.studies],
      series: [...newSeries, ...again.series],
      instances: [...stored, ...again.instances],
      holders: new Map([...holders, ...again.holders]),
    };
  }
  return { studies: newStudies, series: newSeries, instances: stored, holders };
}

const rowsOf = (made: readonly { readonly id: number }[]): number[] => made.map(({ id }) => id);

/** The first of each kind, in order of arrival: the first of twins wins. */
function firstBy<T>(all: readonly T[], kind: (one: T) => string): Map<string, T> {
  const first = new Map<string, T>();
  for (const one of all) if (!first.has(kind(one))) first.set(kind(one), one);
  return first;
}

function recordAndEnqueue(
  tx: Transaction,
  group: readonly ArrivedInstance[],
  verdicts: readonly StoreVerdict[],
  restSeconds: number,
): void {
  const records = appendRecords(
    tx,
    group.map(({ file, storedBy, warnings, index: { instance, patient } }, i) => {
      const verdict = verdicts[i];
      const refused = verdict instanceof Fault;
      return {
        ...by(storedBy),
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
        patients: [patient],
      };
    }),
  );
  tx.alongCommit(records);
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
  const toDescribe = changed(true);
  const work = [
    ...toRead.map((subject) => ({ kind: READ_STUDY, subject })),
    ...toDescribe.map((subject) => ({ kind: STUDY_RECORDS, subject })),
  ];
  if (work.length > 0) tx.alongCommit(enqueueAll(tx, work, restSeconds));
}
