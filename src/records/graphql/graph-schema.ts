import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  specifiedDirectives,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  type GraphQLOutputType,
} from 'graphql';
import { RESOURCE_TYPES, typeDefinition, type ElementMembers, type Member } from '../definitions/definitions.js';
import { isServed, STORED_TYPES } from '../served-types.js';
import type { JsonObject } from '../validation/json-object.js';
import type { GraphContext } from './graph-context.js';
import { GRAPH_DIRECTIVES } from './graph-directives.js';
import { listOf, memberOf, referredBy } from './resolve-field.js';
import { ID, primitiveScalar, SEARCH_VALUE } from './scalars.js';
import { oneOf, refersTo, searchFields } from './search-fields.js';

type Fields = GraphQLFieldConfigMap<JsonObject, GraphContext>;

/** A type of elements: as GraphQL knows it, and as FHIRPath does. */
interface Named {
  readonly type: GraphQLOutputType;
  /** Undefined for primitives. */
  readonly members?: ElementMembers;
  readonly base: string;
}

const RESOURCE_TYPE = new GraphQLEnumType({
  name: 'ResourceType',
  values: Object.fromEntries(RESOURCE_TYPES.map((name) => [name, {}])),
});

const resourceType = { type: new GraphQLNonNull(primitiveScalar('code')), resolve: memberOf };

/** What every resource has; a field of any type may be asked of it without a fragment (loose-fields.ts). */
export const RESOURCE: GraphQLInterfaceType = new GraphQLInterfaceType({
  name: 'Resource',
  fields: () => ({ resourceType, ...memberFields('Resource', 'Resource') }),
  resolveType: (value: JsonObject) => String(value['resourceType']),
});

/** What a primitive has beside its value (R4 json.html#primitive). */
const ELEMENT_BASE: GraphQLObjectType = new GraphQLObjectType<JsonObject, GraphContext>({
  name: 'ElementBase',
  fields: () => memberFields('Element', 'Element'),
});

const objects = new Map<string, GraphQLObjectType>();
const backbones = new Map<ElementMembers, Named>();
const filters = new Map<ElementMembers, GraphQLFieldConfigArgumentMap>();

/** A datatype or resource by its name in R4. */
export function objectType(name: string): GraphQLObjectType {
  let made = objects.get(name);
  if (made === undefined) {
    const isResource = typeDefinition(name)?.kind === 'resource';
    made = new GraphQLObjectType<JsonObject, GraphContext>({
      name,
      interfaces: isResource ? [RESOURCE] : [],
      fields: () => (isResource ? { resourceType, ...memberFields(name, name), ...reverseFields(name) } : ownFields(name)),
    });
    objects.set(name, made);
  }
  return made;
}

function ownFields(name: string): Fields {
  const fields = memberFields(name, name);
  if (name !== 'Reference') return fields;
  const args = { optional: { type: GraphQLBoolean }, type: { type: RESOURCE_TYPE } };
  return { ...fields, resource: { type: RESOURCE, args, resolve: referredBy } };
}

/** What refers to a resource, for those that are kept here. */
const reverseFields = (name: string): Fields =>
  isServed(name)
    ? Object.assign({}, ...STORED_TYPES.filter((one) => refersTo(one, name)).map((one) => searchFields(one, objectType(one), name)))
    : {};

const memberFields = (type: string, base: string): Fields => fieldsOf(typeDefinition(type)?.members, type, base);

/** @param prefix  of the names of what has no type of its own */
function fieldsOf(members: ElementMembers | undefined, prefix: string, base: string): Fields {
  const fields: Fields = {};
  for (const [name, member] of members?.byName ?? []) {
    const named = name === 'id' ? { type: ID, base: 'id' } : namedType(member, prefix, base);
    const isList = member.element.max > 1;
    if (isList) fields[name] = { type: new GraphQLList(named.type), args: listArguments(named), resolve: listOf(named.base) };
    else fields[name] = { type: named.type, resolve: memberOf };
    if (isPrimitive(member) && member.type?.code !== 'xhtml')
      fields[`_${name}`] = { type: isList ? new GraphQLList(ELEMENT_BASE) : ELEMENT_BASE, resolve: memberOf };
  }
  return fields;
}

const isPrimitive = ({ element, type }: Member): boolean =>
  element.members === undefined && typeDefinition(type?.code ?? '')?.kind === 'primitive-type';

function namedType({ element, type }: Member, prefix: string, base: string): Named {
  const { members, pathName } = element;
  if (members !== undefined) {
    let made = backbones.get(members);
    if (made === undefined) {
      const [name, path] = [prefix + pathName[0].toUpperCase() + pathName.slice(1), `${base}.${pathName}`];
      const fields = (): Fields => fieldsOf(members, name, path);
      made = { type: new GraphQLObjectType<JsonObject, GraphContext>({ name, fields }), members, base: path };
      backbones.set(members, made);
    }
    return made;
  }
  const code = type?.code ?? 'string';
  if (code === 'Resource') return { type: RESOURCE, members: typeDefinition(code)?.members, base: code };
  const definition = typeDefinition(code);
  if (definition?.kind === 'primitive-type') return { type: primitiveScalar(code), base: code };
  return { type: objectType(code), members: definition?.members, base: code };
}

const PLACES: GraphQLFieldConfigArgumentMap = { _offset: { type: GraphQLInt }, _count: { type: GraphQLInt } };

/** A list may be filtered by each member of its elements that is a primitive, and by a FHIRPath. */
function listArguments({ members }: Named): GraphQLFieldConfigArgumentMap {
  if (members === undefined) return PLACES;
  let made = filters.get(members);
  if (made === undefined) {
    const names = [...members.byName]
      .filter(([, member]) => isPrimitive(member) && !member.element.name.endsWith('[x]'))
      .map(([name]) => name);
    made = { ...Object.fromEntries(names.map((name) => [name, { type: SEARCH_VALUE }])), fhirpath: { type: GraphQLString }, ...PLACES };
    filters.set(members, made);
  }
  return made;
}

const directives = [...specifiedDirectives, ...GRAPH_DIRECTIVES];
const schemas = new Map<string, GraphQLSchema>();

/**
 * The schema of a query, made of R4's definitions when it is first asked for: of one resource, whose members are its fields, or of
 * the whole server (R4 graphql.html). Every resource type is there, as what is contained may be of any.
 */
export function graphSchema(type: string | undefined): GraphQLSchema {
  const key = type ?? '';
  let made = schemas.get(key);
  if (made === undefined) {
    const query = type === undefined ? queryType() : objectType(type);
    // The tests validate it: no need to do so again in each process.
    made = new GraphQLSchema({ query, types: RESOURCE_TYPES.map(objectType), directives, assumeValid: true });
    schemas.set(key, made);
  }
  return made;
}

const queryType = (): GraphQLObjectType =>
  new GraphQLObjectType<JsonObject, GraphContext>({
    name: 'Query',
    fields: () =>
      Object.assign(
        {},
        ...STORED_TYPES.map((type) => ({ [type]: oneOf(type, objectType(type)), ...searchFields(type, objectType(type), undefined) })),
      ) as Fields,
  });
