import {
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
  Kind,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  type GraphQLResolveInfo,
} from 'graphql';
import { searchParameters, type SearchParameter } from '../search/search-parameters.js';
import { cursorText } from '../search/parse-search.js';
import { BadSearchParameter } from '../search/faults.js';
import type { JsonObject } from '../validation/json-object.js';
import { BadGraphArgument } from './faults.js';
import { filterElements } from './filter-elements.js';
import { followedParameters } from './followed.js';
import { connectionPlace, placeText } from './connection-place.js';
import type { GraphContext, GraphPage } from './graph-context.js';
import type { Resolver } from './resolve-field.js';
import { ID, primitiveScalar, SEARCH_VALUE } from './scalars.js';

type Fields = GraphQLFieldConfigMap<JsonObject, GraphContext>;
type Arguments = Readonly<Record<string, unknown>>;
type Pairs = readonly (readonly [name: string, value: string])[];

/** Parameters of every search, beside the type's own. */
const COMMON = ['_id', '_lastUpdated', '_content', '_sort', '_count', '_total'];
/** What is no parameter of the search itself. */
const OWN: ReadonlySet<string> = new Set(['_reference', 'fhirpath', 'cursor']);

/** GraphQL has no hyphen in names: R4 graphql.html puts _ for it. */
const graphName = (name: string): string => name.replaceAll('-', '_');

const VALUES = { type: new GraphQLList(SEARCH_VALUE) };
const argumentsByType = new Map<string, GraphQLFieldConfigArgumentMap>();

function searchArguments(type: string): GraphQLFieldConfigArgumentMap {
  let made = argumentsByType.get(type);
  if (made === undefined) {
    const names = [...COMMON, ...searchParameters(type).keys()];
    made = { ...Object.fromEntries(names.map((name) => [graphName(name), VALUES])), fhirpath: { type: GraphQLString } };
    argumentsByType.set(type, made);
  }
  return made;
}

/** What a field asks, as the search's parameters: a list is any of its values (R4 search.html#combining). */
function pairsOf(type: string, asked: Arguments): [string, string][] {
  const given = Object.entries(asked).filter(([name, value]) => !OWN.has(name) && value !== null && value !== undefined);
  if (given.length === 0) return [];
  const own = new Map([...searchParameters(type).keys()].map((name) => [graphName(name), name]));
  return given.map(([name, value]) => [own.get(name) ?? name, (Array.isArray(value) ? value : [value]).map(String).join(',')]);
}

/** The resource itself by its id (`Patient(id: …)`); HL7's server tests say `_id`. */
export const oneOf = (type: string, resource: GraphQLObjectType): GraphQLFieldConfig<JsonObject, GraphContext> => ({
  type: resource,
  args: { id: { type: ID }, _id: { type: ID } },
  resolve: (_source, { id, _id }: { id?: string | number | null; _id?: string | number | null }, context, { fieldNodes, fragments }) => {
    const asked = String(id ?? _id ?? '');
    if (!/^[A-Za-z0-9\-.]{1,64}$/.test(asked)) throw new BadGraphArgument('id', 'must be an id: 1 to 64 letters, digits, hyphens and dots');
    const sets = fieldNodes.map(({ selectionSet }) => selectionSet);
    return context.read(type, asked, followedParameters(type, sets, fragments));
  },
});

