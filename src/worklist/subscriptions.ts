import type { Caller } from '../access/caller.js';
import { refuseBrokenGlass } from '../access/one-look.js';
import { requireAll } from '../access/permits.js';
import type { Database } from '../database/database.js';
import { asServer } from '../database/scope.js';
import type { Transaction } from '../database/transaction.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import { appendRecords } from '../ledger/append-records.sql.js';
import { by, fetched } from '../ledger/ledger-event.js';
import { creationReports, stateReport } from './event-reports.js';
import { SubscriptionAbsent, WorkitemAbsent } from './faults.js';
import {
  deleteSubscriptions,
  eventOf,
  globalSubscriptions,
  matchesFilter,
  subscribeToAll,
  tellSubscribers,
  upsertSubscription,
  type EventReport,
} from './subscriptions.sql.js';
import type { WorkitemKey } from './workitem-keys.js';
import { matchingWorkitems, workitemOf } from './workitems.sql.js';

/** The well-known UIDs of all workitems, and of those that match a filter (PS3.4 CC.2.3.1). */
export const ALL_WORKITEMS = '1.2.840.10008.5.1.4.34.5';
export const MATCHING_WORKITEMS = '1.2.840.10008.5.1.4.34.5.1';
const PAGE = 500;
const isGlobal = (workitemUID: string): boolean => workitemUID === ALL_WORKITEMS || workitemUID === MATCHING_WORKITEMS;

export interface SubscriptionRequest {
  readonly subscriber: string;
  readonly workitemUID: string;
  readonly deletionLock: boolean;
  /** Of MATCHING_WORKITEMS only. */
  readonly filter: readonly WorkitemKey[];
}

/** Who is told of workitems (PS3.4 CC.2.3). Workitems are never deleted here, so every deletion lock is granted and holds. */
export class Subscriptions {
  constructor(private readonly database: Database) {}

  /** Subscribes to a workitem or, by a well-known UID, to all there are and all to come. Throws NotPermitted, WorkitemAbsent, BadWorkitemKey. */
  async subscribe(caller: Caller, { subscriber, workitemUID, deletionLock, filter }: SubscriptionRequest): Promise<void> {
    requireSubscriber(caller);
    await this.database.transaction(async (tx) => {
      if (isGlobal(workitemUID)) {
        const keys = workitemUID === MATCHING_WORKITEMS ? filter : [];
        await subscribeToAll(tx, subscriber, deletionLock, keys);
        await upsertSubscription(tx, subscriber, workitemUID, deletionLock, keys);
        // With a lock the subscriber is told of every one it now holds (CC.2.4.3).
        if (deletionLock) await tellStates(tx, subscriber, keys);
      } else {
        const row = await workitemOf(tx, workitemUID);
        if (!row) throw new WorkitemAbsent();
        await upsertSubscription(tx, subscriber, workitemUID, deletionLock, undefined);
        await tellSubscribers(tx, [subscriber], [stateReport(workitemUID, row.attributes)]);
      }
      await recordSubscription(tx, caller, subscriber, 'subscribed');
    });
  }

  /** Takes a subscription away; a global one with all that came of it. Throws SubscriptionAbsent. */
  async unsubscribe(caller: Caller, subscriber: string, workitemUID: string): Promise<void> {
    requireAll(caller, ['Task'], 's');
    await this.database.transaction(async (tx) => {
      const known = await deleteSubscriptions(tx, subscriber, isGlobal(workitemUID) ? 'all' : [workitemUID]);
      if (known === 0) throw new SubscriptionAbsent();
      await recordSubscription(tx, caller, subscriber, 'unsubscribed');
    });
  }

  /** Ends a global subscription for workitems to come; those that are there stay subscribed (CC.2.3.1). Throws SubscriptionAbsent. */
  async suspend(caller: Caller, subscriber: string, workitemUID: string): Promise<void> {
    requireSubscriber(caller);
    await this.database.transaction(async (tx) => {
      if (!isGlobal(workitemUID)) throw new SubscriptionAbsent();
      if ((await deleteSubscriptions(tx, subscriber, [workitemUID])) === 0) throw new SubscriptionAbsent();
      await recordSubscription(tx, caller, subscriber, 'suspended');
    });
  }

  /** Lets somebody hear what a subscriber is told, from now on; on record before they hear anything. Throws NotPermitted, DatabaseAway. */
  async listen(caller: Caller, subscriber: string): Promise<void> {
    requireSubscriber(caller);
    const changes = { what: 'event-channel', subscriber };
    await this.database.transaction((tx) =>
      appendRecords(tx, [fetched(caller, { type: 'Task', id: 'search' }, changes, { query: `subscribers/${subscriber}` })]),
    );
  }

  /** An event report of whichever tenant by its id, as NOTIFY gives it; undefined where it is gone. */
  async report(id: number): Promise<EventReport | undefined> {
    return asServer(() => this.database.statement((tx) => eventOf(tx, id)));
  }
}

/** Who is told of workitems may search all of them, and by no broken glass. Throws NotPermitted. */
function requireSubscriber(caller: Caller): void {
  refuseBrokenGlass(caller, 'Task', 's');
  requireAll(caller, ['Task'], 's');
}

/** The state of every workitem that matches, a page at a time: a worklist may be long. */
async function tellStates(tx: Transaction, subscriber: string, keys: readonly WorkitemKey[]): Promise<void> {
  for (let offset = 0; ; offset += PAGE) {
    const rows = await matchingWorkitems(tx, keys, PAGE, offset);
    const reports = rows.map(({ workitemUID, attributes }) => stateReport(workitemUID, attributes));
    await tellSubscribers(tx, [subscriber], reports);
    if (rows.length < PAGE) return;
  }
}

/** A new workitem is subscribed to for every global subscription that it matches, and they are told of it. */
export async function announceCreation(tx: Transaction, id: number, workitemUID: string, attributes: DicomJson): Promise<void> {
  const told: string[] = [];
  for (const { subscriber, deletionLock, filter } of await globalSubscriptions(tx, [ALL_WORKITEMS, MATCHING_WORKITEMS])) {
    if (!(await matchesFilter(tx, id, filter ?? []))) continue;
    await upsertSubscription(tx, subscriber, workitemUID, deletionLock, undefined);
    told.push(subscriber);
  }
  await tellSubscribers(tx, [...new Set(told)], creationReports(workitemUID, attributes));
}

const recordSubscription = (tx: Transaction, caller: Caller, subscriber: string, to: 'subscribed' | 'unsubscribed' | 'suspended') =>
  appendRecords(tx, [
    {
      ...by(caller),
      action: 'workitem.subscription-changed',
      entity: { type: 'subscriber', id: subscriber },
      changes: { to },
      reason: '',
    },
  ]);
