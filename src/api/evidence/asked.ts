import type { Slice } from '../../database/slice.js';
import { Fault } from '../../faults.js';
import { JsonPlace } from '../../json-place.js';

/** A member of a body, or of an address, is not what it must be. */
export class UnfitBody extends Fault {
  readonly code = 'unfit-body';
  readonly status = 400;

  /** @param path  of the member; empty for the body itself */
  constructor(path: string, problem: string) {
    super(path === '' ? `The body ${problem}.` : `${path} ${problem}.`);
  }
}

/** A body as a place that its members are read from; each refuses what it can’t be (UnfitBody). */
export const bodyPlace = (body: unknown): JsonPlace => new JsonPlace(body, (path, problem) => new UnfitBody(path, problem));

/** Text that is not empty. */
export const words = (place: JsonPlace): string =>
  place.text(/^(?=[^]*\S)[^\0]{1,10000}$/, 'text that is not empty, 10,000 characters at most');
/** Text that may be empty. */
export const anyText = (place: JsonPlace): string => place.text(/^[^\0]{0,10000}$/, 'text, 10,000 characters at most');
/** What something is signed by, or a file has: SHA-256 or SHA-512, in hex. */
export const digest = (place: JsonPlace): string => place.text(/^[0-9a-f]{64}([0-9a-f]{64})?$/, 'a digest in lower-case hex digits');
export const caseKey = (place: JsonPlace): string => place.text(/^[A-Za-z0-9_.-]{1,64}$/, 'the key of a case');
export const bit = (place: JsonPlace): 0 | 1 | null => (place.isNull() ? null : place.oneOf([0, 1] as const));

/** A number in an address. Throws UnfitBody. */
export function numberIn(text: string, name: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UnfitBody(name, 'must be a whole number from 1');
  return Number(text);
}

const MOST_IN_A_PAGE = 200;

/** The stretch of a list that `count` and `after`, the id of the last one of the page before, ask for. Throws UnfitBody. */
export function sliceIn(count: string | undefined, after: string | undefined): Slice<string> {
  const limit = Math.min(count === undefined ? 50 : numberIn(count, 'count'), MOST_IN_A_PAGE);
  if (after === undefined) return { limit, backwards: false };
  const place = bodyPlace({ after }).member('after');
  return { limit, backwards: false, after: place.text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'an id') };
}

/** A body of a media type that comes as text. Throws UnfitBody. */
export function textBody(body: unknown, mediaType: string): string {
  if (typeof body !== 'string') throw new UnfitBody('', `must be ${mediaType}`);
  return body;
}