/** `PatientList(…)` and `PatientConnection(…)`; within a resource what refers to it by `_reference` (R4 graphql.html, "Searching"). */
export function searchFields(type: string, resource: GraphQLObjectType, within: string | undefined): Fields {
  const by: GraphQLFieldConfigArgumentMap = within === undefined ? {} : { _reference: { type: new GraphQLNonNull(SEARCH_VALUE) } };
  const parameters = (source: JsonObject, asked: Arguments): Pairs => [
    ...pairsOf(type, asked),
    ...(within === undefined ? [] : [[referenceName(type, String(asked['_reference'])), `${within}/${String(source['id'])}`] as const]),
  ];
  const list: Resolver<Arguments> = async (source, asked, context) => {
    const { resources } = await context.page(type, parameters(source, asked), (search) => ({ ...search, total: 'none' }));
    return filtered(resources, asked, type, context);
  };
  const connection: Resolver<Arguments> = async (source, asked, context, info) => {
    const place = connectionPlace(asked['cursor'], parameters(source, asked));
    const wantsTotal = asksFor(info, ['count', 'last']);
    const page = await context.page(type, place.pairs, (search) => ({
      ...search,
      ...(place.offset > 0 && search.cursor === undefined && { offset: place.offset }),
      ...(!wantsTotal && { total: 'none' as const }),
    }));
    return connectionOf(page, place, filtered(page.resources, asked, type, context));
  };
  return {
    [`${type}List`]: { type: new GraphQLList(resource), args: { ...searchArguments(type), ...by }, resolve: list },
    [`${type}Connection`]: {
      type: connectionType(type, resource),
      args: { ...searchArguments(type), ...by, cursor: { type: ID, description: 'Of another page: it says all that was asked' } },
      resolve: connection,
    },
  };
}

function filtered(resources: readonly JsonObject[], { fhirpath }: Arguments, type: string, { spending }: GraphContext): readonly unknown[] {
  return typeof fhirpath === 'string' ? filterElements(resources, { fhirpath }, type, spending) : resources;
}

function referenceName(type: string, asked: string): string {
  const found = [...searchParameters(type).values()].find((one) => one.type === 'reference' && graphName(one.name) === graphName(asked));
  if (found === undefined) throw new BadSearchParameter(asked, `is no reference of ${type}'s`);
  return found.name;
}

/** Whether a type can refer to another by any of its parameters. */
export const refersTo = (type: string, target: string): boolean =>
  [...searchParameters(type).values()].some(
    (one: SearchParameter) => one.type === 'reference' && (one.targets.length === 0 || one.targets.includes(target)),
  );

/** Whether any of these is asked of what a field gives; a fragment may hide them. */
const asksFor = ({ fieldNodes }: GraphQLResolveInfo, names: readonly string[]): boolean =>
  fieldNodes.some(({ selectionSet }) => selectionSet?.selections.some((one) => one.kind !== Kind.FIELD || names.includes(one.name.value)));

/** A page's place among the others: by where it begins, and from where to go on. */
function connectionOf({ search, found }: GraphPage, { pairs, offset }: ReturnType<typeof connectionPlace>, resources: readonly unknown[]) {
  const size = search.count;
  const total = found.total;
  const own = pairs.filter(([name]) => name !== '_cursor');
  const at = (place: number): string => placeText({ pairs: own, offset: place });
  const lastPlace = total === undefined || size === 0 ? 0 : Math.floor((total - 1) / size) * size;
  return {
    count: total,
    offset,
    pagesize: size,
    edges: resources.map((resource) => ({ mode: 'match', resource })),
    first: offset > 0 ? at(0) : null,
    previous: offset > 0 ? at(Math.max(0, offset - size)) : null,
    next: found.next && placeText({ pairs: [...own, ['_cursor', cursorText(found.next)]], offset: offset + found.matches.length }),
    last: lastPlace > offset ? at(lastPlace) : null,
  };
}

const connections = new Map<string, GraphQLObjectType>();

function connectionType(type: string, resource: GraphQLObjectType): GraphQLObjectType {
  let made = connections.get(type);
  if (made !== undefined) return made;
  const edge = new GraphQLObjectType({
    name: `${type}Edge`,
    fields: { mode: { type: primitiveScalar('code') }, score: { type: GraphQLFloat }, resource: { type: resource } },
  });
  const place = (description: string) => ({ type: ID, description });
  made = new GraphQLObjectType({
    name: `${type}Connection`,
    fields: {
      count: {
        type: GraphQLInt,
        description: 'How many there are in all; none where they are too many to count, unless _total is accurate',
      },
      offset: { type: GraphQLInt },
      pagesize: { type: GraphQLInt },
      edges: { type: new GraphQLList(edge) },
      first: place('cursor of the first page, where this is another'),
      previous: place('cursor of the page before'),
      next: place('cursor of the page after'),
      last: place('cursor of the last page, where this is another'),
    },
  });
  connections.set(type, made);
  return made;
}
