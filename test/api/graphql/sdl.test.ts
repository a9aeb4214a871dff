import { describe, expect, it } from '@jest/globals';
import { buildSchema, isNonNullType, isObjectType } from 'graphql';
import { readFileSync } from 'node:fs';

/** The graph as it is published, to whoever reads it. */
const schema = buildSchema(readFileSync(new URL('../../../../openapi/schema.graphql', import.meta.url), 'utf8'));
const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field, name: `${type.name}.${field.name}` })));

describe('A field that needs a right', () => {
  it('may be null: who lacks the right is given the rest of the answer', () => {
    const guarded = fields.filter(({ field: { astNode } }) => astNode?.directives?.some(({ name }) => name.value === 'requires'));
    expect(guarded.length).toBeGreaterThan(30);
    expect(guarded.filter(({ field }) => isNonNullType(field.type)).map(({ name }) => name)).toEqual([]);
  });
});

describe('A mutation', () => {
  it('may be null: one that fails does not take along what another one in the document has done', () => {
    const ours = fields.filter(({ type }) => type === schema.getMutationType());
    expect(ours.filter(({ field }) => isNonNullType(field.type)).map(({ name }) => name)).toEqual([]);
  });
});
