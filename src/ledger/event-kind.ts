import type { LedgerAction } from './ledger-event.js';
import type { RefusedInteraction } from './refused-interaction.js';

/** C, R, U, D, E (R4 valueset-audit-event-action). */
export type ActionCode = 'C' | 'R' | 'U' | 'D' | 'E';

/** What kind of event a record tells of, in the codes that auditors search by; '' where there is none. */
export interface EventKind {
  /** `rest` of audit-event-type, or a DICOM event id (PS3.16 CID 400). */
  readonly type: string;
  /** An interaction of FHIR's, an IHE transaction, or a DICOM event type (PS3.16 CID 401). */
  readonly subtype: string;
  readonly action: ActionCode;
}

/** DICOM event ids (PS3.16 CID 400) and event types (CID 401). */
export const APPLICATION_ACTIVITY = '110100';
export const INSTANCES_ACCESSED = '110103';
export const INSTANCES_TRANSFERRED = '110104';
export const STUDY_DELETED = '110105';
export const QUERY = '110112';
export const SECURITY_ALERT = '110113';
export const USER_AUTHENTICATION = '110114';
const LOGIN = '110122';
const LOGOUT = '110123';
const RESTRICTED_FUNCTION = '110132';
const SECURITY_CONFIGURATION = '110129';
const USER_ATTRIBUTES_CHANGED = '110137';
/** IHE IUA: Get Access Token, as BALP's IHE.IUA.71 has it. */
const GET_ACCESS_TOKEN = 'ITI-71';
/** IHE RAD: WADO-RS Retrieve, Store Instances Over the Web, QIDO-RS Query. */
const RETRIEVE = 'RAD-107';
const STORE = 'RAD-108';
const QIDO = 'RAD-129';

/** PS3.15 A.5.3.12, User Authentication: the action is always E. */
const authentication = (subtype: string): EventKind => ({ type: USER_AUTHENTICATION, subtype, action: 'E' });
/** PS3.15 A.5.3.11, Security Alert: the action is always E. */
const alert = (subtype: string): EventKind => ({ type: SECURITY_ALERT, subtype, action: 'E' });
const rest = (subtype: string, action: ActionCode): EventKind => ({ type: 'rest', subtype, action });

/** What is the same whatever the event is about. Apps and systems have attributes of security as people have. */
const OF_ACTION: Readonly<Partial<Record<LedgerAction, EventKind>>> = {
  'instance.received': { type: INSTANCES_TRANSFERRED, subtype: STORE, action: 'C' },
  'instance.refused': { type: INSTANCES_TRANSFERRED, subtype: STORE, action: 'C' },
  'image.read': { type: INSTANCES_ACCESSED, subtype: '', action: 'R' },
  'image.not-read': { type: INSTANCES_ACCESSED, subtype: '', action: 'R' },
  'image.failed': { type: INSTANCES_ACCESSED, subtype: '', action: 'R' },
  'attributes.changed': { type: INSTANCES_ACCESSED, subtype: '', action: 'U' },
  'data.deleted': { type: STUDY_DELETED, subtype: '', action: 'D' },
  'data.purged': { type: STUDY_DELETED, subtype: '', action: 'D' },
  'data.restored': { type: INSTANCES_ACCESSED, subtype: '', action: 'C' },
  'archive.damaged': alert(''),
  'security.alert': alert(''),
  'user.not-authenticated': authentication(LOGIN),
  'login.succeeded': authentication(LOGIN),
  'login.failed': authentication(LOGIN),
  'access.granted': authentication(GET_ACCESS_TOKEN),
  'access.ended': authentication(LOGOUT),
  'organisation.created': alert(SECURITY_CONFIGURATION),
  'account.created': alert(USER_ATTRIBUTES_CHANGED),
  'account.changed': alert(USER_ATTRIBUTES_CHANGED),
  'account.deleted': alert(USER_ATTRIBUTES_CHANGED),
  'client.created': alert(USER_ATTRIBUTES_CHANGED),
  'client.changed': alert(USER_ATTRIBUTES_CHANGED),
  'client.deleted': alert(USER_ATTRIBUTES_CHANGED),
  'issuer-keys.replaced': alert(SECURITY_CONFIGURATION),
  'resource.created': rest('create', 'C'),
  'resource.updated': rest('update', 'U'),
  'resource.deleted': rest('delete', 'D'),
  'evidence.recorded': rest('create', 'C'),
  'evidence.signed': rest('create', 'C'),
  'evidence.case-read': { type: INSTANCES_ACCESSED, subtype: '', action: 'R' },
  'evidence.case-shown': { type: INSTANCES_ACCESSED, subtype: '', action: 'R' },
  'evidence.refused': rest('create', 'C'),
  'report.issued': rest('create', 'C'),
  'report.reviewed': rest('update', 'U'),
  'report.readdressed': rest('update', 'U'),
  'workitem.created': rest('create', 'C'),
  'workitem.updated': rest('update', 'U'),
  'workitem.state-changed': rest('update', 'U'),
  'workitem.cancellation-requested': rest('update', 'U'),
  'workitem.subscription-changed': rest('update', 'U'),
};

