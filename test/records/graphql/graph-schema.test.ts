import { describe, expect, it } from '@jest/globals';
import { assertValidSchema, buildClientSchema, GraphQLSchema, introspectionFromSchema, parse, TypeInfo, validate } from 'graphql';
import { SERVED_TYPES } from '../../../src/records/served-types.js';
import { RESOURCE_TYPES } from '../../../src/records/definitions/definitions.js';
import { graphSchema } from '../../../src/records/graphql/graph-schema.js';
import { fieldMeant } from '../../../src/records/graphql/loose-fields.js';

const schema = graphSchema(undefined);
const wrongs = (query: string, of?: string): string[] => {
  const asked = graphSchema(of);
  return validate(asked, parse(query), undefined, {}, new TypeInfo(asked, undefined, fieldMeant)).map(({ message }) => message);
};

describe("The schema of FHIR's GraphQL", () => {
  it('is valid, of the server and of each type, and can be made again from what it says of itself', () => {
    for (const one of [schema, ...SERVED_TYPES.map(graphSchema)]) assertValidSchema(new GraphQLSchema(one.toConfig()));
    expect(Object.keys(buildClientSchema(introspectionFromSchema(schema)).getTypeMap()).length).toBeGreaterThan(700);
  });

  it('has every resource type of R4, as what is contained may be of any', () => {
    expect(RESOURCE_TYPES.filter((name) => schema.getType(name) === undefined)).toEqual([]);
    expect(wrongs('{ contained { ... on Medication { code { text } } } }', 'Observation')).toEqual([]);
  });

  it('takes fields of a resource of unknown type without a fragment, and none that no type has', () => {
    const subject = (members: string): string[] => wrongs(`{ subject { resource { ${members} } } }`, 'Observation');
    expect(subject('active birthDate name { family }')).toEqual([]);
    expect(subject('name contact { telecom { value } }')).toEqual([]); // a Location's name, a Patient's contact
    expect(subject('managingOrganization { resource { alias partOf { resource { name } } } }')).toEqual([]);
    expect(subject('shoe')).toHaveLength(1);
    expect(subject('name { family shoe }')).toHaveLength(1);
    expect(subject('active { id }')).toHaveLength(1);
    expect(wrongs('{ resource { id } }', 'Observation')).toHaveLength(1);
  });
});
