import type { Caller } from '../access/caller.js';
import { canonicalEvent } from './chain.js';

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
  | 'access.refused'
  | 'user.not-authenticated'
  | 'security.alert'
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
  | 'resource.deleted'
  | 'organisation.created'
  | 'account.created'
  | 'account.changed'
  | 'account.deleted'
  | 'client.created'
  | 'client.changed'
  | 'client.deleted'
  | 'login.succeeded'
  | 'login.failed'
  | 'access.granted'
  | 'access.ended'
  | 'issuer-keys.replaced'
  /** Something of a study or of the regulatory file was added: nothing there is ever changed. */
  | 'evidence.recorded'
  | 'evidence.signed'
  /** A model read a case of a study. */
  | 'evidence.case-read'
  /** A reader was shown a case, with or without the model's answer. */
  | 'evidence.case-shown'
  /** What a study's rules do not let anybody do. */
  | 'evidence.refused'
  /** What a record is told as whose text cannot be read; written by nobody. */
  | 'record.unreadable';

/** Who did it: of what a token and its holder's roles say. */
export interface Who {
  readonly kind: Caller['kind'];
  readonly tenant: number;
  readonly roles?: readonly string[];
  readonly client?: string;
  readonly fhirUser?: string;
  readonly tokenId?: string;
  readonly network?: string;
}

/** What is said of a caller in every record of what it did: who, why, by which door and request. */
export interface AccessFacts {
  readonly actor: string;
  readonly who: Who;
  /** A code of v3-PurposeOfUse. */
  readonly why?: string;
  readonly door?: string;
  readonly request?: string;
}

/** What may name people, and is kept beside the event, which has its digest alone (seal.ts). */
export interface Sealed {
  /** What was asked for, as it was written. */
  readonly query?: string;
  /** The caller's own words for why. */
  readonly reason?: string;
}

/** One event: who did what to what. No PHI: patients are named by the ids of their Patients, studies and instances by their rows. */
export interface LedgerEvent extends Partial<Omit<AccessFacts, 'actor'>> {
  readonly actor: string;
  readonly action: LedgerAction;
  readonly entity: { readonly type: string; readonly id: string; readonly version?: number };
  readonly changes: Readonly<Record<string, unknown>>;
  readonly reason: string;
  /** Whose organisation's it is, where nobody asked; else the caller's. */
  readonly tenant?: number;
  /** Ids of the FHIR Patients whom it is about. */
  readonly patients?: readonly string[];
  /** Refused: nothing was given or done (403), or the caller may not know that it is there (404). */
  readonly outcome?: 'success' | 'refused';
  /** Not part of the event's text. */
  readonly sealed?: Sealed;
}

/** What every record says of a caller. */
export function by({ id, kind, tenant, rights, client, fhirUser, tokenId, purposeOfUse, asking }: Caller): AccessFacts {
  return {
    actor: id,
    who: {
      kind,
      tenant,
      ...(rights && { roles: rights.roles }),
      ...(client !== undefined && { client }),
      ...(fhirUser !== undefined && { fhirUser }),
      ...(tokenId !== undefined && { tokenId }),
      ...(asking && { network: asking.network }),
    },
    ...(purposeOfUse !== undefined && { why: purposeOfUse }),
    ...(asking && { door: asking.door, request: asking.id }),
  };
}

/** What else is to be said of a look. */
export interface LookFacts extends Pick<LedgerEvent, 'outcome' | 'patients'> {
  /** What was asked for, of searches and refusals. */
  readonly query?: string;
}

/** Somebody looked at data: the one form that every way of reading records. */
export const fetched = (
  caller: Caller,
  entity: LedgerEvent['entity'],
  changes: LedgerEvent['changes'],
  { query, patients = [], outcome = 'success' }: LookFacts = {},
): LedgerEvent => ({
  ...by(caller),
  action: outcome === 'refused' ? 'access.refused' : 'data.fetched',
  entity,
  changes,
  reason: '',
  outcome,
  patients,
  sealed: sealedOf(caller, query),
});

/** What a look of this caller's keeps sealed; undefined where that is nothing. */
export const sealedOf = ({ reason }: Caller, query: string | undefined): Sealed | undefined =>
  query === undefined && reason === undefined
    ? undefined
    : { ...(query !== undefined && { query }), ...(reason !== undefined && { reason }) };

/**
 * The event as it is kept: canonical (RFC 8785), `occurred_at` added, its own text; `seal` is the digest of what is kept beside it. The chain
 * adds `seq`.
 */
export const recordText = ({ sealed: _sealed, ...event }: LedgerEvent, occurredAt: Date, seal?: string): string =>
  canonicalEvent({ occurred_at: occurredAt.toISOString(), ...event, ...(seal !== undefined && { seal }) });
