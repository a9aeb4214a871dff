import { describe, expect, it } from '@jest/globals';
import { BadGraphArgument } from '../../../src/api/graphql/faults.js';
import { cursorOf, pageOf, pageSize, placeOf, rowPlaces, sliceOf } from '../../../src/api/graphql/paging.js';

const ROW_PLACES = rowPlaces('studies');
const LIST = [9, 8, 7, 6, 5, 4, 3, 2, 1];
/** A page of the list, as a room answers it: newest first. */
function page(asked: Parameters<typeof sliceOf>[0]) {
  const slice = sliceOf(asked, ROW_PLACES);
  const { after = 100, before = 0, limit, backwards } = slice;
  const between = LIST.filter((row) => row < after && row > before);
  const rows = backwards ? between.slice(-limit) : between.slice(0, limit);
  return pageOf(rows, slice, { places: ROW_PLACES, placeOfRow: (row: number) => row, node: (row: number) => row });
}
const nodes = ({ edges }: ReturnType<typeof page>) => edges.map(({ node }) => node);
const at = (row: number) => cursorOf('studies', String(row), '');

describe('A page', () => {
  it('has 1 to 200', () => {
    expect([pageSize('first', 1), pageSize('last', 200)]).toEqual([1, 200]);
    for (const size of [0, -1, 201, 1.5, NaN]) expect(() => pageSize('first', size)).toThrow(BadGraphArgument);
    expect(() => sliceOf({ first: 1, last: 1 }, ROW_PLACES)).toThrow(BadGraphArgument);
  });

  it('goes forwards from its cursor, and says whether others follow', () => {
    expect(page({ first: 3 })).toMatchObject({
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: at(9), endCursor: at(7) },
    });
    const last = page({ first: 3, after: at(4) });
    expect(nodes(last)).toEqual([3, 2, 1]);
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(nodes(page({ first: 5, after: at(5), before: at(2) }))).toEqual([4, 3]);
  });

  it('goes backwards from the end or its cursor, in the list’s order', () => {
    expect(nodes(page({ last: 2 }))).toEqual([2, 1]);
    const back = page({ last: 3, before: at(4) });
    expect(nodes(back)).toEqual([7, 6, 5]);
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect(page({ last: 3, before: at(6) }).pageInfo).toMatchObject({ hasPreviousPage: false, startCursor: at(9) });
  });

  it('may be empty', () => {
    expect(page({ first: 3, after: at(1) })).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  it.each([
    '',
    'abc',
    Buffer.from('[1,2]').toString('base64url'),
    Buffer.from('["a"]').toString('base64url'),
    Buffer.from('["a",""]').toString('base64url'),
    Buffer.from('null').toString('base64url'),
    cursorOf('readings', '7', ''), // another list's
    cursorOf('studies', '7', '8'),
  ])('does not go on from %j', (cursor) => {
    expect(() => placeOf('after', cursor, ROW_PLACES)).toThrow(BadGraphArgument);
  });
});
