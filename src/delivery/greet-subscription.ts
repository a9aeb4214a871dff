import type { Subscription } from 'fhir/r4.js';
import { createHash } from 'node:crypto';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { event } from '../log.js';
import type { PublicAddress } from '../public-address.js';
import type { Edits } from '../records/edit/edits.js';
import { HeaderNotKept } from '../records/edit/faults.js';
import { unmasked } from '../records/edit/masked-headers.js';
import type { Records } from '../records/records.js';
import { keptBeside } from '../records/store/subscription-owner.sql.js';
import { watchType } from '../records/store/watched.sql.js';
import type { WorkHandler } from '../work/work-queue.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { EndpointFailed, SubscriptionUnusable } from './faults.js';
import { notificationText } from './notification.js';
import { send } from './send.js';
import { subscriptionForm, type SubscriptionForm } from './subscription-form.js';
import { writeStatus } from './subscription-status.js';
import { activate, forget, stateOf, suspend } from './subscriptions.sql.js';
import { HEARTBEAT, NOTIFY, SUBSCRIPTION_CHANGED, SUBSCRIPTION_ENDS } from './work-kinds.js';

/** Greets who wants to hear, and says in the Subscription what came of it (work kind `subscription-changed`). */
export class GreetSubscription implements WorkHandler {
  readonly kind = SUBSCRIPTION_CHANGED;
  readonly concurrency = 8;
  readonly attempts = 8;

  constructor(
    private readonly database: Database,
    private readonly records: Records,
    private readonly edits: Edits,
    private readonly address: PublicAddress,
    private readonly allowed: readonly string[],
  ) {}

  async work(subject: string): Promise<((tx: Transaction) => Promise<void>) | void> {
    const [id, version] = subject.split('/');
    const resource = await this.database.statement((tx) => this.records.current<Subscription>(tx, 'Subscription', id));
    if (resource === undefined || resource.status === 'off') return (tx) => this.end(tx, id);
    if (resource.meta?.versionId !== version) return; // a later one is greeted by itself
    // Who says so themselves hears nothing more either.
    if (resource.status === 'error') return async (tx) => void (await suspend(tx, id));
    return this.greet(id, Number(version), resource);
  }

  async gaveUp(tx: Transaction, subject: string, faultCode: string): Promise<void> {
    const [id] = subject.split('/');
    event('delivery.subscription-not-greeted', { faultCode });
    await suspend(tx, id);
    await writeStatus(tx, this.edits, id, { status: 'requested' }, { status: 'error', error: `It could not be greeted (${faultCode}).` });
  }

  private async greet(id: string, version: number, resource: Subscription): Promise<((tx: Transaction) => Promise<void>) | void> {
    const base = this.address.fhir;
    try {
      const [kept] = await this.database.statement((tx) => keptBeside(tx, [id]));
      const form = subscriptionForm(unmasked(resource, kept?.headers ?? {}), base);
      const digest = createHash('sha256').update(JSON.stringify(form)).digest('hex');
      const state = await this.database.statement((tx) => stateOf(tx, id));
      if (resource.status === 'active' && state?.status === 'active' && state.digest === digest) return; // our own word
      // Nothing goes to where it does not want it any more, nor to where it does not take it yet.
      if (state !== undefined) await this.database.statement((tx) => suspend(tx, id));
      const facts = { id, topic: form.topic, status: 'requested', events: state?.events ?? 0 } as const;
      if (form.channel === 'rest-hook') await send(form, notificationText(facts, 'handshake', base), this.allowed);
      return (tx) => this.begin(tx, { id, version }, form, digest);
    } catch (error) {
      if (!(error instanceof SubscriptionUnusable || error instanceof EndpointFailed || error instanceof HeaderNotKept)) throw error;
      return async (tx) => {
        await suspend(tx, id);
        await writeStatus(tx, this.edits, id, { version }, { status: 'error', error: error.message });
      };
    }
  }

  private async begin(
    tx: Transaction,
    { id, version }: { id: string; version: number },
    form: SubscriptionForm,
    digest: string,
  ): Promise<void> {
    await writeStatus(tx, this.edits, id, { version }, { status: 'active' });
    await activate(tx, id, form, digest);
    await watchType(tx, 'DiagnosticReport');
    if (form.channel === 'rest-hook') await enqueueWork(tx, NOTIFY, [id]); // what it missed while it could not be reached
    if (form.channel === 'rest-hook' && form.heartbeatSeconds !== undefined) await enqueueWork(tx, HEARTBEAT, [id], form.heartbeatSeconds);
    if (form.end !== undefined) await enqueueWork(tx, SUBSCRIPTION_ENDS, [id], Math.max(0, (Date.parse(form.end) - Date.now()) / 1000));
    await wakeWorkers(tx, NOTIFY);
  }

  /** Unless it was asked for again meanwhile. */
  private async end(tx: Transaction, id: string): Promise<void> {
    const now = await this.records.current<Subscription>(tx, 'Subscription', id);
    if (now === undefined || now.status === 'off') await forget(tx, id);
  }
}
