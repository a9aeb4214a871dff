import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isNonNullType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';
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

describe('Whoever reads the schema', () => {
  it('is told of each type, field, argument and value what it is', () => {
    interface Described {
      readonly name: string;
      readonly description?: string | null;
    }
    const all: Described[] = [];
    const add = (above: string, ones: readonly Described[]) =>
      all.push(...ones.map(({ name, description }) => ({ name: `${above}${name}`, description })));
    for (const type of Object.values(schema.getTypeMap())) {
      if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
      add('', [type]);
      if (isEnumType(type)) add(`${type.name}.`, type.getValues());
      if (isInputObjectType(type)) add(`${type.name}.`, Object.values(type.getFields()));
      if (isObjectType(type) || isInterfaceType(type))
        for (const field of Object.values(type.getFields())) {
          add(`${type.name}.`, [field]);
          add(`${type.name}.${field.name}:`, field.args);
        }
    }
    for (const directive of schema.getDirectives().filter((one) => !isSpecifiedDirective(one))) add(`@${directive.name}:`, directive.args);
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(({ description }) => !description).map(({ name }) => name)).toEqual([]);
  });
});
