import { BadGraphArgument } from './faults.js';

type Pairs = readonly (readonly [name: string, value: string])[];

/** A page of a search: what was asked, and where it begins. */
export interface ConnectionPlace {
  readonly pairs: Pairs;
  readonly offset: number;
}

const MOST_OFFSET = 1_000_000;
const LONGEST = 20_000;

/** The place as a connection's cursors carry it: it says all that was asked, as the links of a Bundle do. */
export const placeText = ({ pairs, offset }: ConnectionPlace): string => Buffer.from(JSON.stringify([offset, pairs])).toString('base64url');

/** Where a cursor leads, or the beginning of what is asked. @throws BadGraphArgument */
export function connectionPlace(cursor: unknown, asked: Pairs): ConnectionPlace {
  if (cursor === undefined || cursor === null) return { pairs: asked, offset: 0 };
  const place = typeof cursor === 'string' && cursor.length <= LONGEST ? placeFrom(cursor) : undefined;
  if (place === undefined) throw new BadGraphArgument('cursor', 'is not one that this server gave');
  return place;
}

function placeFrom(text: string): ConnectionPlace | undefined {
  try {
    const [offset, pairs] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (Number.isSafeInteger(offset) && (offset as number) >= 0 && (offset as number) <= MOST_OFFSET && arePairs(pairs))
      return { offset: offset as number, pairs };
  } catch {
    // Falls through: it is no cursor of ours.
  }
  return undefined;
}

const arePairs = (value: unknown): value is Pairs =>
  Array.isArray(value) && value.every((one) => Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === 'string'));
