import type { Parameters, ParametersParameter } from 'fhir/r4.js';
import { randomUUID } from 'node:crypto';
import type { PayloadContent } from './subscription-form.js';

export type NotificationType = 'handshake' | 'heartbeat' | 'event-notification' | 'query-status' | 'query-event';

/** An event as a notification tells it. */
export interface NotifiedEvent {
  readonly number: number;
  readonly occurred: Date;
  /** `TYPE/ID` */
  readonly focus: string;
  /** The text of the resource's version; undefined where it is gone, or not asked for. */
  readonly content: string | undefined;
}

/** What a notification or a status says of its subscription. */
export interface SubscriptionFacts {
  readonly id: string;
  readonly topic: string;
  readonly status: 'requested' | 'active' | 'error' | 'off';
  /** Number of the last event. */
  readonly events: number;
}

const STATUS_PROFILE = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4';
const NOTIFICATION_PROFILE = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-notification-r4';

/** The status of a subscription (Subscriptions R5 Backport 1.1, R4: Parameters). @param base  the server's FHIR address */
export function statusParameters(
  facts: SubscriptionFacts,
  type: NotificationType,
  base: string,
  events: readonly NotifiedEvent[] = [],
  content: PayloadContent = 'empty',
): Parameters {
  const { id, topic, status, events: last } = facts;
  return {
    resourceType: 'Parameters',
    id: randomUUID(),
    meta: { profile: [STATUS_PROFILE] },
    parameter: [
      { name: 'subscription', valueReference: { reference: `${base}/Subscription/${id}` } },
      { name: 'topic', valueCanonical: topic },
      { name: 'status', valueCode: status },
      { name: 'type', valueCode: type },
      { name: 'events-since-subscription-start', valueString: String(last) },
      ...events.map((event): ParametersParameter => ({
        name: 'notification-event',
        part: [
          { name: 'event-number', valueString: String(event.number) },
          { name: 'timestamp', valueInstant: event.occurred.toISOString() },
          ...(content === 'empty' ? [] : [{ name: 'focus', valueReference: { reference: `${base}/${event.focus}` } }]),
        ],
      })),
    ],
  };
}

/** A notification: a history Bundle that begins with the status (Backport 1.1, R4 notifications); JSON text. */
export function notificationText(
  facts: SubscriptionFacts,
  type: NotificationType,
  base: string,
  events: readonly NotifiedEvent[] = [],
  content: PayloadContent = 'empty',
): string {
  const status = statusParameters(facts, type, base, events, content);
  const first = {
    fullUrl: `urn:uuid:${status.id}`,
    resource: status,
    request: { method: 'GET', url: `${base}/Subscription/${facts.id}/$status` },
    response: { status: '200' },
  };
  const others = content === 'empty' ? [] : [...new Map(events.map((event) => [event.focus, event])).values()];
  const entries = [JSON.stringify(first), ...others.map((event) => entryText(event, base, content))];
  const head = {
    resourceType: 'Bundle',
    id: randomUUID(),
    meta: { profile: [NOTIFICATION_PROFILE] },
    type: 'history',
    timestamp: new Date(),
  };
  return `${JSON.stringify(head).slice(0, -1)},"entry":[${entries.join(',')}]}`;
}

function entryText({ focus, content }: NotifiedEvent, base: string, wanted: PayloadContent): string {
  const entry = { fullUrl: `${base}/${focus}`, request: { method: 'PUT', url: focus }, response: { status: '200' } };
  if (wanted !== 'full-resource' || content === undefined) return JSON.stringify(entry);
  return `${JSON.stringify(entry).slice(0, -1)},"resource":${content}}`;
}
