import type { Extension, Subscription } from 'fhir/r4.js';
import { Fault } from '../faults.js';
import { parseSearch } from '../records/search/parse-search.js';
import type { Search } from '../records/search/search.js';
import { SubscriptionUnusable } from './faults.js';
import { topicOf, TOPICS, type Topic } from './topics.js';

export type PayloadContent = 'empty' | 'id-only' | 'full-resource';

/** What a Subscription asks for (R4 subscription.html with the extensions of Subscriptions R5 Backport 1.1). */
export interface SubscriptionForm {
  readonly topic: string;
  /** Queries that must all be met by what an event is about. */
  readonly filters: readonly string[];
  readonly channel: 'rest-hook' | 'websocket';
  /** Of a rest-hook. */
  readonly endpoint: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly mediaType: 'application/fhir+json' | 'application/fhir+xml';
  readonly content: PayloadContent;
  /** Seconds without an event after which one without any is sent; undefined: never. */
  readonly heartbeatSeconds: number | undefined;
  readonly timeoutSeconds: number;
  /** Events in a notification. */
  readonly maxCount: number;
  /** ISO 8601, after which it is off. */
  readonly end: string | undefined;
}

const BACKPORT = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/';
const DEFAULT_TIMEOUT_SECONDS = 20;
const MOST_TIMEOUT_SECONDS = 60;
const MOST_HEARTBEAT_SECONDS = 86_400;
const MOST_FILTERS = 10;
const MOST_EVENTS = 100;
const MOST_HEADERS = 20;
/** Headers that the request itself has. */
const OWN_HEADERS = /^(?:host|content-length|content-type|transfer-encoding|connection|upgrade|expect|te|trailer|keep-alive)$/i;
const FORMS: Readonly<Record<string, SubscriptionForm['mediaType']>> = {
  'application/fhir+json': 'application/fhir+json',
  'application/json': 'application/fhir+json',
  'application/fhir+xml': 'application/fhir+xml',
};

/** Reads a Subscription that is valid R4. @param base  the server's own FHIR address @throws SubscriptionUnusable */
export function subscriptionForm(subscription: Subscription, base: string): SubscriptionForm {
  const { channel, criteria } = subscription;
  const topic = topicOf(criteria);
  if (topic === undefined) refuse(`criteria must be a topic: ${TOPICS.map(({ url }) => url).join(', ')}`);
  if (channel.type !== 'rest-hook' && channel.type !== 'websocket') refuse('channel.type must be rest-hook or websocket');
  if (channel.type === 'rest-hook' && channel.endpoint === undefined) refuse('channel.endpoint must be there for a rest-hook');
  const media = channel.payload ?? 'application/fhir+json';
  if (!Object.hasOwn(FORMS, media)) refuse('channel.payload must be application/fhir+json or application/fhir+xml');
  const filters = valuesOf(subscription._criteria?.extension, 'backport-filter-criteria', ({ valueString }) => valueString);
  if (filters.length > MOST_FILTERS) refuse(`backport-filter-criteria may be there ${MOST_FILTERS} times`);
  for (const filter of filters) filterSearch(topic, filter, 'x', base);
  const content = (valuesOf(channel._payload?.extension, 'backport-payload-content', ({ valueCode }) => valueCode).at(0) ??
    'id-only') as PayloadContent;
  if (!['empty', 'id-only', 'full-resource'].includes(content)) refuse('backport-payload-content must be empty, id-only or full-resource');
  const whole = (name: string, of: (extension: Extension) => number | undefined) => valuesOf(channel.extension, name, of).at(0);
  const timeout = whole('backport-timeout', ({ valueUnsignedInt }) => valueUnsignedInt);
  if (subscription.end !== undefined && Number.isNaN(Date.parse(subscription.end))) refuse('end must be a time');
  const heartbeat = whole('backport-heartbeat-period', ({ valueUnsignedInt }) => valueUnsignedInt);
  return {
    topic: topic.url,
    filters,
    channel: channel.type,
    endpoint: channel.endpoint,
    headers: headersOf(channel.header ?? []),
    mediaType: FORMS[media],
    content,
    heartbeatSeconds: heartbeat === undefined || heartbeat === 0 ? undefined : Math.min(MOST_HEARTBEAT_SECONDS, heartbeat),
    timeoutSeconds: Math.min(MOST_TIMEOUT_SECONDS, Math.max(1, timeout ?? DEFAULT_TIMEOUT_SECONDS)),
    maxCount: Math.min(MOST_EVENTS, whole('backport-max-count', ({ valuePositiveInt }) => valuePositiveInt) ?? 1),
    end: subscription.end,
  };
}

/** The search of a filter, `DiagnosticReport?patient=Patient/1&…`, among one resource. @throws SubscriptionUnusable */
export function filterSearch(topic: Topic, filter: string, id: string, base: string): Search {
  const [type, query = ''] = filter.split(/\?(.*)/s);
  if (type !== topic.focus) refuse(`backport-filter-criteria must begin with ${topic.focus}?`);
  const parameters = [...new URLSearchParams(query)];
  const other = parameters.find(([name]) => !topic.filters.includes(name.split(/[:.]/)[0]));
  if (parameters.length === 0 || other !== undefined) refuse(`backport-filter-criteria must be by ${topic.filters.join(', ')}`);
  try {
    return parseSearch({ type, parameters: [...parameters, ['_id', id]], lenient: false }, { base, now: Date.now() }).search;
  } catch (error) {
    if (error instanceof Fault && error.status < 500) refuse('backport-filter-criteria is no search of this server');
    throw error;
  }
}

function headersOf(lines: readonly string[]): [string, string][] {
  if (lines.length > MOST_HEADERS) refuse(`channel.header may be there ${MOST_HEADERS} times`);
  return lines.map((line) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e]*)$/.exec(line) ?? []; // RFC 9110 5.5
    if (name === undefined || OWN_HEADERS.test(name)) refuse('channel.header must be `Name: value`, and none that the request itself has');
    return [name, value];
  });
}

const valuesOf = <T>(extensions: readonly Extension[] = [], name: string, of: (extension: Extension) => T | undefined): T[] =>
  extensions.filter(({ url }) => url === BACKPORT + name).flatMap((one) => of(one) ?? []);

function refuse(words: string): never {
  throw new SubscriptionUnusable(`${words}.`);
}
