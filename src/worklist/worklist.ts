import type { Caller } from '../access/caller.js';
import { requireAll } from '../access/permits.js';
import type { Database } from '../database/database.js';
import type { Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import { firstText, items, tag, type DicomJson } from '../dicom/dicom-json.js';
import { by, fetched, type LedgerAction } from '../ledger/ledger-event.js';
import { askedText } from '../ledger/asked-text.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { refusedEntity } from '../ledger/refused-entity.js';
import { patientIdOf } from '../records/study-patient-id.js';
import { cancelRequested, changeReports } from './event-reports.js';
import { InconsistentState, WorkitemAbsent, WorkitemExists } from './faults.js';
import { announceCreation } from './subscriptions.js';
import { subscribersOf, tellSubscribers } from './subscriptions.sql.js';
import {
  CANCELED_AT,
  CONTACT_NAME,
  CONTACT_URI,
  dateTime,
  DISCONTINUATION_REASON,
  hasValue,
  MODIFIED,
  PROGRESS,
  REASON_FOR_CANCELLATION,
  STATE,
  type WorkitemState,
} from './workitem-attributes.js';
import { createdWorkitem, requireChange, updatedWorkitem, type StateChange } from './workitem-rules.js';
import type { WorkitemKey } from './workitem-keys.js';
import {
  insertWorkitem,
  lockWorkitem,
  matchingWorkitems,
  tellChanged,
  workitemOf,
  workitemPage,
  workitemsOf,
  writeWorkitem,
  type WorkitemRow,
} from './workitems.sql.js';

const PATIENT_ID = tag(0x0010, 0x0020);
const ISSUER_OF_PATIENT_ID = tag(0x0010, 0x0021);

/** The reason for a cancellation that gives none (PS3.16 CID 9300). */
const UNSPECIFIED: DicomJson = {
  '00080100': { vr: 'SH', Value: ['110513'] },
  '00080102': { vr: 'SH', Value: ['DCM'] },
  '00080104': { vr: 'LO', Value: ['Discontinued for unspecified reason'] },
};

/**
 * The worklist: workitems that clients create, take, report on and finish (UPS, PS3.4 Annex CC). All of it is on the ledger.
 * Workitems are Tasks to the rule of access; they name patients by what whoever made them wrote, so that all or none are open.
 */
export class Worklist {
  constructor(private readonly database: Database) {}

  /**
   * Creates a workitem (CC.2.5). `modified`: what had to be there and was not is there now, empty.
   * @throws MissingAttributes, BadAttributeValue, NotScheduled, WorkitemExists
   */
  async create(caller: Caller, workitemUID: string, sent: DicomJson): Promise<{ modified: boolean }> {
    requireAll(caller, ['Task'], 'c');
    const { attributes, modified } = createdWorkitem(sent, workitemUID, new Date());
    await this.database.transaction(async (tx) => {
      const id = await insertWorkitem(tx, workitemUID, attributes);
      if (id === undefined) throw new WorkitemExists();
      await record(tx, caller, 'workitem.created', { id, attributes }, {});
      await announceCreation(tx, id, workitemUID, attributes);
      await tellChanged(tx, workitemUID);
    });
    return { modified };
  }

  /** A workitem, without its Transaction UID (CC.2.7); the access is on record before it is given. Throws WorkitemAbsent. */
  async read(caller: Caller, workitemUID: string): Promise<DicomJson> {
    requireAll(caller, ['Task'], 'r');
    return this.database.transaction(async (tx) => {
      const row = await workitemOf(tx, workitemUID);
      if (!row) throw new WorkitemAbsent();
      await appendRecords(tx, [fetched(caller, { type: 'workitem', id: String(row.id) }, {}, { patients: patientsOf([row.attributes]) })]);
      return row.attributes;
    });
  }

  /** Workitems that match every key, and whether there are more of them (CC.2.8). Throws BadWorkitemKey. */
  async search(
    caller: Caller,
    { keys, limit, offset }: { readonly keys: readonly WorkitemKey[]; readonly limit: number; readonly offset: number },
  ): Promise<{ matches: DicomJson[]; more: boolean }> {
    requireAll(caller, ['Task'], 's');
    return this.database.transaction(async (tx) => {
      const rows = await matchingWorkitems(tx, keys, limit + 1, offset);
      const matches = rows.slice(0, limit).map(({ attributes }) => attributes);
      const asked = keys.map(({ path }) => path.join('.'));
      const look = { patients: patientsOf(matches), query: caller.asking?.address };
      await appendRecords(tx, [fetched(caller, { type: 'search', id: 'workitem' }, { keys: asked, matches: matches.length }, look)]);
      return { matches, more: rows.length > limit };
    });
  }

  /**
   * A stretch of the workitems that match every key, oldest first; on record. Throws BadWorkitemKey.
   * @param filter  what was asked for, as it was asked
   */
  async page(caller: Caller, keys: readonly WorkitemKey[], slice: Slice<number>, filter: object): Promise<ListedWorkitem[]> {
    requireAll(caller, ['Task'], 's');
    return this.database.transaction(async (tx) => {
      const rows = await workitemPage(tx, keys, slice);
      const asked = keys.map(({ path }) => path.join('.'));
      await appendRecords(tx, [
        fetched(
          caller,
          { type: 'search', id: 'workitem' },
          { keys: asked, matches: rows.length },
          { patients: patientsOf(rows.map(({ attributes }) => attributes)), query: askedText(filter) },
        ),
      ]);
      return rows.map(withoutKey);
    });
  }

  /** Workitems by their UIDs, in any order; on record. */
  async several(caller: Caller, workitemUIDs: readonly string[], misses: 'on record' | 'untold' = 'on record'): Promise<ListedWorkitem[]> {
    requireAll(caller, ['Task'], 'r');
    return this.database.transaction(async (tx) => {
      const rows = await workitemsOf(tx, workitemUIDs);
      const found = new Set(rows.map((row) => row.workitemUID));
      await appendRecords(tx, [
        ...rows.map(({ id, attributes }) =>
          fetched(caller, { type: 'workitem', id: String(id) }, {}, { patients: patientsOf([attributes]) }),
        ),
        // What is not there is on record too.
        ...workitemUIDs
          .filter((uid) => misses === 'on record' && !found.has(uid))
          .map((uid) => fetched(caller, refusedEntity('workitem', undefined).entity, { status: 404 }, { outcome: 'refused', query: uid })),
      ]);
      return rows.map(withoutKey);
    });
  }

  /** Changes attributes (CC.2.6). Throws WorkitemAbsent, and what `updatedWorkitem` throws. */
  async update(caller: Caller, workitemUID: string, sent: DicomJson, transactionUID: string | undefined): Promise<void> {
    requireAll(caller, ['Task'], 'u');
    await this.change(workitemUID, async (tx, row) => {
      const attributes = updatedWorkitem(row.attributes, sent, row, transactionUID, new Date());
      await record(tx, caller, 'workitem.updated', row, { attributes: Object.keys(sent) });
      return { ...row, attributes };
    });
  }

  /** Changes the state (CC.2.1). Throws WorkitemAbsent, and what `requireChange` throws. */
  async changeState(caller: Caller, workitemUID: string, to: WorkitemState, transactionUID: string | undefined): Promise<StateChange> {
    requireAll(caller, ['Task'], 'u');
    let outcome: StateChange = { already: false };
    await this.change(workitemUID, async (tx, row) => {
      outcome = requireChange(row, to, transactionUID);
      if (outcome.already) return row;
      await record(tx, caller, 'workitem.state-changed', row, { from: row.state, to });
      return inState(row, to, to === 'IN PROGRESS' ? (transactionUID ?? null) : row.transactionUID);
    });
    return outcome;
  }

  /**
   * Asks that a workitem be cancelled (CC.2.2): one that nobody has taken is cancelled at once, the performer of one in
   * progress is told. Throws WorkitemAbsent, InconsistentState where it is COMPLETED.
   */
  async requestCancellation(caller: Caller, workitemUID: string, request: DicomJson, requester: string | undefined): Promise<StateChange> {
    requireAll(caller, ['Task'], 'u');
    let already = false;
    await this.change(workitemUID, async (tx, row) => {
      if (row.state === 'COMPLETED') throw new InconsistentState('workitem-completed');
      already = row.state === 'CANCELED';
      if (already) return row;
      await record(tx, caller, 'workitem.cancellation-requested', row, { state: row.state });
      await tellSubscribers(tx, await subscribersOf(tx, workitemUID), [cancelRequested(workitemUID, requester, request)]);
      return row.state === 'SCHEDULED' ? inState(cancelled(row, request), 'CANCELED', null) : row;
    });
    return { already };
  }

  /** One change under the workitem's lock, with its event reports. */
  private async change(workitemUID: string, make: (tx: Transaction, row: WorkitemRow) => Promise<WorkitemRow>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const before = await lockWorkitem(tx, workitemUID);
      if (!before) throw new WorkitemAbsent();
      const after = await make(tx, before);
      if (after === before) return;
      await writeWorkitem(tx, after);
      const reports = changeReports(workitemUID, before.attributes, after.attributes);
      await tellSubscribers(tx, await subscribersOf(tx, workitemUID), reports);
      await tellChanged(tx, workitemUID);
    });
  }
}

