import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { asFault } from '../faults.js';
import { event } from '../log.js';
import type { PublicAddress } from '../public-address.js';
import type { Edits } from '../records/edit/edits.js';
import type { WorkHandler } from '../work/work-queue.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { EndpointFailed } from './faults.js';
import { notificationText } from './notification.js';
import type { Makers } from './makers.js';
import { send } from './send.js';
import { writeStatus } from './subscription-status.js';
import type { Subscriptions } from './subscriptions.js';
import { eventsBetween, markFailed, markSent, stateOf, suspend, type StateRow } from './subscriptions.sql.js';
import { HEARTBEAT, NOTIFY, SUBSCRIPTION_ENDS } from './work-kinds.js';

/** What the three works on a subscription stand on. */
export interface Sending {
  readonly database: Database;
  readonly edits: Edits;
  readonly subscriptions: Subscriptions;
  readonly makers: Makers;
  readonly address: PublicAddress;
  /** Hosts within the operator's networks that may be posted to. */
  readonly allowed: readonly string[];
}

const factsOf = ({ id, topic, status, events }: StateRow) => ({ id, topic, status, events });

/** Tries before it is given up: with these waits, some minutes. */
const MOST_TRIES = 10;
const LONGEST_WAIT_SECONDS = 60;

/** A try failed: the next comes later, and after the last the Subscription says so; its client asks for it again when it can be reached. */
async function failed(tx: Transaction, { edits }: Sending, { id, failures }: StateRow, kind: string, fault: EndpointFailed): Promise<void> {
  if (failures + 1 < MOST_TRIES) {
    const wait = Math.min(LONGEST_WAIT_SECONDS, 0.5 * 2 ** (failures + 1));
    await markFailed(tx, id, wait);
    await enqueueWork(tx, kind, [id], wait);
    return;
  }
  await suspend(tx, id);
  const error = `Notifications could not be delivered. ${fault.message}`;
  await writeStatus(tx, edits, id, { status: 'active' }, { status: 'error', error }).catch((cause: unknown) => {
    if (asFault(cause).status >= 500) throw cause; // else it was deleted meanwhile
  });
}

/** Seconds until it may be tried again after it failed; none where it did not. */
const waitOf = ({ retryAt }: StateRow): number => (retryAt === null ? 0 : (retryAt.getTime() - Date.now()) / 1000);

/** Posts events to a subscription's endpoint, in their order (work kind `notify-subscription`). */
export class NotifySubscription implements WorkHandler {
  readonly kind = NOTIFY;
  readonly concurrency = 8;
  readonly attempts = 10;

  constructor(readonly sending: Sending) {}

  async work(id: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const { database, subscriptions, makers, address, allowed } = this.sending;
    const state = await database.statement((tx) => stateOf(tx, id));
    if (state?.status !== 'active' || state.form.channel !== 'rest-hook') return;
    const { maxCount, content, heartbeatSeconds } = state.form;
    const wait = waitOf(state);
    if (wait > 0) return async (tx) => void (await enqueueWork(tx, NOTIFY, [id], wait)); // another event is no reason to hurry
    const rows = await database.statement((tx) => eventsBetween(tx, id, state.delivered, state.events, maxCount));
    if (rows.length === 0) return;
    const maker = await makers.of(id);
    if (maker === undefined) return (tx) => makers.end(tx, id);
    const events = await subscriptions.told({ caller: maker, maker }, id, rows, content);
    try {
      await send(state.form, notificationText(factsOf(state), 'event-notification', address.fhir, events, content), allowed);
    } catch (error) {
      if (!(error instanceof EndpointFailed)) throw error;
      return (tx) => failed(tx, this.sending, state, NOTIFY, error);
    }
    const { number } = events[events.length - 1];
    return async (tx) => {
      await markSent(tx, id, number);
      if (number < state.events) await enqueueWork(tx, NOTIFY, [id]);
      if (heartbeatSeconds !== undefined) await enqueueWork(tx, HEARTBEAT, [id], heartbeatSeconds);
      await wakeWorkers(tx, NOTIFY);
    };
  }

  async gaveUp(_tx: Transaction, _id: string, faultCode: string): Promise<void> {
    event('delivery.not-notified', { faultCode }); // the server's own fault: the next event, or a heartbeat, tries again
  }
}

/** A notification without an event where there was none for a while (work kind `subscription-heartbeat`). */
export class SendHeartbeat implements WorkHandler {
  readonly kind = HEARTBEAT;
  readonly concurrency = 4;
  readonly attempts = 10;

  constructor(private readonly sending: Sending) {}

  async work(id: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const { database, makers, address, allowed } = this.sending;
    const state = await database.statement((tx) => stateOf(tx, id));
    const period = state?.form.heartbeatSeconds;
    if (state?.status !== 'active' || state.form.channel !== 'rest-hook' || period === undefined) return;
    const wait = waitOf(state);
    if (wait > 0) return async (tx) => void (await enqueueWork(tx, HEARTBEAT, [id], wait));
    const left = period - (Date.now() - (state.lastSent?.getTime() ?? 0)) / 1000;
    if (left > 0) return async (tx) => void (await enqueueWork(tx, HEARTBEAT, [id], left));
    if ((await makers.of(id)) === undefined) return (tx) => makers.end(tx, id);
    try {
      await send(state.form, notificationText(factsOf(state), 'heartbeat', address.fhir), allowed);
    } catch (error) {
      if (!(error instanceof EndpointFailed)) throw error;
      return (tx) => failed(tx, this.sending, state, HEARTBEAT, error);
    }
    return async (tx) => {
      await markSent(tx, id, 0);
      await enqueueWork(tx, HEARTBEAT, [id], period);
    };
  }

  async gaveUp(_tx: Transaction, _id: string, faultCode: string): Promise<void> {
    event('delivery.no-heartbeat', { faultCode });
  }
}

/** Turns a Subscription off at its end (work kind `subscription-ends`). */
export class EndSubscription implements WorkHandler {
  readonly kind = SUBSCRIPTION_ENDS;
  readonly concurrency = 1;
  readonly attempts = 10;

  constructor(private readonly sending: Sending) {}

  async work(id: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const state = await this.sending.database.statement((tx) => stateOf(tx, id));
    if (state?.endsAt === null || state === undefined) return;
    const left = (state.endsAt.getTime() - Date.now()) / 1000; // it may have been put off meanwhile
    if (left > 0) return async (tx) => void (await enqueueWork(tx, SUBSCRIPTION_ENDS, [id], left));
    return async (tx) => void (await writeStatus(tx, this.sending.edits, id, { status: 'active' }, { status: 'off' })); // which forgets it
  }

  async gaveUp(_tx: Transaction, _id: string, faultCode: string): Promise<void> {
    event('delivery.end-not-written', { faultCode });
  }
}
