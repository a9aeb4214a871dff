import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';
import { isServed } from '../served-types.js';
import { RESOURCE } from './graph-schema.js';

type Field = GraphQLField<unknown, unknown>;

/**
 * What a field means where it stands, for validation. Of a resource whose type is not known, R4 asks for the fields of any type
 * without a fragment (`subject { resource { active } }`): it is that of the first type that has it in the form that is asked for.
 * Where the resource turns out to be of a type without it, there is nothing.
 */
export function fieldMeant(schema: GraphQLSchema, parent: GraphQLType, node: FieldNode): Field | undefined {
  const name = node.name.value;
  const own = ownField(schema, parent, name);
  if (own !== undefined || parent !== RESOURCE) return own;
  const candidates = candidatesOf(schema, name).filter(({ type }) => isLeafType(getNamedType(type)) === (node.selectionSet === undefined));
  return candidates.find((one) => fits(schema, one, node)) ?? candidates.at(0) ?? candidatesOf(schema, name).at(0);
}

function ownField(schema: GraphQLSchema, parent: GraphQLType, name: string): Field | undefined {
  if (name === TypeNameMetaFieldDef.name && isCompositeType(parent)) return TypeNameMetaFieldDef as Field;
  if (schema.getQueryType() === parent) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef as Field;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef as Field;
  }
  return isObjectType(parent) || isInterfaceType(parent) ? (parent.getFields()[name] as Field | undefined) : undefined;
}

const byName = new Map<string, readonly Field[]>();

/** The fields of that name, one for each type that they give; those of types that are kept here first. */
function candidatesOf(schema: GraphQLSchema, name: string): readonly Field[] {
  let found = byName.get(name);
  if (found === undefined) {
    const types = schema.getPossibleTypes(RESOURCE).toSorted((a, b) => Number(isServed(b.name)) - Number(isServed(a.name)));
    const all = types.flatMap((type: GraphQLObjectType) => (type.getFields()[name] as Field | undefined) ?? []);
    found = [...new Map(all.map((one) => [String(one.type), one])).values()];
    if (found.length > 0) byName.set(name, found); // names that are none are without end
  }
  return found;
}

/** Whether what is asked of a field is there. Below another resource of unknown type it is not looked at again. */
function fits(schema: GraphQLSchema, { type }: Field, { selectionSet }: FieldNode): boolean {
  const named = getNamedType(type);
  return (
    named === RESOURCE ||
    (selectionSet?.selections ?? []).every((one) => {
      if (one.kind !== Kind.FIELD) return true;
      const below = ownField(schema, named, one.name.value);
      return below !== undefined && fits(schema, below, one);
    })
  );
}
