import { tagOf, vrOf } from '../../dicom/data-dictionary.js';
import { levelOf, type Level } from '../../archive/index-attributes.js';
import { BadSearchKey, type SearchKey } from '../../archive/search-keys.js';
import type { SearchRequest } from '../../archive/search.js';
import { Fault } from '../../faults.js';

export const MAXIMUM_LIMIT = 5_000;
const DEFAULT_LIMIT = 1_000;

/** `limit` or `offset` is not a number in range. */
export class BadPaging extends Fault {
  readonly code = 'bad-paging';
  readonly status = 400;

  constructor(name: string) {
    super(`The query parameter ${name} must be a whole number, 0 or more.`);
  }
}

const RANK: Readonly<Record<Level, number>> = { study: 0, series: 1, instance: 2 };
const MODALITIES_IN_STUDY = '00080061';

/** A QIDO query string (PS3.18 8.3.4) as a search. The path's own UIDs are keys like the others. Throws BadSearchKey, BadPaging. */
export function searchQuery(
  level: Level,
  query: Readonly<Record<string, string | readonly string[] | undefined>>,
  path: Readonly<Partial<Record<'study' | 'series', string>>>,
): SearchRequest {
  const keys: SearchKey[] = [];
  const include = new Set<string>();
  let all = false;
  const add = (at: string, value: string): void => {
    const keyLevel: Level = at === MODALITIES_IN_STUDY ? 'study' : levelOf(at);
    if (RANK[keyLevel] > RANK[level]) throw new BadSearchKey(at, `is no key of the ${level} level`);
    if (value.includes('\0')) throw new BadSearchKey(at, 'has a character that no value has'); // Postgres text cannot hold it
    keys.push({ tag: at, vr: vrOf(at), level: keyLevel, value });
  };
  for (const [name, given] of Object.entries(query)) {
    const values = given === undefined ? [] : typeof given === 'string' ? [given] : given;
    if (['limit', 'offset', 'fuzzymatching', 'accept'].includes(name.toLowerCase())) continue;
    for (const value of values) {
      if (name.toLowerCase() === 'includefield')
        for (const field of value.split(',').map((one) => one.trim())) {
          if (field.toLowerCase() === 'all') all = true;
          else include.add(tagNamed(field));
        }
      else add(tagNamed(name), value);
    }
  }
  if (path.study !== undefined) add('0020000D', path.study);
  if (path.series !== undefined) add('0020000E', path.series);
  return {
    level,
    keys,
    include: all ? 'all' : include,
    limit: Math.min(wholeNumber('limit', query['limit'], DEFAULT_LIMIT), MAXIMUM_LIMIT),
    offset: wholeNumber('offset', query['offset'], 0),
  };
}

/** A tag from `PatientID`, `00100020` (PS3.18 8.3.4.1). Sequence paths come with the next edition of this search. */
function tagNamed(name: string): string {
  if (/^[0-9A-Fa-f]{8}$/.test(name)) return name.toUpperCase();
  const found = tagOf(name);
  if (found === undefined) throw new BadSearchKey('of this name', 'is not known');
  return found;
}

function wholeNumber(name: string, given: string | readonly string[] | undefined, otherwise: number): number {
  const text = typeof given === 'string' ? given : given?.[0];
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new BadPaging(name);
  return Number(text);
}
