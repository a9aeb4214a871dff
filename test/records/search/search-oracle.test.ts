import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FhirResource } from 'fhir/r4.js';
import { AccessLog } from '../../../src/ledger/access-log.js';
import type { Database } from '../../../src/database/database.js';
import { Records } from '../../../src/records/records.js';
import { parseSearch } from '../../../src/records/search/parse-search.js';
import { findPage } from '../../../src/records/search/record-search.js';
import { searchParameters, type SearchParameter } from '../../../src/records/search/search-parameters.js';
import { SERVED_TYPES } from '../../../src/records/served-types.js';
import { Numbers } from '../../../src/records/store/numbers.js';
import { aDatabase } from '../../a-database.js';
import { compositeQueries, placesOf } from './oracle-composites.js';
import { searchedResources } from './oracle-data.js';
import { queriesOf, valuesOf, type Resource } from './oracle.js';
import { NOW } from './oracle-ranges.js';

const CONTEXT = { base: 'http://here/fhir', now: NOW };
/** Of each kind of query of one parameter; the rest would say nothing else. Of composites each part has its own values. */
const MOST_OF_A_KIND = 6;
const MOST_OF_COMPOSITES = 30;
const AT_ONCE = 4;

let database: Database;
const resources = searchedResources();
beforeAll(async () => {
  database = await aDatabase();
  const records = new Records(database, new AccessLog(database), new Numbers(database));
  await database.transaction((tx) => records.write(tx, resources as unknown as (FhirResource & { id: string })[], new Date(NOW)));
});
afterAll(() => database.close());

const found = async (type: string, name: string, value: string): Promise<string[]> => {
  const parameters: [string, string][] = [
    [name, value],
    ['_count', '1000'],
  ];
  const { search } = parseSearch({ type, parameters, lenient: false }, CONTEXT);
  return (await database.statement((tx) => findPage(tx, search))).matches.map(({ id }) => id).sort();
};

interface Asked {
  readonly query: string;
  readonly name: string;
  readonly value: string;
  readonly expected: readonly string[];
}

/** What to ask of a parameter, and what should come. */
function askedOf(parameter: SearchParameter, own: readonly Resource[]): Asked[] {
  const asked = <T>(
    valuesIn: (resource: Resource) => T,
    queries: readonly { name: string; value: string; matches: (values: T) => boolean }[],
  ) => {
    const values = own.map((resource) => [resource.id, valuesIn(resource)] as const);
    return fewOfEachKind(queries).map(({ name, value, matches }) => ({
      query: `${parameter.resourceType}?${name}=${value}`,
      name,
      value,
      expected: values
        .filter(([, one]) => matches(one))
        .map(([id]) => id)
        .sort(),
    }));
  };
  if (parameter.type !== 'composite') {
    const all = own.flatMap((resource) => valuesOf(parameter, resource));
    return asked((resource) => valuesOf(parameter, resource), queriesOf(parameter, all));
  }
  const places = own.flatMap((resource) => placesOf(parameter, resource));
  return asked((resource) => placesOf(parameter, resource), compositeQueries(parameter, places));
}

/** Queries of one kind: of the same name and prefix. */
const kindOf = (name: string, value: string): string =>
  `${name} ${value
    .split('$')
    .map((part) => `${/^(?:ne|lt|gt|le|ge|sa|eb|ap)?(?=[\d-])/.exec(part)?.[0] ?? ''} ${part.includes('|') ? '|' : ''}`)
    .join('$')}`;

function fewOfEachKind<T extends { name: string; value: string }>(queries: readonly T[]): T[] {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  return queries.filter(({ name, value }) => {
    const kind = kindOf(name, value);
    const count = counts.get(kind) ?? 0;
    if (seen.has(`${name}=${value}`) || count >= (value.includes('$') ? MOST_OF_COMPOSITES : MOST_OF_A_KIND)) return false;
    seen.add(`${name}=${value}`);
    counts.set(kind, count + 1);
    return true;
  });
}

describe('Every search parameter, with every modifier and prefix', () => {
  const byType = new Map(SERVED_TYPES.map((type) => [type, resources.filter(({ resourceType }) => resourceType === type)]));
  const parameters = SERVED_TYPES.flatMap((type) => [...searchParameters(type).values()]);
  const ownOf = ({ resourceType }: SearchParameter): readonly Resource[] => byType.get(resourceType as (typeof SERVED_TYPES)[number]) ?? [];

  it('has something that it is found by', () => {
    const without = parameters.filter((parameter) => !ownOf(parameter).some((resource) => valuesOf(parameter, resource).length > 0));
    expect(without.map(({ resourceType, name }) => `${resourceType}.${name}`)).toEqual([]);
  });

  it('finds what a brute-force evaluation by FHIRPath finds', async () => {
    const wrong: unknown[] = [];
    const asked = parameters.flatMap((parameter) =>
      askedOf(parameter, ownOf(parameter)).map((one) => ({ type: parameter.resourceType, ...one })),
    );
    const left = [...asked];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let one = left.pop(); one !== undefined; one = left.pop()) {
          const actual = await found(one.type, one.name, one.value).catch((error: unknown) => [String(error)]);
          if (JSON.stringify(actual) !== JSON.stringify(one.expected)) wrong.push({ query: one.query, expected: one.expected, actual });
        }
      }),
    );
    const hits = asked.filter(({ expected }) => expected.length > 0).length;
    console.info(
      `search compared with FHIRPath: ${asked.length} queries (${hits} with matches) of ${parameters.length} parameters over ${resources.length} resources`,
    );
    expect(wrong).toEqual([]);
    expect(asked.length).toBeGreaterThan(10_000);
  });
});
