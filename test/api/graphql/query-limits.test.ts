import { describe, expect, it } from '@jest/globals';
import { buildSchema, getIntrospectionQuery, parse, specifiedRules, validate } from 'graphql';
import { queryLimits } from '../../../src/api/query-limits.js';

const schema = buildSchema('type Query { node: Node } type Node { id: ID node: Node }');
const codesOf = (query: string) => validate(schema, parse(query), [queryLimits]).map(({ extensions }) => extensions['code']);
const nested = (levels: number, leaf = 'id'): string => `${'node { '.repeat(levels)}${leaf}${' }'.repeat(levels)}`;

describe('The limits of a query', () => {
  it('let 12 levels pass, not 13; fragments count where they are spread', () => {
    expect(codesOf(`{ ${nested(11)} }`)).toEqual([]);
    expect(codesOf(`{ ${nested(12)} }`)).toEqual(['QUERY_TOO_DEEP']);
    expect(codesOf(`{ ${nested(6, '...f')} } fragment f on Node { ${nested(5)} }`)).toEqual([]);
    expect(codesOf(`{ ${nested(6, '...f')} } fragment f on Node { ${nested(6)} }`)).toEqual(['QUERY_TOO_DEEP']);
    expect(codesOf(`{ ${nested(6, '... on Node { ...f }')} } fragment f on Node { ${nested(6)} }`)).toEqual(['QUERY_TOO_DEEP']);
  });

  it('let 500 fields pass, not 501; aliases and fragments spread again count', () => {
    const fields = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ');
    expect([codesOf(`{ ${fields(500)} }`), codesOf(`{ ${fields(501)} }`)]).toEqual([[], ['QUERY_TOO_LARGE']]);
    const doubling = Array.from(
      { length: 20 },
      (_, i) => `fragment f${i} on Node { a: node { ...f${i + 1} } b: node { ...f${i + 1} } }`,
    ).join(' ');
    expect(codesOf(`{ node { ...f0 } } ${doubling} fragment f20 on Node { id }`).length).toBeGreaterThan(0); // a million fields, found out at once
  });

  it('stop at fragments that go round in a circle, which graphql refuses', () => {
    const round = '{ node { ...a } } fragment a on Node { node { ...b } } fragment b on Node { node { ...a } }';
    expect(codesOf(round)).toEqual([]);
    expect(validate(schema, parse(round), [...specifiedRules, queryLimits])).not.toEqual([]);
  });

  it('find out at once that fragments double, also where they end in a circle', () => {
    const doubled = (end: string): string => {
      const all = Array.from({ length: 150 }, (_, i) => `fragment f${i} on Node { ...f${i + 1} ...f${i + 1} }`);
      return `{ node { ...f0 } } ${all.join(' ')} fragment f150 on Node { ${end} }`;
    };
    expect([codesOf(doubled('id')), codesOf(doubled('...f0'))]).toEqual([['QUERY_TOO_LARGE'], []]);
  });

  it('refuse an operation that the schema does not have', () => {
    expect([codesOf('mutation { a }'), codesOf('subscription { a }')]).toEqual([['OPERATION_NOT_SUPPORTED'], ['OPERATION_NOT_SUPPORTED']]);
  });
});

describe('What a query asks of the schema', () => {
  it('is what tools ask, in whatever form', () => {
    for (const options of [{}, { inputValueDeprecation: true, oneOf: true, specifiedByUrl: true, schemaDescription: true }])
      expect(codesOf(getIntrospectionQuery(options))).toEqual([]);
    expect(codesOf('{ a: __type(name: "Node") { fields { name type { name } } } b: __type(name: "Query") { name } }')).toEqual([]);
    expect(codesOf('{ __schema { queryType { fields { name args { name } } } } }')).toEqual([]);
  });

  it.each([
    ['types under many names', '{ __schema { a: types { name } b: types { name } } }'],
    ['the same in a fragment', '{ __schema { ...s } } fragment s on __Schema { a: types { name } }'],
    ['fields of the types of fields', '{ __schema { types { fields { type { ofType { fields { name } } } } } } }'],
    [
      'the same in fragments',
      '{ __schema { types { ...t } } } fragment t on __Type { fields { type { ...u } } } fragment u on __Type { fields { name } }',
    ],
    ['fields of possible types', '{ __type(name: "Node") { possibleTypes { fields { name } } } }'],
    ['the schema twice', '{ a: __schema { types { name } } b: __schema { types { name } } }'],
    ['eleven types', `{ ${Array.from({ length: 11 }, (_, i) => `a${i}: __type(name: "Node") { name }`).join(' ')} }`],
  ])('is refused where it multiplies: %s', (_, query) => {
    expect(codesOf(query)).toEqual(['QUERY_TOO_LARGE']);
  });
});
