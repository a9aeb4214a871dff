import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../../src/database/database.js';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { draftOf } from '../../../src/records/edit/draft.js';
import { Edits } from '../../../src/records/edit/edits.js';
import { parseSearch } from '../../../src/records/search/parse-search.js';
import { findPage } from '../../../src/records/search/record-search.js';
import { searchParameters, type SearchParameter } from '../../../src/records/search/search-parameters.js';
import { SERVED_TYPES } from '../../../src/records/served-types.js';
import { Numbers } from '../../../src/records/store/numbers.js';
import { aDatabase } from '../../a-database.js';
import { kindOf, type Query, type Resource } from './oracle-query.js';
import { queriesOf } from './oracle.js';
import { NOW } from './oracle-ranges.js';
import { BASE } from './oracle-references.js';
import { sources } from './oracle-resources.js';
import { valuesOf } from './oracle-values.js';

const CONTEXT = { base: BASE, now: NOW };
/** Of each kind of query of one parameter; the rest would say nothing else. */
const [MOST_OF_A_KIND, MOST_OF_COMPOSITES] = [6, 2];

let database: Database;
const resources: Resource[] = [];
beforeAll(async () => {
  database = await aDatabase();
  const edits = new Edits(database, new Numbers(database));
  const given = sources();
  resources.push(...given.flatMap((source) => source.resources));
  await atOnce(resources, (one) => edits.put(LOCAL_CALLER, draftOf(JSON.stringify(one), one.resourceType, CONTEXT.base), one.id, {}));
  console.info(given.map(({ name, resources: { length } }) => `${name}: ${length} resources`).join(', '));
}, 60_000);
afterAll(() => database.close());

/** A few at a time: while the database works on one the next is put together. */
async function atOnce<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const left = all.values();
  const one = async (): Promise<void> => {
    for (const next of left) await work(next);
  };
  await Promise.all(Array.from({ length: 4 }, one));
}

const found = async (type: string, name: string, value: string): Promise<string[]> => {
  const { search } = parseSearch(
    {
      type,
      parameters: [
        [name, value],
        ['_count', '1000'],
      ],
      lenient: false,
    },
    CONTEXT,
  );
  return (await database.statement((tx) => findPage(tx, search))).matches.map(({ id }) => id).sort();
};

describe('Every search parameter, with every modifier and prefix', () => {
  it('finds what a brute-force evaluation by FHIRPath finds', async () => {
    const wrong: unknown[] = [];
    const valueless: string[] = [];
    let [queries, parameters] = [0, 0];
    for (const type of SERVED_TYPES) {
      const own = resources.filter(({ resourceType }) => resourceType === type);
      for (const parameter of searchParameters(type).values()) {
        const values = new Map(own.map((resource) => [resource.id, valuesOf(parameter, resource)]));
        const all = [...values.values()].flat();
        parameters++;
        if (all.length === 0) valueless.push(`${type}.${parameter.name}`);
        await atOnce(fewOfEachKind(parameter, all), async ({ name, value, matches }) => {
          const expected = [...values].filter(([, one]) => matches(one)).map(([id]) => id);
          const actual = await found(type, name, value).catch((error: unknown) => [String(error)]);
          queries++;
          if (JSON.stringify(actual) !== JSON.stringify(expected.sort()))
            wrong.push({ query: `${type}?${name}=${value}`, expected, actual });
        });
      }
    }
    console.info(`search compared with FHIRPath: ${queries} queries of ${parameters} parameters over ${resources.length} resources`);
    expect(valueless).toEqual([]);
    expect(wrong).toEqual([]);
    expect(queries).toBeGreaterThan(10_000);
  }, 60_000);
});

/** Evenly out of all, so that each source has its part. */
function fewOfEachKind(parameter: SearchParameter, values: readonly unknown[]): Query[] {
  const most = parameter.type === 'composite' ? MOST_OF_COMPOSITES : MOST_OF_A_KIND;
  const kinds = new Map<string, Map<string, Query>>();
  for (const query of queriesOf(parameter, values)) {
    const kind = kinds.get(kindOf(query)) ?? new Map<string, Query>();
    kinds.set(kindOf(query), kind.set(`${query.name}=${query.value}`, query));
  }
  return [...kinds.values()].flatMap((kind) => {
    const all = [...kind.values()];
    return all.length <= most ? all : Array.from({ length: most }, (_, i) => all[Math.floor((i * all.length) / most)]);
  });
}
