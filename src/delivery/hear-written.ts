import type { Subscription } from 'fhir/r4.js';
import { createHash } from 'node:crypto';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { event } from '../log.js';
import type { PublicAddress } from '../public-address.js';
import type { Edits } from '../records/edit/edits.js';
import type { Records } from '../records/records.js';
import { watchType } from '../records/store/watched.sql.js';
import { parseWrittenSubject, RECORD_WRITTEN } from '../records/work-kinds.js';
import type { WorkHandler } from '../work/work-queue.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { EndpointFailed, SubscriptionUnusable } from './faults.js';
import { notificationText } from './notification.js';
import { raise } from './raise.js';
import { send } from './send.js';
import { subscriptionForm, type SubscriptionForm } from './subscription-form.js';
import { writeStatus } from './subscription-status.js';
import { activate, forget, stateOf } from './subscriptions.sql.js';
import { TOPICS, type ReportState } from './topics.js';
import { HEARTBEAT, NOTIFY, SUBSCRIPTION_ENDS } from './work-kinds.js';

type Effect = (tx: Transaction) => Promise<void>;

/** Hears of written versions (work kind `record-written`): Subscriptions become active or end, reports become events. */
export class HearWritten implements WorkHandler {
  readonly kind = RECORD_WRITTEN;
  readonly concurrency = 4;
  readonly attempts = 8;

  constructor(
    private readonly database: Database,
    private readonly records: Records,
    private readonly edits: Edits,
    private readonly address: PublicAddress,
    private readonly allowed: readonly string[],
  ) {}

  async work(subject: string): Promise<Effect | void> {
    const { type, id, version } = parseWrittenSubject(subject);
    return type === 'Subscription' ? this.subscription(id, version) : this.version(type, id, version);
  }

  async gaveUp(_tx: Transaction, _subject: string, faultCode: string): Promise<void> {
    event('delivery.version-not-heard', { faultCode });
  }

  /** Greets who wants to hear, and says in the Subscription what came of it. */
  private async subscription(id: string, version: number): Promise<Effect | void> {
    const [resource, state] = await this.database.statement((tx) =>
      Promise.all([this.records.current<Subscription>(tx, 'Subscription', id), stateOf(tx, id)]),
    );
    if (resource === undefined || resource.status === 'off') return async (tx) => void (await forget(tx, id));
    if (Number(resource.meta?.versionId) !== version || resource.status === 'error') return; // a later one is heard by itself
    const asked = { id, version };
    try {
      const form = subscriptionForm(resource);
      const digest = createHash('sha256').update(JSON.stringify(form)).digest('hex');
      if (resource.status === 'active' && state?.status === 'active' && state.digest === digest) return; // our own word
      const facts = { id, topic: form.topic, status: 'requested', events: state?.events ?? 0 } as const;
      if (form.channel === 'rest-hook') await send(form, notificationText(facts, 'handshake', this.base), this.allowed);
      return (tx) => this.begin(tx, asked, form, digest);
    } catch (error) {
      if (!(error instanceof SubscriptionUnusable || error instanceof EndpointFailed)) throw error;
      return async (tx) => void (await writeStatus(tx, this.edits, asked, 'error', error.message));
    }
  }

  private async begin(tx: Transaction, asked: { id: string; version: number }, form: SubscriptionForm, digest: string): Promise<void> {
    const { id } = asked;
    await activate(tx, id, form, digest);
    await watchType(tx, 'DiagnosticReport');
    await writeStatus(tx, this.edits, asked, 'active');
    if (form.channel === 'rest-hook') await enqueueWork(tx, NOTIFY, [id]); // what it missed while it could not be reached
    if (form.channel === 'rest-hook' && form.heartbeatSeconds !== undefined) await enqueueWork(tx, HEARTBEAT, [id], form.heartbeatSeconds);
    if (form.end !== undefined) await enqueueWork(tx, SUBSCRIPTION_ENDS, [id], Math.max(0, (Date.parse(form.end) - Date.now()) / 1000));
    await wakeWorkers(tx, NOTIFY);
  }

  /** What a version of a report is an event of. */
  private async version(type: string, id: string, version: number): Promise<Effect | void> {
    const [after, before] = await this.database.statement((tx) =>
      Promise.all([
        this.records.version(tx, type, id, version),
        version === 1 ? undefined : this.records.version(tx, type, id, version - 1),
      ]),
    );
    if (after === undefined) return; // a deletion is no event of these topics
    const { lastUpdated } = after.meta ?? {};
    const raised = TOPICS.filter(
      ({ focus, triggers }) => focus === type && triggers(after as ReportState, before as ReportState | undefined),
    );
    return async (tx) => {
      for (const topic of raised) await raise(tx, topic, id, new Date(lastUpdated ?? 0));
    };
  }

  private get base(): string {
    return `${this.address.base}/fhir`;
  }
}
