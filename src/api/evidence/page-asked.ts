import { UnfitRecord } from '../../evidence/regulatory/faults.js';
import { RECORD_ID } from '../../evidence/regulatory/record-reference.js';
import type { Slice } from '../../database/slice.js';

const DEFAULT_PAGE = 50;
const MAXIMUM_PAGE = 200;

export type PageQuery = Readonly<Partial<Record<'count' | 'after', string | readonly string[]>>>;

/** The stretch of a list that a query asks for, with one row more, by which it is known whether others follow. Throws UnfitRecord. */
export function pageAsked({ count, after }: PageQuery): Slice<string> & { readonly count: number } {
  const size = count === undefined ? DEFAULT_PAGE : typeof count === 'string' && /^\d{1,3}$/.test(count) ? Number(count) : 0;
  if (size < 1 || size > MAXIMUM_PAGE) throw new UnfitRecord('count', `must be 1 to ${MAXIMUM_PAGE}`);
  if (after !== undefined && (typeof after !== 'string' || !RECORD_ID.test(after)))
    throw new UnfitRecord('after', 'must be the id of a record');
  return { count: size, limit: size + 1, backwards: false, ...(after !== undefined && { after }) };
}
