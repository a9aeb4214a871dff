import type { ValueSet } from 'fhir/r4.js';
import type { Transaction } from '../../database/transaction.js';
import { currentVersion } from '../store/versions.sql.js';
import { valueSetCodes } from '../definitions/definitions.js';
import type { TokenTest } from './condition.js';
import { codesOf, codesOfR4, type Codes } from './expand-value-set.js';
import { BadSearchParameter } from './faults.js';
import { searchParameters } from './search-parameters.js';
import { split, unescaped } from './parse-value.js';

/** The codes of the value sets that a search names (`:in`, `:not-in`) and R4 does not define, by the name that it has for them. */
export type StoredCodes = ReadonlyMap<string, Codes>;

/**
 * `:in`: the codes of a value set, by its address (R4 search.html#token): one that R4 itself binds codes to, or that is stored here
 * and lists its codes. @throws BadSearchParameter
 */
export function valueSetTests(name: string, url: string, stored: StoredCodes | undefined): readonly TokenTest[] {
  const listed = codesOfR4(url) ?? stored?.get(url);
  if (listed === undefined) throw new BadSearchParameter(name, 'names a value set that is not known here, or does not list its codes');
  return listed;
}

/** What a search needs to know of stored value sets before it is read; undefined where it names none. */
export async function storedCodes(
  tx: Transaction,
  parameters: readonly (readonly [name: string, value: string])[],
): Promise<StoredCodes | undefined> {
  const named = parameters.flatMap(([name, value]) => (/:(?:not-)?in$/.test(name) ? split(value, ',').map(unescaped) : []));
  const unknown = [...new Set(named)].filter((url) => valueSetCodes(url.split('|')[0]) === undefined).slice(0, MOST_SETS);
  if (unknown.length === 0) return undefined;
  const found = new Map<string, Codes>();
  for (const url of unknown) {
    const codes = await codesOf(url, (canonical) => storedValueSet(tx, canonical));
    if (codes !== undefined) found.set(url, codes);
  }
  return found;
}

const MOST_SETS = 10;

/** By canonical, with or without a version, the latest of several; or as `ValueSet/ID`. */
async function storedValueSet(tx: Transaction, address: string): Promise<ValueSet | undefined> {
  const id = /^ValueSet\/([A-Za-z0-9\-.]{1,64})$/.exec(address)?.[1];
  if (id !== undefined) {
    const row = await currentVersion(tx, 'ValueSet', id);
    return row && !row.deleted ? (JSON.parse(row.content) as ValueSet) : undefined; // it is valid
  }
  const [url, version] = address.split('|', 2);
  const rows = await tx.rows<{ content: string }>(
    `SELECT r.content FROM search_token t JOIN resource r ON r.no = t.resource AND NOT r.deleted
      WHERE t.parameter = $1::int AND t.value = $2::text ORDER BY r.last_updated DESC, r.no DESC LIMIT $3::int`,
    [searchParameters('ValueSet').get('url')?.numbers.own, url, MOST_VERSIONS],
    'records.value-sets',
  );
  const all = rows.map(({ content }) => JSON.parse(content) as ValueSet);
  return version === undefined ? all[0] : all.find((one) => one.version === version);
}

const MOST_VERSIONS = 20;
