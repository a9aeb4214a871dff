import { describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { KnownQueries } from '../../../src/records/graphql/known-queries.js';

const queries = new KnownQueries();
const remember = (query: string): void => queries.remember('', query, parse(query));

describe('A query that is known', () => {
  it('is one that differs in its texts alone, which are variables of it', () => {
    remember('query a($n: Int) { Patient(id: "p1") { name(use: "official", _count: $n) { family } } }');
    const known = queries.find('', 'query a($n: Int) { Patient(id: "p2") { name(use: "personal", _count: $n) { family } } }');
    expect(known?.texts).toEqual({ __text0: 'p2', __text1: 'personal' });
    expect(print(known?.document ?? parse('{ none }')).replaceAll(/\s+/g, ' ')).toBe(
      'query a($n: Int, $__text0: String, $__text1: String) { Patient(id: $__text0) { name(use: $__text1, _count: $n) { family } } }',
    );
  });

  it('has the same texts at the same places, of the same length, and is of the same schema', () => {
    remember('{ a(id: "x") { id } a(id: "x") { name } }');
    expect(queries.find('', '{ a(id: "y") { id } a(id: "y") { name } }')).toBeDefined();
    expect(queries.find('', '{ a(id: "x") { id } a(id: "y") { name } }')).toBeUndefined(); // fields that can't be merged
    expect(queries.find('', '{ a(id: "xy") { id } a(id: "xy") { name } }')).toBeUndefined(); // its errors have other places
    expect(queries.find('Patient', '{ a(id: "y") { id } a(id: "y") { name } }')).toBeUndefined();
  });

  it.each([
    ['a default', 'query ($a: String = "x") { a(id: $a) }'],
    ['an escape', '{ a(id: "\\u0041") }'],
    ['a block', '{ a(id: """x""") }'],
    ['a comment', '{ a(id: "x") # "y"\n }'],
    ['a variable of the same name', 'query ($__text0: ID) { a(id: $__text0, b: "x") }'],
  ])('has no text in %s', (_where, query) => {
    remember(query);
    expect(queries.find('', query)).toBeUndefined();
  });
});
