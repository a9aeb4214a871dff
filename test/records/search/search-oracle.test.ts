import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Database } from '../../../src/database/database.js';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { draftOf } from '../../../src/records/edit/draft.js';
import { Edits } from '../../../src/records/edit/edits.js';
import { BadSearchParameter } from '../../../src/records/search/faults.js';
import { parseCondition } from '../../../src/records/search/parse-condition.js';
import { parseSearch } from '../../../src/records/search/parse-search.js';
import { findPage } from '../../../src/records/search/record-search.js';
import { searchParameters, type SearchType } from '../../../src/records/search/search-parameters.js';
import { STORED_TYPES } from '../../../src/records/served-types.js';
import { Numbers } from '../../../src/records/store/numbers.js';
import { aDatabase } from '../../a-database.js';
import { columnQueries, fewOfEachKind, MODIFIERS, queriesOf } from './oracle.js';
import { BASE, PREFIXES, prefixOf, type Query, type Resource, type Values } from './oracle-query.js';
import { NOW } from './oracle-ranges.js';
import { sources } from './oracle-resources.js';
import { valuesOf } from './oracle-values.js';

const CONTEXT = { base: BASE, now: NOW };
/** Of each kind of query of one parameter; the rest would say nothing else. */
const [MOST_OF_A_KIND, MOST_OF_COMPOSITES] = [4, 2];

/** Half a minute on two cores of one's own. */
const LONGEST_MS = 180_000;

let database: Database;
/** As they are stored. */
const resources: Resource[] = [];
/** What each is called where it comes from, by its id. */
const names = new Map<string, string>();
beforeAll(async () => {
  database = await aDatabase();
  const edits = new Edits(database, new Numbers(database));
  const given = sources();
  await atOnce(
    64,
    given.flatMap((source) => source.resources),
    async (one) => {
      const { row } = await edits.create(LOCAL_CALLER, draftOf(JSON.stringify(one), one.resourceType, CONTEXT.base));
      const { id = '', lastUpdated } = row ?? {};
      resources.push({ ...one, id, meta: { ...(one['meta'] as object), lastUpdated: lastUpdated?.toISOString() } });
      names.set(id, one.id);
    },
  );
  console.info(given.map(({ name, resources: { length } }) => `${name}: ${length} resources`).join(', '));
}, LONGEST_MS);
afterAll(() => database.close());

/** Several in turn: while the database works on one the next is put together. */
async function atOnce<T>(most: number, all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const left = all.values();
  const some = async (): Promise<void> => {
    for (const next of left) await work(next);
  };
  await Promise.all(Array.from({ length: most }, some));
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
  return (await database.statement((tx) => findPage(tx, LOCAL_CALLER, search))).matches.map(({ id }) => names.get(id) ?? id).sort();
};

/** A kind of parameter with a modifier or a prefix, `:TYPE` for whatever type. */
function formOf(kind: SearchType, name: string, value: string): string {
  const [, modifier = ''] = name.split(':');
  const prefix = ['date', 'quantity'].includes(kind) && modifier === '' ? prefixOf(value) : '';
  return [kind, /^[A-Z]/.test(modifier) ? 'TYPE' : modifier, prefix].filter((one) => one !== '').join(' ');
}

/** All that there are: no type that is served has a parameter of the kind `number`. */
const FORMS = [
  ...Object.entries(MODIFIERS).flatMap(([kind, modifiers]) => [kind, ...modifiers.map((one) => `${kind} ${one}`)]),
  ...['date', 'quantity'].flatMap((kind) => PREFIXES.map((prefix) => `${kind} ${prefix}`)),
  'reference TYPE',
]
  .filter((form) => !/^(number|special)/.test(form))
  .sort();

/** Those of a type's queries that find something else than the values say. */
async function wrongOf(type: string, queries: readonly Query[], values: ReadonlyMap<string, Values>): Promise<unknown[]> {
  const wrong: unknown[] = [];
  await atOnce(4, queries, async ({ name, value, matches }) => {
    const expected = [...values].flatMap(([id, one]) => (matches(one) ? [names.get(id)] : [])).sort();
    const actual = await found(type, name, value).catch((error: unknown) => [String(error)]);
    if (JSON.stringify(actual) !== JSON.stringify(expected)) wrong.push({ query: `${type}?${name}=${value}`, expected, actual });
  });
  return wrong;
}

describe('Every search parameter, with every modifier and prefix', () => {
  it(
    'finds what a brute-force evaluation by FHIRPath finds',
    async () => {
      const wrong: unknown[] = [];
      const valueless: string[] = [];
      const forms = new Set<string>();
      let [queries, parameters] = [0, 0];
      for (const type of STORED_TYPES) {
        const own = resources.filter(({ resourceType }) => resourceType === type);
        for (const parameter of searchParameters(type).values()) {
          const values = new Map(own.map((resource) => [resource.id, valuesOf(parameter, resource)]));
          const all = [...values.values()].flat();
          const asked = fewOfEachKind(queriesOf(parameter, all), parameter.type === 'composite' ? MOST_OF_COMPOSITES : MOST_OF_A_KIND);
          wrong.push(...(await wrongOf(type, asked, values)));
          for (const { name, value } of asked) forms.add(formOf(parameter.type, name, value));
          if (all.length === 0) valueless.push(`${type}.${parameter.name}`);
          parameters++;
          queries += asked.length;
        }
        const asked = fewOfEachKind(columnQueries(own), 1);
        wrong.push(...(await wrongOf(type, asked, new Map(own.map((resource) => [resource.id, [resource]])))));
        parameters += 2;
        queries += asked.length;
      }
      console.info(`search compared with FHIRPath: ${queries} queries of ${parameters} parameters over ${resources.length} resources`);
      expect(valueless).toEqual([]);
      expect(wrong).toEqual([]);
      expect([...forms].sort()).toEqual(FORMS);
      expect(queries).toBeGreaterThan(10_000);
    },
    LONGEST_MS,
  );

  it('refuses every modifier that its kind of parameter does not have', () => {
    const taken: string[] = [];
    for (const type of STORED_TYPES)
      for (const { name, type: kind } of searchParameters(type).values())
        for (const modifier of new Set([...Object.values(MODIFIERS).flat(), 'Practitioner-', 'no-such-modifier']))
          if (!MODIFIERS[kind].includes(modifier) && !isRefused(type, `${name}:${modifier}`)) taken.push(`${type}?${name}:${modifier}`);
    expect(taken).toEqual([]);
  });
});

function isRefused(type: string, name: string): boolean {
  try {
    parseCondition(type, name, 'true', CONTEXT);
    return false;
  } catch (error) {
    return error instanceof BadSearchParameter;
  }
}
