import { preference } from '../preferences.js';
import { Fault } from '../../faults.js';
import type { SearchPage, TimeBound, TokenCondition } from '../../records/records.sql.js';
import { isId, SERVED_TYPES } from './served-types.js';

const DEFAULT_COUNT = 20;
const MAXIMUM_COUNT = 1_000;
const CONTROL = new Set(['_format', '_pretty', '_cursor']);

/** A search parameter this server does not have, or a value it cannot have. */
export class BadSearchParameter extends Fault {
  readonly code = 'bad-search-parameter';
  readonly status = 400;

  constructor(
    readonly parameter: string,
    why: string,
  ) {
    super(`The search parameter ${/^[A-Za-z_:.-]{1,40}$/.test(parameter) ? parameter : 'given'} ${why}.`);
  }
}

/** A search with what its Bundle says of it: the parameters that were used, and those that were not. */
export interface FhirSearch {
  readonly search: SearchPage;
  readonly used: readonly (readonly [name: string, value: string])[];
  readonly ignored: readonly string[];
}

/**
 * A FHIR search (R4 search.html) as a page of the store. Unknown parameters: refused, because a filter that is silently
 * ignored gives wrong patients; `Prefer: handling=lenient` ignores them, and the Bundle says so. Throws BadSearchParameter.
 */
export function searchQuery(
  type: string,
  query: Readonly<Record<string, string | readonly string[]>>,
  prefer: string | string[] | undefined,
): FhirSearch {
  const lenient = preference(prefer, 'handling') === 'lenient';
  const used: [string, string][] = [];
  const ignored: string[] = [];
  const tokens: TokenCondition[] = [];
  const lastUpdated: TimeBound[] = [];
  let ids: string[] | undefined;
  let limit = DEFAULT_COUNT;
  let after: SearchPage['after'];
  for (const [name, given] of Object.entries(query))
    for (const value of [given].flat()) {
      if (value.includes('\0')) throw new BadSearchParameter(name, 'has a character that no value has'); // nor can SQL hold it
      if (name === '_cursor') after = cursorFrom(value);
      if (CONTROL.has(name)) continue;
      if (name === '_count') limit = count(value);
      else if (name === '_id') ids = value.split(',');
      else if (name === '_lastUpdated') lastUpdated.push(...timeBounds(value));
      else if (SERVED_TYPES[type].includes(name)) tokens.push(tokenCondition(name, value));
      else if (lenient) {
        ignored.push(name);
        continue;
      } else throw new BadSearchParameter(name, `is not one of ${type}'s here`);
      used.push([name, value]);
    }
  return { search: { type, ids, tokens, lastUpdated, limit, after }, used, ignored };
}

/** Where a page ended, as the next link carries it. */
export const cursorText = (last: { lastUpdated: Date; id: string }): string =>
  Buffer.from(JSON.stringify([last.lastUpdated.toISOString(), last.id])).toString('base64url');

function cursorFrom(text: string): { lastUpdated: Date; id: string } {
  try {
    const [time, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown];
    const lastUpdated = new Date(String(time));
    if (typeof id === 'string' && isId(id) && !Number.isNaN(lastUpdated.getTime())) return { lastUpdated, id };
  } catch {
    // Falls through: it is no cursor of ours.
  }
  throw new BadSearchParameter('_cursor', 'is not one this server gave');
}

function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new BadSearchParameter('_count', 'must be a whole number');
  return Math.min(Number(value), MAXIMUM_COUNT);
}

/** Comma means or; `system|value`, `|value` (no system), `system|` (any value), `value` (R4 search.html#token); references as `Type/id` or `id`. */
function tokenCondition(parameter: string, text: string): TokenCondition {
  const reference = { patient: 'Patient', subject: 'Patient', imagingStudy: 'ImagingStudy' }[parameter];
  const values = splitUnescaped(text, ',').map((one) => {
    if (one === '' || one === '|') throw new BadSearchParameter(parameter, 'has an empty value');
    if (reference !== undefined || parameter === 'target')
      return { system: undefined, value: one.includes('/') || reference === undefined ? one : `${reference}/${one}` };
    const [before, after] = splitUnescaped(one, '|').map(unescaped);
    if (after === undefined) return { system: undefined, value: before };
    return { system: before, value: after === '' ? undefined : after };
  });
  return { parameter, values };
}

/** A backslash takes a comma, a bar, a dollar sign or itself by the letter (R4 search.html#escaping). */
const unescaped = (text: string): string => text.replace(/\\([\\,|$])/g, '$1');

/** Parts between separators that no backslash takes by the letter; escapes stay as they are. */
const splitUnescaped = (text: string, separator: ',' | '|'): string[] => {
  const parts = [''];
  for (const piece of text.match(/\\.|[^]/g) ?? []) {
    if (piece === separator) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
};

/** A date with its prefix as bounds: a date means the whole of its day, month or year, in UTC where it names no zone (R4 search.html#date). */
function timeBounds(text: string): TimeBound[] {
  const [, prefix = 'eq', date] = /^(eq|ne|gt|lt|ge|le|sa|eb)?(\d{4}.*)$/.exec(text) ?? [];
  const range = date === undefined ? undefined : dateRange(date);
  if (!range || prefix === 'ne')
    throw new BadSearchParameter('_lastUpdated', 'must be a date with a prefix of eq, gt, lt, ge, le, sa or eb');
  const [start, end] = range;
  switch (prefix) {
    case 'ge':
      return [{ operator: '>=', at: start }];
    case 'gt':
    case 'sa':
      return [{ operator: '>=', at: end }];
    case 'le':
      return [{ operator: '<', at: end }];
    case 'lt':
    case 'eb':
      return [{ operator: '<', at: start }];
    default:
      return [
        { operator: '>=', at: start },
        { operator: '<', at: end },
      ];
  }
}

/** [from, to) of a date of any precision. */
function dateRange(text: string): [Date, Date] | undefined {
  const parts = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/.exec(
    text.replace(' ', '+'),
  );
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const iso = `${year}-${month ?? '01'}-${day ?? '01'}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}${fraction ? fraction.slice(0, 4).padEnd(4, '0') : '.000'}${zone ?? 'Z'}`;
  const start = new Date(iso);
  if (Number.isNaN(start.getTime()) || Number(day ?? 1) > daysIn(Number(year), Number(month ?? 1))) return undefined;
  const end = new Date(start);
  if (month === undefined) end.setUTCFullYear(end.getUTCFullYear() + 1);
  else if (day === undefined) end.setUTCMonth(end.getUTCMonth() + 1);
  else
    end.setTime(start.getTime() + (hour === undefined ? 86_400_000 : second === undefined ? 60_000 : fraction === undefined ? 1_000 : 1));
  return [start, end];
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