/** What was refused is found as what would have been done. */
const OF_REFUSED: Readonly<Record<Exclude<RefusedInteraction, 'retrieve'>, EventKind>> = {
  read: rest('read', 'R'),
  vread: rest('vread', 'R'),
  create: rest('create', 'C'),
  update: rest('update', 'U'),
  patch: rest('patch', 'U'),
  delete: rest('delete', 'D'),
  'history-instance': rest('history-instance', 'R'),
  'history-type': rest('history-type', 'R'),
  'history-system': rest('history-system', 'R'),
  'search-type': rest('search-type', 'E'),
  'search-system': rest('search-system', 'E'),
  transaction: rest('transaction', 'E'),
  operation: rest('operation', 'E'),
  store: { type: INSTANCES_TRANSFERRED, subtype: STORE, action: 'C' },
  query: { type: QUERY, subtype: QIDO, action: 'E' },
  change: { type: INSTANCES_ACCESSED, subtype: '', action: 'U' },
  remove: { type: STUDY_DELETED, subtype: '', action: 'D' },
  administer: alert(RESTRICTED_FUNCTION),
};

/** What is no data of patients, and read by who administers it. */
const ADMINISTERED: ReadonlySet<string> = new Set(['Account', 'Client', 'Organisation']);

/** The part of an event that tells its kind. */
export interface Classified {
  readonly action: string;
  readonly entity: { readonly type: string; readonly id: string };
  readonly changes: Readonly<Record<string, unknown>>;
}

/** What kind of event this is: searches by them, and the AuditEvents made of them, go by it. */
export function kindOf({ action, entity, changes }: Classified): EventKind {
  const interaction = action === 'access.refused' ? changes['interaction'] : undefined;
  if (interaction === 'retrieve') return kindOfRetrieve(changes['what']);
  // Records from before refusals told it are looks.
  if (typeof interaction === 'string' && Object.hasOwn(OF_REFUSED, interaction)) return OF_REFUSED[interaction as keyof typeof OF_REFUSED];
  if (action === 'data.fetched' && ADMINISTERED.has(entity.type)) return { type: APPLICATION_ACTIVITY, subtype: '', action: 'R' };
  if (action === 'data.fetched' || action === 'access.refused') return kindOfLook(entity, changes['what']);
  const known = Object.hasOwn(OF_ACTION, action) ? OF_ACTION[action as LedgerAction] : undefined;
  return known ?? { type: APPLICATION_ACTIVITY, subtype: '', action: 'E' };
}

/** Studies and what is in them are DICOM's to name; all else is a RESTful read. */
function kindOfLook({ type, id }: Classified['entity'], what: unknown): EventKind {
  if (type === 'study' || type === 'series' || type === 'instance')
    return id === 'search' ? { type: QUERY, subtype: '', action: 'E' } : kindOfRetrieve(what);
  if (type === 'search') return { type: QUERY, subtype: QIDO, action: 'E' };
  if (id === 'search') return rest(type === 'Resource' ? 'search-system' : 'search-type', 'E');
  if (what === 'history' || id === 'history')
    return rest(id !== 'history' ? 'history-instance' : type === 'Resource' ? 'history-system' : 'history-type', 'R');
  if (what === 'version') return rest('vread', 'R');
  return what === 'resource' || what === 'bundle' || what === undefined ? rest('read', 'R') : rest('operation', 'E');
}

const TRANSFERS: ReadonlySet<unknown> = new Set(['instances', 'frames', 'bulk data', 'pixel data']);

const kindOfRetrieve = (what: unknown): EventKind => ({
  type: TRANSFERS.has(what) ? INSTANCES_TRANSFERRED : INSTANCES_ACCESSED,
  subtype: what === undefined ? '' : RETRIEVE,
  action: 'R',
});
