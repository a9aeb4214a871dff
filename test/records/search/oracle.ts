import { searchParameters, type SearchParameter, type SearchType } from '../../../src/records/search/search-parameters.js';
import { kindOf, partsOf, type Members, type Query, type Resource, type Values } from './oracle-query.js';
import { dateQueries, quantityQueries } from './oracle-ranges.js';
import { referenceQueries } from './oracle-references.js';
import { stringQueries, uriQueries } from './oracle-strings.js';
import { tokenQueries } from './oracle-tokens.js';

/** Modifiers that parameters of a kind have; of references also the types that they may be to. */
export const MODIFIERS: Readonly<Record<SearchType, readonly string[]>> = {
  composite: [],
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  reference: ['missing', 'identifier', 'not'],
  special: [],
  string: ['missing', 'exact', 'contains'],
  token: ['missing', 'not', 'text', 'in', 'not-in', 'of-type'],
  uri: ['missing', 'above', 'below'],
};

/**
 * What a search should find, worked out the slow way and by itself: HL7's FHIRPath gives the values that a parameter looks at,
 * and each rule of R4 search.html is written down once more, over plain values. Here: the queries that a parameter's values
 * suggest, each modifier and prefix, on a value that is there and on others.
 */
export function queriesOf(parameter: SearchParameter, values: Values): Query[] {
  if (parameter.type === 'composite') return compositeQueries(parameter, values as readonly Place[]);
  const missing = ['true', 'false'].map((value) => ({
    name: `${parameter.name}:missing`,
    value,
    matches: (own: Values) => (own.length === 0) === (value === 'true'),
  }));
  return [...missing, ...plainQueries(parameter, values)];
}

function plainQueries(parameter: SearchParameter, values: Values): Query[] {
  const { name, type } = parameter;
  switch (type) {
    case 'token':
      return tokenQueries(parameter, values);
    case 'string':
      return stringQueries(name, values);
    case 'uri':
      return uriQueries(name, values);
    case 'date':
      return dateQueries(name, values);
    case 'reference':
      return referenceQueries(parameter, values);
    case 'number':
    case 'quantity':
      return quantityQueries(name, values);
    case 'composite':
    case 'special':
      return [];
  }
}

/** `_id` and `_lastUpdated`, which are no part of the index; their values are the resource itself. */
export function columnQueries(resources: readonly Resource[]): Query[] {
  const [first, second] = resources;
  if (second === undefined) return [];
  const ids = (own: Values): unknown => (own[0] as Resource).id;
  const updated = (own: Values): Values => [((own[0] as Resource)['meta'] as Members)['lastUpdated']];
  return [
    { name: '_id', value: first.id, matches: (own) => ids(own) === first.id },
    { name: '_id', value: `${first.id},${second.id}`, matches: (own) => ids(own) === first.id || ids(own) === second.id, kind: 'or' },
    { name: '_id:not', value: first.id, matches: (own) => ids(own) !== first.id },
    ...['_id', '_lastUpdated'].flatMap((name) => [
      { name: `${name}:missing`, value: 'true', matches: () => false },
      { name: `${name}:missing`, value: 'false', matches: () => true, kind: 'there' },
    ]),
    ...dateQueries('_lastUpdated', updated([first])).map((query) => ({
      ...query,
      matches: (own: Values) => query.matches(updated(own)),
      kind: String(query.value.length),
    })),
  ];
}

/** Some of each kind, evenly out of all, so that each source has its part. */
export function fewOfEachKind(queries: readonly Query[], most: number): Query[] {
  const kinds = new Map<string, Map<string, Query>>();
  for (const query of queries) {
    const kind = kinds.get(kindOf(query)) ?? new Map<string, Query>();
    kinds.set(kindOf(query), kind.set(`${query.name}=${query.value}`, query));
  }
  return [...kinds.values()].flatMap((kind) => {
    const all = [...kind.values()];
    return all.length <= most ? all : Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]);
  });
}

type Place = readonly Values[];

/** `a$b`: both of one place, and of two neighbours, each with every prefix that it has; found where both hold at one place. */
function compositeQueries(parameter: SearchParameter, places: readonly Place[]): Query[] {
  const { name, resourceType } = parameter;
  const parts = partsOf(parameter).map(([part]) => searchParameters(resourceType).get(part) as SearchParameter);
  const asked = places.map((place) => parts.map((part, i) => oneOfEachKind(plainQueries(part, place[i]), part.name)));
  return asked.flatMap(([first, second], i) => {
    const [, elsewhere] = asked[(i + 1) % asked.length];
    const pairs = [
      ...first.flatMap((a) => second.map((b) => [a, b, 'together'] as const)),
      ...first.flatMap((a) => elsewhere.map((b) => [a, b, 'apart'] as const)),
    ];
    return pairs.map(([a, b, how]) => ({
      name,
      value: `${a.value}$${b.value}`,
      matches: (own: Values) => (own as readonly Place[]).some(([left, right]) => a.matches(left) && b.matches(right)),
      kind: `${kindOf(a)} ${kindOf(b)} ${how}`,
    }));
  });
}

/** Parts have no modifiers; a comma would be another alternative of the whole. */
function oneOfEachKind(queries: readonly Query[], name: string): Query[] {
  const plain = queries.filter((one) => one.name === name && one.kind !== 'or');
  return [...new Map(plain.map((one) => [kindOf(one), one])).values()];
}
