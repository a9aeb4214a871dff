import { BadGraphArgument } from './faults.js';

const MAXIMUM_PAGE = 200;

/** How many a page has, 1 to 200 (Relay's `first`). */
export function pageSize(first: number): number {
  if (!Number.isInteger(first) || first < 1 || first > MAXIMUM_PAGE) throw new BadGraphArgument('first', `must be 1 to ${MAXIMUM_PAGE}`);
  return first;
}

/** An opaque place in an ordered list: the key it is ordered by, and the id that makes it unique. */
export const cursorOf = (key: string, id: string): string => Buffer.from(JSON.stringify([key, id])).toString('base64url');

export function placeAfter(cursor: string | null | undefined): { key: string; id: string } | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  try {
    const [key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown];
    if (typeof key === 'string' && typeof id === 'string' && !id.includes('\0')) return { key, id };
  } catch {
    // Falls through: it is no cursor of ours.
  }
  throw new BadGraphArgument('after', 'is no cursor of this list');
}
