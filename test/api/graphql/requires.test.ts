import { describe, expect, it } from '@jest/globals';
import { buildSchema, graphql, GraphQLObjectType, GraphQLSchema, isObjectType, parse, printSchema, subscribe } from 'graphql';
import { readFileSync } from 'node:fs';
import { LOCAL_CALLER, type Caller } from '../../../src/access/caller.js';
import { guarded, REQUIRES } from '../../../src/api/graphql/requires.js';
import { aCaller } from '../../a-caller.js';

const DIRECTIVE = printSchema(new GraphQLSchema({ directives: [REQUIRES], query: new GraphQLObjectType({ name: 'Query', fields: {} }) }));
const SDL = `${DIRECTIVE}
  type Query {
    free: String
    patient: String @requires(type: "Patient", interaction: READ)
    audit: String @requires(type: "AuditEvent", interaction: READ) @requires(type: "AuditEvent", interaction: SEARCH)
    review: String @requires(type: "DiagnosticReport", interaction: UPDATE, operation: "report.review")
  }
  type Subscription { patients: String @requires(type: "Patient", interaction: READ) }`;
const schema = guarded(buildSchema(SDL.replace(/^type Query\s*$/m, '')));
const rootValue = { free: 'yes', patient: 'yes', audit: 'yes', review: 'yes' };
/** Of the fields, those that a caller gets. */
const given = async (caller: Caller): Promise<string[]> => {
  const { data, errors = [] } = await graphql({ schema, source: '{ free patient audit review }', rootValue, contextValue: { caller } });
  expect(errors.every(({ originalError }) => originalError && 'code' in originalError && originalError.code === 'not-permitted')).toBe(
    true,
  );
  return Object.entries(data ?? {}).flatMap(([name, value]) => (value === 'yes' ? [name] : []));
};

describe('What a field needs', () => {
  it.each<[string, Caller, string[]]>([
    ['anybody on this machine', LOCAL_CALLER, ['free', 'patient', 'audit', 'review']],
    ['a radiologist', aCaller('radiologist'), ['free', 'patient', 'review']],
    ['a reviewer, whom reports may be signed by though not written', aCaller('reviewer'), ['free', 'patient', 'review']],
    ['a radiologist’s app that may only read', aCaller('radiologist', 'user/*.rs'), ['free', 'patient']],
    ['one that may read something else', aCaller('radiologist', 'user/Observation.rs'), ['free']],
    ['an auditor', aCaller('regulatory'), ['free', 'audit']],
    ['an auditor’s app that may read but not search', aCaller('regulatory', 'user/AuditEvent.r'), ['free']],
    ['a patient’s app', aCaller('patient', 'patient/Patient.r', { patient: '1' }), ['free', 'patient']],
    ['a token that grants nothing', aCaller('administrator', ''), ['free']],
  ])('is held to: %s', async (_, caller, fields) => {
    expect(await given(caller)).toEqual(fields);
  });

  it('is held to before a subscription begins', async () => {
    let begun = false;
    const source = async function* () {
      begun = true;
      yield 'one';
    };
    const document = parse('subscription { patients }');
    const contextValue = { caller: aCaller('administrator') };
    const refused = await subscribe({ schema, document, contextValue, rootValue: { patients: source } });
    expect(refused).toMatchObject({ errors: [{ message: expect.stringMatching(/Patient/) }] });
    expect(begun).toBe(false);
  });
});

describe('The published schema', () => {
  const published = buildSchema(readFileSync(new URL('../../../../openapi/schema.graphql', import.meta.url), 'utf8'));
  const needs = (type: string): string[] => {
    const found = published.getType(type);
    const fields = isObjectType(found) ? Object.values(found.getFields()) : [];
    return fields.filter(({ astNode }) => !astNode?.directives?.some(({ name }) => name.value === 'requires')).map(({ name }) => name);
  };

  it('says of every way in what it needs; nodes need what they are, keys are public', () => {
    expect([needs('Query'), needs('Mutation'), needs('Subscription')]).toEqual([['node', 'nodes', 'signingKeys'], [], []]);
  });

  it('takes an input object in every mutation, and gives its clientMutationId back', () => {
    const mutations = Object.values(published.getMutationType()?.getFields() ?? {});
    expect(mutations.length).toBeGreaterThan(5);
    for (const { args, type } of mutations) {
      expect(args.map(({ name, type: of }) => `${name}: ${String(of)}`)).toEqual([expect.stringMatching(/^input: \w+Input!$/)]);
      const payload = published.getType(String(type).replace('!', ''));
      expect(isObjectType(payload) && 'clientMutationId' in payload.getFields()).toBe(true);
    }
  });
});
