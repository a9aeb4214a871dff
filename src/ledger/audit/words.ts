import type { ToldRecord } from './told-record.js';

const ROLE_WORDS: Readonly<Record<string, string>> = {
  radiologist: 'A radiologist',
  reviewer: 'A reviewer',
  'validation-lead': 'A leader of a validation study',
  'study-member': 'A reader, or another member of a validation study,',
  regulatory: 'A regulatory officer',
  'model-admin': 'An administrator of models',
  administrator: 'An administrator',
  patient: 'The patient, or somebody with the patient’s account,',
  system: 'Another system',
};

/** What resources of a type are, to somebody who knows no FHIR. */
const TYPE_WORDS: Readonly<Record<string, string>> = {
  AuditEvent: 'the record of accesses',
  DiagnosticReport: 'a report',
  DocumentReference: 'a document',
  Encounter: 'a visit',
  ImagingStudy: 'what an imaging study is of',
  Media: 'a picture or a recording',
  Observation: 'a finding or measurement',
  Patient: 'name, date of birth and other personal details',
  Provenance: 'who made or signed a report',
  RegulatoryRecord: 'a record of the regulatory file',
  ServiceRequest: 'an order for an examination',
  Subscription: 'news that were sent to a system that had subscribed to them',
  Task: 'a task',
  workitem: 'a task of the worklist',
};

/** What administrators look at. */
const ADMINISTERED_WORDS: Readonly<Record<string, string>> = {
  Account: 'who has an account',
  Client: 'which applications are registered',
  Organisation: 'which organisations there are',
};

const PURPOSE_WORDS: Readonly<Record<string, string>> = {
  TREAT: 'for treatment',
  ETREAT: 'for treatment in an emergency',
  BTG: 'in an emergency, past the usual rules',
  HPAYMT: 'for payment',
  HOPERAT: 'for the running of the hospital',
  HRESCH: 'for research',
  PATRQT: 'at the patient’s own request',
  PUBHLTH: 'for public health',
};

const DICOM_WORDS: Readonly<Record<string, string>> = {
  instances: 'took copies of images',
  frames: 'looked at images',
  pixels: 'looked at images',
  'bulk data': 'took image data',
  'pixel data': 'took image data',
  metadata: 'looked at what is written with images',
};

/** What a record says, in words that a patient understands: who, when, what kind of data, why. No names but those of roles. */
export function wordsOf(record: ToldRecord): string {
  const { event, columns, sealed } = record;
  const at = `On ${columns.occurredAt.slice(0, 10)} at ${columns.occurredAt.slice(11, 16)} UTC`;
  const why = event.why === undefined ? '' : `, ${PURPOSE_WORDS[event.why] ?? `for the purpose ${event.why}`}`;
  const because = sealed.reason === undefined ? '' : ` The reason given: ${sealed.reason}`;
  const refused = columns.outcome === 4 ? ' This was refused: nothing was given.' : '';
  return `${at} ${whoWords(record)} ${whatWords(record)}${why}.${refused}${because}`;
}

function whoWords({ event }: ToldRecord): string {
  const { actor, who } = event;
  if (actor === 'wetread') return 'this server, by its own work,';
  const [role] = who?.roles ?? [];
  const app = who?.client === undefined ? '' : ` through the application ${who.client}`;
  if (role !== undefined) return `${lowered(ROLE_WORDS[role] ?? `somebody of the role ${role}`)} (${actor})${app}`;
  if (actor === 'anonymous' || actor === 'unknown') return `somebody who was not made out${app}`;
  return actor === 'local' ? `somebody at the server’s own machine${app}` : `${actor}${app}`;
}

const lowered = (words: string): string => words[0].toLowerCase() + words.slice(1);

