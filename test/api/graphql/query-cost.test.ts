import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { RegisteredQueries } from '../../../src/api/graphql/persisted-queries.js';
import { costOf, MAXIMUM_COST } from '../../../src/api/graphql/query-cost.js';

const schema = buildSchema(readFileSync(new URL('../../../../openapi/schema.graphql', import.meta.url), 'utf8'));
const cost = (query: string, variables: Record<string, unknown> = {}, name?: string): number =>
  costOf(schema, parse(query), name, variables);

describe('The cost of an operation', () => {
  it.each<[string, string, Record<string, unknown>, number]>([
    ['leaves cost nothing', '{ __typename }', {}, 0],
    ['a thing costs one', '{ report(id: "1") { id status } }', {}, 1],
    ['a list counts as five', '{ models { name } }', {}, 5],
    ['a page as long as it says, each with its edge', '{ reports(first: 100) { edges { node { id } } } }', {}, 201],
    ['and as long as by default where it does not', '{ reports { edges { node { id } } pageInfo { endCursor } } }', {}, 42],
    ['from its end, too', '{ reports(last: 7) { edges { cursor } } }', {}, 8],
    ['the example of the docs', '{ reports(first: 100) { edges { node { findings { label } patient { name } } } } }', {}, 801],
    ['a variable says how long', 'query($n: Int) { reports(first: $n) { edges { cursor } } }', { n: 50 }, 51],
    ['or its default', 'query($n: Int = 9) { reports(first: $n) { edges { cursor } } }', {}, 10],
    [
      'lists within lists multiply',
      '{ study(studyInstanceUID: "1") { series { instances { readings { state } } } } }',
      {},
      1 + 5 + 25 + 125,
    ],
    ['nodes as many as their ids', '{ nodes(ids: ["a", "b", "c"]) { id } }', {}, 3],
    ['by a variable', 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b'] }, 2],
    ['each alias by itself', '{ a: report(id: "1") { id } b: report(id: "1") { id } }', {}, 2],
    ['a fragment where it is spread', '{ ...f ... on Query { ...f } } fragment f on Query { models { name } }', {}, 10],
    ['of an interface what its types have', '{ node(id: "a") { ... on Study { series { modality } } } }', {}, 6],
    ['introspection nothing', '{ __schema { types { fields { name } } } }', {}, 0],
    ['unknown fields nothing', '{ nothing { at { all } } }', {}, 0],
    ['a fragment that leads to itself once', '{ ...f } fragment f on Query { models { name } ...f }', {}, 5],
  ])('%s', (_, query, variables, units) => {
    expect(cost(query, variables)).toBe(units);
  });

  it('is that of the operation that is to be run', () => {
    const two = 'query A { models { name } } query B { report(id: "1") { id } }';
    expect([cost(two, {}, 'A'), cost(two, {}, 'B')]).toEqual([5, 1]);
  });

  it('is not counted on above the limit, nor through fragments that double', () => {
    expect(
      cost('{ studies(first: 200) { edges { node { series { instances { readings { study { series { modality } } } } } } } } }'),
    ).toBeGreaterThan(MAXIMUM_COST);
    const doubling = Array.from({ length: 40 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(' ');
    const began = performance.now();
    expect(cost(`{ ...f0 } ${doubling} fragment f40 on Query { __typename }`)).toBe(Infinity);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('Registered documents', () => {
  it('are the thousand that were used last, and none of them long', async () => {
    const kept = new RegisteredQueries();
    await kept.set('long', 'x'.repeat(70_000));
    expect(await kept.get('long')).toBeUndefined();
    for (let i = 0; i < 1_000; i++) await kept.set(`apq:${i}`, String(i));
    expect(await kept.get('apq:0')).toBe('0'); // used again
    await kept.set('apq:new', 'new');
    expect([await kept.get('apq:0'), await kept.get('apq:1'), await kept.get('apq:new')]).toEqual(['0', undefined, 'new']);
  });
});
