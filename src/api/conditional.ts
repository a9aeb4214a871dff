import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { Fault } from '../faults.js';
import { byteRange, rangeCounts } from './byte-range.js';
import { entityTags, sameBytes, sameMeaning } from './entity-tag.js';

/** What the caller has is not what is here (RFC 9110 15.5.13). */
export class PreconditionFailed extends Fault {
  readonly code = 'precondition-failed';
  readonly status = 412;

  constructor() {
    super('What If-Match or If-Unmodified-Since asks for is no longer so.');
  }
}

/** The range begins behind the last byte (RFC 9110 15.5.17); the answer's Content-Range says the length. */
export class RangeNotSatisfiable extends Fault {
  readonly code = 'range-not-satisfiable';
  readonly status = 416;

  constructor() {
    super('The range asked for begins behind the last byte.');
  }
}

/** A representation as it is now. */
export interface Representation {
  /** From `strongTag` or `weakTag`. */
  readonly etag?: string;
  readonly lastModified?: Date;
  /** Bytes, where they are known and can be had in part: a range is answered only then. */
  readonly length?: number;
}

/** One whose bytes or meaning are told by an entity tag. */
export type Tagged = Representation & Required<Pick<Representation, 'etag'>>;

/** How a request is to be answered. */
export interface Decision {
  readonly status: 200 | 206 | 304 | 412 | 416;
  /** Of the answer, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes to send, both ends included, as `createReadStream` takes them; only for 200 and 206, and where the length is known. */
  readonly start: number;
  readonly end: number;
}

type Asking = Pick<FastifyRequest, 'method'> & { readonly headers: Readonly<Record<string, string | string[] | undefined>> };

/** Evaluates preconditions, then the range, in the order of RFC 9110 13.2.2. */
export function decide({ method, headers }: Asking, now: Representation): Decision {
  const { etag, lastModified, length } = now;
  const validators = {
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { 'last-modified': lastModified.toUTCString() }),
  };
  const answer = (status: Decision['status'], more: Readonly<Record<string, string>> = {}, start = 0, end = (length ?? 0) - 1) => ({
    status,
    headers: { ...validators, ...more },
    start,
    end,
  });
  const reading = method === 'GET' || method === 'HEAD';
  if (!stillSo(headers, now)) return answer(412);
  if (unchanged(headers, now, reading)) return answer(reading ? 304 : 412);
  if (length === undefined) return answer(200);
  // Ranges are for GET alone (14.2).
  const counts = method === 'GET' && rangeCounts(one(headers['if-range']), etag, lastModified);
  const range = counts ? byteRange(one(headers['range']), length) : undefined;
  if (range === 'unsatisfiable') return answer(416, { 'content-range': `bytes */${length}` });
  const { start, end } = range ?? { start: 0, end: length - 1 };
  const whole = { 'accept-ranges': 'bytes', 'content-length': String(end - start + 1) };
  return range ? answer(206, { ...whole, 'content-range': `bytes ${start}-${end}/${length}` }, start, end) : answer(200, whole, start, end);
}

/**
 * Whether the caller names this very representation as the one it has: nothing needs to be made to say so. A date does not tell
 * which of several representations it is of.
 */
export const isHad = (request: Asking, now: Representation): boolean => {
  const named = one(request.headers['if-none-match'])?.trim();
  return named !== undefined && named !== '*' && decide(request, now).status === 304; // whether there is any, `*` does not tell
};

/**
 * Starts the answer that was decided on: status and headers; its Content-Type is set before. True where a body is due: what is
 * not modified, and any HEAD, is answered already.
 * Throws PreconditionFailed, RangeNotSatisfiable.
 */
export function begin(reply: FastifyReply, decision: Decision): boolean {
  const { status, headers } = decision;
  reply.headers(headers);
  if (status === 412) throw new PreconditionFailed();
  if (status === 416) throw new RangeNotSatisfiable();
  reply.code(status);
  const isDue = isBodyDue(reply, decision);
  if (!isDue) void (status === 304 ? reply.send() : reply.send(Readable.from([])));
  return isDue;
}

/** Whether an answer that was decided on has a body to send. */
export const isBodyDue = ({ request: { method } }: FastifyReply, { status }: Decision): boolean => status < 300 && method !== 'HEAD';

/** The same, with the look at what is given on record before: where nothing is given there is none. Throws what `looked` does, too. */
export async function beginOnRecord(reply: FastifyReply, decision: Decision, looked: () => Promise<unknown>): Promise<boolean> {
  if (decision.status < 400) await looked();
  return begin(reply, decision);
}

/**
 * Whether a change may go on: what the caller has seen is still so, in whichever form. Of If-Match the meaning is compared, as
 * FHIR does (R4 3.1.0.5): a form that was sent coded has a weak tag, and would match nothing otherwise (RFC 9110 13.1.1).
 */
export const mayChange = (headers: Asking['headers'], forms: readonly Representation[]): boolean =>
  forms.some((form) => stillSo(headers, form, sameMeaning)) && !forms.some((form) => unchanged(headers, form, false));

/** If-Match, or If-Unmodified-Since without it (13.1.1, 13.1.4). */
function stillSo(headers: Asking['headers'], { etag, lastModified }: Representation, same = sameBytes): boolean {
  const match = one(headers['if-match']);
  if (match !== undefined) {
    const tags = entityTags(match);
    return tags === '*' || (etag !== undefined && tags.some((tag) => same(tag, etag)));
  }
  const since = seconds(one(headers['if-unmodified-since']));
  return since === undefined || lastModified === undefined || Math.floor(lastModified.getTime() / 1_000) <= since;
}

/** If-None-Match, or for reading If-Modified-Since without it (13.1.2, 13.1.3). */
function unchanged(headers: Asking['headers'], { etag, lastModified }: Representation, reading: boolean): boolean {
  const match = one(headers['if-none-match']);
  if (match !== undefined) {
    const tags = entityTags(match);
    return tags === '*' || (etag !== undefined && tags.some((tag) => sameMeaning(tag, etag)));
  }
  const since = seconds(one(headers['if-modified-since']));
  return reading && since !== undefined && lastModified !== undefined && Math.floor(lastModified.getTime() / 1_000) <= since;
}

const one = (header: string | string[] | undefined): string | undefined => (typeof header === 'string' ? header : header?.join(','));

/** Seconds since 1970 of an HTTP date; undefined where it is none, and the header then does not count. */
function seconds(date: string | undefined): number | undefined {
  const milliseconds = date === undefined ? NaN : Date.parse(date);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1_000);
}
