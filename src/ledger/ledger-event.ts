import type { Caller } from '../access/caller.js';

/** What can stand in the ledger at this stage of the product. */
export type LedgerAction =
  | 'instance.received'
  | 'instance.refused'
  | 'image.read'
  | 'image.not-read'
  | 'image.failed'
  | 'study.failed'
  | 'reading.requested'
  | 'model.uploaded'
  | 'report.issued'
  | 'report.reviewed'
  | 'report.readdressed'
  | 'event.lost'
  | 'data.fetched'
  | 'workitem.created'
  | 'workitem.updated'
  | 'workitem.state-changed'
  | 'workitem.cancellation-requested'
  | 'workitem.subscription-changed'
  | 'data.deleted'
  | 'data.restored'
  | 'data.purged'
  | 'attributes.changed'
  | 'archive.damaged'
  | 'resource.created'
  | 'resource.updated'
  | 'resource.deleted';

/** One event: who did what to what. No PHI: patients are named by nothing, studies and instances by their ids. */
export interface LedgerEvent {
  readonly actor: string;
  readonly action: LedgerAction;
  readonly entity: { readonly type: string; readonly id: string; readonly version?: number };
  readonly changes: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

/** Somebody looked at data: the one form that every way of reading records. */
export const fetched = (caller: Caller, entity: LedgerEvent['entity'], changes: LedgerEvent['changes']): LedgerEvent => ({
  actor: caller.id,
  action: 'data.fetched',
  entity,
  changes,
  reason: '',
});

/** The event as it is kept: `occurred_at` added, its own text. The chain adds `seq`. */
export const recordText = (event: LedgerEvent, occurredAt: Date): string =>
  JSON.stringify({ occurred_at: occurredAt.toISOString(), ...event });