/** A workitem as it is listed: with its place, without its Transaction UID. */
export type ListedWorkitem = Omit<WorkitemRow, 'transactionUID'>;

const withoutKey = ({ id, workitemUID, state, attributes }: WorkitemRow): ListedWorkitem => ({ id, workitemUID, state, attributes });

const record = (
  tx: Transaction,
  caller: Caller,
  action: LedgerAction,
  { id, attributes }: Pick<WorkitemRow, 'id' | 'attributes'>,
  changes: Readonly<Record<string, unknown>>,
) =>
  appendRecords(tx, [
    { ...by(caller), action, entity: { type: 'workitem', id: String(id) }, changes, reason: '', patients: patientsOf([attributes]) },
  ]);

/** Of those that name one: a workitem may be of nobody. */
const patientsOf = (all: readonly DicomJson[]): string[] => [
  ...new Set(
    all.flatMap((attributes) => {
      const [patientID, issuer] = [PATIENT_ID, ISSUER_OF_PATIENT_ID].map((at) => firstText(attributes, at)?.trim());
      return patientID ? [patientIdOf([patientID, issuer ?? null, ''])] : [];
    }),
  ),
];

const inState = (row: WorkitemRow, state: WorkitemState, transactionUID: string | null): WorkitemRow => ({
  ...row,
  state,
  transactionUID,
  attributes: { ...row.attributes, [STATE]: { vr: 'CS', Value: [state] }, [MODIFIED]: dateTime(new Date()) },
});

/** With the progress information that a cancelled workitem must have (CC.2.2.3), out of the request. */
function cancelled(row: WorkitemRow, request: DicomJson): WorkitemRow {
  const [progress = {}] = items(row.attributes, PROGRESS);
  const contact: DicomJson = Object.fromEntries(
    [CONTACT_URI, CONTACT_NAME].filter((tag) => request[tag]).map((tag) => [tag, request[tag]]),
  );
  const item: DicomJson = {
    ...progress,
    [CANCELED_AT]: dateTime(new Date()),
    [DISCONTINUATION_REASON]: hasValue(request, DISCONTINUATION_REASON)
      ? request[DISCONTINUATION_REASON]
      : { vr: 'SQ', Value: [UNSPECIFIED] },
    ...(request[REASON_FOR_CANCELLATION] ? { [REASON_FOR_CANCELLATION]: request[REASON_FOR_CANCELLATION] } : {}),
    ...(contact[CONTACT_URI] ? { '00741008': { vr: 'SQ', Value: [contact] } } : {}), // Procedure Step Communications URI Sequence
  };
  return { ...row, attributes: { ...row.attributes, [PROGRESS]: { vr: 'SQ', Value: [item] } } };
}
