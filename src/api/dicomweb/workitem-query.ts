import { uid } from '../../dicom/uid.js';
import { attributePath, workitemKey, type WorkitemKey } from '../../worklist/workitem-keys.js';
import { BadPaging, MAXIMUM_LIMIT } from './search-query.js';

export type QueryParameters = Record<string, string | string[]>;
const DEFAULT_LIMIT = 1_000;

const textsOf = (given: string | string[] | undefined): string[] => (given === undefined ? [] : [given].flat());

/** A search for workitems (PS3.18 11.9.1). Answers hold whole workitems, so `includefield` is only checked. Throws BadWorkitemKey, BadPaging. */
export function workitemSearch(query: QueryParameters): { keys: WorkitemKey[]; limit: number; offset: number } {
  for (const field of textsOf(query['includefield']).flatMap((one) => one.split(','))) if (field !== 'all') attributePath(field.trim());
  const limit = Math.min(wholeNumber('limit', query, DEFAULT_LIMIT), MAXIMUM_LIMIT);
  return {
    keys: keysOf(query, ['includefield', 'limit', 'offset', 'fuzzymatching', 'accept']),
    limit,
    offset: wholeNumber('offset', query, 0),
  };
}

/** The keys of a filtered global subscription: as of a search, or together in `filter` as key=value pairs (PS3.18 11.10.1). */
export function filterKeys(query: QueryParameters): WorkitemKey[] {
  const pairs = textsOf(query['filter']).flatMap((filter) => filter.split(/[,&]/));
  const together = pairs.map((pair) => workitemKey(pair.slice(0, Math.max(0, pair.indexOf('='))), pair.slice(pair.indexOf('=') + 1)));
  return [...keysOf(query, ['filter', 'deletionlock']), ...together];
}

const keysOf = (query: QueryParameters, others: readonly string[]): WorkitemKey[] =>
  Object.entries(query)
    .filter(([name]) => !others.includes(name.toLowerCase()))
    .flatMap(([name, given]) => textsOf(given).map((value) => workitemKey(name, value)));

/** A UID that stands alone as the query (`?1.2.3`), or under one of the names that editions gave it. Throws MalformedUid. */
export function uidParameter(query: QueryParameters, ...names: readonly string[]): string | undefined {
  const alone = Object.entries(query).find(([name, value]) => value === '' && /^[0-9.]+$/.test(name))?.[0];
  const named = Object.entries(query).find(([name]) => names.includes(name.toLowerCase()))?.[1];
  const [given = alone] = textsOf(named);
  return given === undefined || given === '' ? undefined : uid(given);
}

function wholeNumber(name: string, query: QueryParameters, otherwise: number): number {
  const [text] = textsOf(query[name]);
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new BadPaging(name);
  return Number(text);
}
