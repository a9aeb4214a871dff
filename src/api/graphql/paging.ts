import { ArgsType, Field, Int } from '@nestjs/graphql';
import type { Slice } from '../../database/slice.js';
import { BadGraphArgument } from './faults.js';

/** Things on a page at most. */
export const MAXIMUM_PAGE = 200;
/** On one that nobody gave a size. */
export const DEFAULT_PAGE = 20;

/** Relay's arguments of a connection. */
@ArgsType()
export class PageArguments {
  @Field(() => Int, {
    nullable: true,
    description: 'From the beginning, or on from `after`: 1 to 200; 20 where neither `first` nor `last` is given',
  })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the thing that this page follows' })
  readonly after?: string | null;

  @Field(() => Int, { nullable: true, description: 'From the end, or back from `before`: 1 to 200; not together with `first`' })
  readonly last?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the thing that this page leads up to' })
  readonly before?: string | null;
}

/** How a list's places are written into cursors, and read from them; `read` gives undefined where the text is none. */
export interface Places<Place> {
  /** Of the list: its cursors are of no other. */
  readonly list: string;
  write(place: Place): readonly [key: string, id: string];
  read(key: string, id: string): Place | undefined;
}

/** Places that are rows' numbers. */
export const rowPlaces = (list: string): Places<number> => ({
  list,
  write: (row) => [String(row), ''],
  read: (key, id) => (/^\d{1,15}$/.test(key) && id === '' ? Number(key) : undefined),
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Places that are rows' UUIDs. */
export const uuidPlaces = (list: string): Places<string> => ({
  list,
  write: (id) => [id, ''],
  read: (key, id) => (UUID.test(key) && id === '' ? key : undefined),
});

/** What a page asks of a room: one thing more than it has, to know whether others follow. @throws BadGraphArgument */
export function sliceOf<Place>({ first, after, last, before }: PageArguments, places: Places<Place>): Slice<Place> {
  if (first != null && last != null) throw new BadGraphArgument('last', 'cannot stand beside first');
  const limit = (last == null ? pageSize('first', first ?? DEFAULT_PAGE) : pageSize('last', last)) + 1;
  return { after: placeOf('after', after, places), before: placeOf('before', before, places), limit, backwards: last != null };
}

/** The page of what a room answered. @param rows  in the list's order */
export function pageOf<Row, Place, Node>(
  rows: readonly Row[],
  { limit, backwards, after, before }: Slice<Place>,
  { places, placeOfRow, node }: { places: Places<Place>; placeOfRow: (row: Row) => Place; node: (row: Row) => Node },
): Page<Node> {
  const more = rows.length === limit;
  const kept = !more ? rows : backwards ? rows.slice(1) : rows.slice(0, -1);
  const edges = kept.map((row) => ({ cursor: cursorOf(places.list, ...places.write(placeOfRow(row))), node: node(row) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: backwards ? before !== undefined : more,
      hasPreviousPage: backwards ? more : after !== undefined,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

export interface Page<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** How many a page has, 1 to 200. @throws BadGraphArgument */
export function pageSize(name: 'first' | 'last', size: number): number {
  if (!Number.isInteger(size) || size < 1 || size > MAXIMUM_PAGE) throw new BadGraphArgument(name, `must be 1 to ${MAXIMUM_PAGE}`);
  return size;
}

/** An opaque place in an ordered list: the list, the key it is ordered by, and the id that makes it unique. */
export const cursorOf = (list: string, key: string, id: string): string =>
  Buffer.from(JSON.stringify([list, key, id])).toString('base64url');

/** @throws BadGraphArgument */
export function placeOf<Place>(name: 'after' | 'before', cursor: string | null | undefined, places: Places<Place>): Place | undefined {
  if (cursor === null || cursor === undefined) return undefined;
  const read = readCursor(cursor, places.list);
  const place = read && places.read(...read);
  if (place === undefined) throw new BadGraphArgument(name, 'is no cursor of this list');
  return place;
}

function readCursor(cursor: string, list: string): [key: string, id: string] | undefined {
  try {
    const [of, key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    return of === list && typeof key === 'string' && typeof id === 'string' && !id.includes('\0') ? [key, id] : undefined;
  } catch {
    return undefined; // it is no cursor of ours
  }
}
