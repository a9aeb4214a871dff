import { describe, expect, it } from '@jest/globals';
import { execute, getIntrospectionQuery, parse } from 'graphql';
import { graphSchema } from '../../../src/records/graphql/graph-schema.js';
import { Spending } from '../../../src/records/graphql/spending.js';

const asked = async (query: string) => {
  const spending = new Spending();
  const { data, errors } = await execute({ schema: graphSchema(undefined), document: parse(query), contextValue: { spending } });
  return { data, errors, over: spending.over };
};

describe('What the schema says of itself', () => {
  it('is given whole once, as tools ask for it', async () => {
    const { errors, over, data } = await asked(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true, specifiedByUrl: true }));
    expect([errors, over]).toEqual([undefined, undefined]);
    expect(data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
  });

  it('counts in what an answer holds: what lists within lists multiply ends there, with few words', async () => {
    const args = 'fields { type { ofType { fields { args { name description type { name ofType { name } } } } } } }';
    const aliases = Array.from({ length: 40 }, (_, i) => `a${i}: types { ...F }`).join(' ');
    const { data, errors = [], over } = await asked(`{ __schema { ${aliases} } } fragment F on __Type { ${args} }`);
    expect(over).toMatchObject({ code: 'QUERY_TOO_LARGE' });
    expect(data ?? null).toBeNull();
    expect(errors.length).toBeLessThan(2_000);
  });
});