function whatWords({ event, columns }: ToldRecord): string {
  const { action, changes, entity } = event;
  if (action === 'access.granted' && event.who?.kind === 'system') return 'got an access token';
  const tried = columns.outcome === 4 ? 'tried to: ' : '';
  const kind = TYPE_WORDS[columns.entityType] ?? TYPE_WORDS[entity.type] ?? 'data';
  const refused = action === 'access.refused' ? REFUSED_WORDS[String(changes['interaction'])] : undefined;
  if (refused !== undefined) return `${tried}${refused.replace('{}', kind)}`;
  if (action === 'data.fetched' || action === 'access.refused') {
    const administered = columns.outcome === 0 ? ADMINISTERED_WORDS[columns.entityType] : undefined;
    if (administered !== undefined) return `looked at ${administered}`;
    if (changes['what'] === 'access-log') return `${tried}looked at this list of accesses`;
    if (columns.action === 'E' && columns.subtype.startsWith('search')) return `${tried}searched for ${kind}`;
    if (columns.type === '110112') return `${tried}searched the list of imaging studies`;
    if (entity.type === 'study') return `${tried}${DICOM_WORDS[String(changes['what'])] ?? 'looked at an imaging study'}`;
    const exported = EXPORT_WORDS[String(changes['what'])];
    if (exported !== undefined) return `${tried}${exported.replace('{}', kind)}`;
    if (changes['what'] === 'history') return `${tried}looked at ${kind} in all versions`;
    return `${tried}looked at ${kind}`;
  }
  return `${tried}${ACTION_WORDS[action] ?? 'did something with'} ${kind}`.replace(/ data$/, DATA_ACTION.test(action) ? '' : ' data');
}

const DATA_ACTION = /^(instance|image|data|study|archive|attributes|user|security|event|login|access|account|client|issuer-keys)\./;

/** What was refused and is no look; `{}` is what it was about. */
const REFUSED_WORDS: Readonly<Record<string, string>> = {
  create: 'write {}',
  update: 'change {}',
  patch: 'change {}',
  delete: 'delete {}',
  transaction: 'read or write several things at once',
  operation: 'do something with {}',
  store: 'store images',
  change: 'correct what is written with images',
  remove: 'delete images',
  administer: 'use what is for administrators',
};

/** What is done with an export; `{}` is what it is of. */
const EXPORT_WORDS: Readonly<Record<string, string>> = {
  export: 'took a copy of all data of a kind: {}',
  'export-asked': 'asked for a copy of all data of some kinds',
  'export-manifest': 'was told how much there is to copy of some kinds of data',
  'export-cancelled': 'gave up a copy of all data of some kinds',
};

const ACTION_WORDS: Readonly<Record<string, string>> = {
  'instance.received': 'stored an image',
  'instance.refused': 'store an image',
  'image.read': 'read an image with an AI model',
  'image.not-read': 'did not read an image with an AI model',
  'image.failed': 'could not read an image with an AI model',
  'study.failed': 'could not read an imaging study',
  'report.issued': 'wrote',
  'report.reviewed': 'signed, changed or rejected',
  'report.readdressed': 'noted that it is about another patient now:',
  'data.deleted': 'deleted images',
  'data.restored': 'brought back deleted images',
  'data.purged': 'removed deleted images for good',
  'attributes.changed': 'corrected what is written with images',
  'archive.damaged': 'found damage to stored images',
  'resource.created': 'wrote',
  'resource.updated': 'changed',
  'resource.deleted': 'deleted',
  'workitem.created': 'wrote',
  'workitem.updated': 'changed',
  'workitem.state-changed': 'changed',
  'workitem.cancellation-requested': 'asked to cancel',
  'workitem.subscription-changed': 'changed who is told of',
  'user.not-authenticated': 'log in',
  'login.succeeded': 'logged in',
  'login.failed': 'log in',
  'access.granted': 'allowed an application access',
  'access.ended': 'ended the access of an application',
  'organisation.created': 'made an organisation',
  'account.created': 'made an account',
  'account.changed': 'changed an account',
  'account.deleted': 'deleted an account',
  'client.created': 'registered an application',
  'client.changed': 'changed what an application may do',
  'client.deleted': 'removed an application',
  'evidence.recorded': 'added to a validation study or to the regulatory file',
  'evidence.signed': 'signed what a validation study or the regulatory file holds',
  'evidence.case-read': 'had a model read an image for a validation study',
  'evidence.case-shown': 'was shown an image of a validation study',
  'evidence.refused': 'tried what the rules of a validation study do not allow',
  'issuer-keys.replaced': 'replaced the keys that access tokens are signed with',
  'security.alert': 'raised an alert',
  'event.lost': 'could not pass on news',
  'record.unreadable': 'did something that cannot be told, as the record of it cannot be read; it was about',
};
