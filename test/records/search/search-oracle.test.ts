import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Database } from '../../../src/database/database.js';
import { LOCAL_CALLER } from '../../../src/access/caller.js';
import { draftOf } from '../../../src/records/edit/draft.js';
import { Edits } from '../../../src/records/edit/edits.js';
import { parseSearch } from '../../../src/records/search/parse-search.js';
import { findPage } from '../../../src/records/search/record-search.js';
import { searchParameters, type SearchParameter } from '../../../src/records/search/search-parameters.js';
import { isServed, SERVED_TYPES } from '../../../src/records/served-types.js';
import { Numbers } from '../../../src/records/store/numbers.js';
import { aDatabase } from '../../a-database.js';
import { queriesOf, valuesOf, type Resource } from './oracle.js';
import { NOW } from './oracle-ranges.js';

const shared = new URL('../../../../../shared/fhir/valid/', import.meta.url);
const present = existsSync(shared);
if (!present) console.warn('1 test skipped: ../shared/fhir is absent');
const CONTEXT = { base: 'http://here/fhir', now: NOW };
/** Of each kind of query of one parameter; the rest would say nothing else. */
const MOST_OF_A_KIND = 6;

let database: Database;
const resources: Resource[] = [];
beforeAll(async () => {
  database = await aDatabase();
  if (!present) return;
  const edits = new Edits(database, new Numbers(database));
  // Two are made to break the profile that they declare: they are refused.
  const kept = readdirSync(shared).filter((name) => !name.endsWith('-f1-fail.json'));
  const texts = kept.map((name) => readFileSync(new URL(name, shared), 'utf8'));
  for (const [i, text] of texts.entries()) {
    const given = JSON.parse(text) as Resource;
    if (!isServed(given.resourceType)) continue;
    const resource = { ...given, id: `r${i}` };
    resources.push(resource);
    await edits.put(LOCAL_CALLER, draftOf(JSON.stringify(resource), given.resourceType, CONTEXT.base), resource.id, {});
  }
});
afterAll(() => database.close());

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

/** Queries of one kind: of the same name and prefix. */
const kindOf = (name: string, value: string): string =>
  `${name} ${/^(?:ne|lt|gt|le|ge|sa|eb|ap)?(?=[\d-])/.exec(value)?.[0] ?? ''} ${value.includes('|') ? '|' : ''}`;

describe('Every search parameter, with every modifier and prefix', () => {
  (present ? it : it.skip)('finds what a brute-force evaluation by FHIRPath finds', async () => {
    const wrong: unknown[] = [];
    let queries = 0;
    const parameters = new Set<string>();
    for (const type of SERVED_TYPES) {
      const own = resources.filter(({ resourceType }) => resourceType === type);
      for (const parameter of searchParameters(type).values()) {
        const values = new Map(own.map((resource) => [resource.id, valuesOf(parameter, resource)]));
        for (const { name, value, matches } of fewOfEachKind(parameter, [...values.values()].flat())) {
          const expected = [...values].filter(([, one]) => matches(one)).map(([id]) => id);
          const actual = await found(type, name, value).catch((error: unknown) => [String(error)]);
          queries++;
          parameters.add(`${type}.${parameter.name}`);
          if (JSON.stringify(actual) !== JSON.stringify(expected.sort()))
            wrong.push({ query: `${type}?${name}=${value}`, expected, actual });
        }
      }
    }
    console.info(`search compared with FHIRPath: ${queries} queries of ${parameters.size} parameters over ${resources.length} resources`);
    expect(wrong).toEqual([]);
    expect(queries).toBeGreaterThan(2_000);
  });
});

function fewOfEachKind(parameter: SearchParameter, values: readonly unknown[]) {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  return queriesOf(parameter, values).filter(({ name, value }) => {
    const kind = kindOf(name, value);
    const count = counts.get(kind) ?? 0;
    if (seen.has(`${name}=${value}`) || count >= MOST_OF_A_KIND) return false;
    seen.add(`${name}=${value}`);
    counts.set(kind, count + 1);
    return true;
  });
}
