import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Asking, Door } from '../access/asking.js';

const DOORS: readonly (readonly [prefix: string, door: Door])[] = [
  ['/fhir', 'fhir'],
  ['/dicom-web', 'dicomweb'],
  ['/wado', 'dicomweb'],
  ['/graphql', 'graphql'],
  ['/oauth', 'oauth'],
  ['/access', 'access'],
  ['/evidence', 'evidence'],
  ['/metrics', 'operations'],
  ['/health/checks', 'operations'],
];
/** A client's own id is taken where it is a UUID: other texts may say anything (R4 http.html#custom). */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const askings = new WeakMap<IncomingMessage, Asking>();

/** What a request's record says of how it came; undefined where it came to no door. The same for the same request. @param network  whom it comes from */
export function askingOf(raw: IncomingMessage, network?: string): Asking | undefined {
  const known = askings.get(raw);
  if (known !== undefined) return known;
  const url = raw.url ?? '';
  const [prefix, door] = DOORS.find(([one]) => url.startsWith(one) && /^(?:[/?]|$)/.test(url.slice(one.length))) ?? [];
  if (prefix === undefined || door === undefined) return undefined;
  const given = raw.headers['x-request-id'];
  const id = typeof given === 'string' && UUID.test(given) ? given.toLowerCase() : randomUUID();
  const asking = { door, id, network: network ?? raw.socket?.remoteAddress ?? '', address: addressIn(url.slice(prefix.length)) };
  askings.set(raw, asking);
  return asking;
}

/** What was asked for, without a token that somebody wrote there. */
const addressIn = (url: string): string => url.replace(/^\//, '').replace(/([?&]access_token=)[^&]*/g, '$1');

/** Tells the client the id by which its request is on record. */
export function tellRequestId(raw: IncomingMessage, reply: FastifyReply, network: string): void {
  const asking = askingOf(raw, network);
  if (asking !== undefined) reply.header('X-Request-Id', asking.id);
}
