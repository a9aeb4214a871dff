import { BadSearchParameter } from '../../records/search/faults.js';
import { spanOf } from '../../records/search/dates.js';
import type { HistoryAsked, HistoryCursor, HistoryRow } from '../../records/store/history.sql.js';
import { isId } from './addresses.js';
import { etagOf, withQuery } from './answer.js';

const DEFAULT_COUNT = 100;
const MOST_TIME = Date.parse('9999-12-31T00:00:00Z');
const MAXIMUM_COUNT = 1_000;
const ABOUT_THE_ANSWER: ReadonlySet<string> = new Set(['_format', '_pretty']);

/** What a history's query asks for (R4 http.html#history). @throws BadSearchParameter */
export function historyAsked(
  parameters: readonly (readonly [string, string])[],
  { type, id }: { type?: string; id?: string },
): { asked: HistoryAsked; used: readonly (readonly [string, string])[] } {
  const given = new Map(parameters);
  for (const name of given.keys())
    if (!['_since', '_at', '_count', '_cursor'].includes(name) && !ABOUT_THE_ANSWER.has(name))
      throw new BadSearchParameter(name, "is not one of a history's");
  const [since, at, count, cursor] = ['_since', '_at', '_count', '_cursor'].map((name) => given.get(name));
  if (count !== undefined && !/^[1-9]\d{0,8}$/.test(count)) throw new BadSearchParameter('_count', 'must be a whole number above 0');
  const asked = {
    type,
    id,
    since: since === undefined ? undefined : new Date(timeOf('_since', since).low),
    at: at === undefined ? undefined : spanAt(at),
    count: Math.min(Number(count ?? DEFAULT_COUNT), MAXIMUM_COUNT),
    cursor: cursor === undefined ? undefined : cursorFrom(cursor),
  };
  return { asked, used: parameters.filter(([name]) => name !== '_cursor') };
}

function spanAt(text: string): { from: Date; before: Date } {
  const { low, high } = timeOf('_at', text);
  return { from: new Date(low), before: new Date(high) };
}

function timeOf(name: string, text: string) {
  const span = spanOf(text.replace(' ', '+'));
  if (span === undefined) throw new BadSearchParameter(name, 'must be a date or an instant');
  return span;
}

/** The Bundle of a history; a deletion has no resource. */
export function historyText(
  rows: readonly HistoryRow[],
  total: number | undefined,
  { type, id, count, since, at }: HistoryAsked,
  used: readonly (readonly [string, string])[],
  base: string,
): string {
  const address = [base, type, id, '_history'].filter((part) => part !== undefined).join('/');
  const page = rows.slice(0, count);
  const links = [{ relation: 'self', url: withQuery(address, used) }];
  const last = page.at(-1);
  if (last && (rows.at(0)?.found ?? 0) > page.length)
    links.push({ relation: 'next', url: withQuery(address, [...used, ['_cursor', cursorText(last)]]) });
  const head = {
    resourceType: 'Bundle',
    type: 'history',
    ...(total !== undefined && since === undefined && at === undefined && { total }),
    link: links,
  };
  return page.length === 0
    ? JSON.stringify(head)
    : `${JSON.stringify(head).slice(0, -1)},"entry":[${page.map((row) => entryText(row, base)).join(',')}]}`;
}

function entryText({ type, id, version, lastUpdated, content, deleted, method }: HistoryRow, base: string): string {
  const request = { method, url: method === 'POST' ? type : `${type}/${id}` };
  const status = deleted ? '204' : version === 1 || method === 'POST' ? '201' : '200';
  const response = { status, etag: etagOf(version), lastModified: lastUpdated.toISOString() };
  const resource = deleted ? '' : `"resource":${content},`;
  return `{"fullUrl":${JSON.stringify(`${base}/${type}/${id}`)},${resource}"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}}`;
}

const cursorText = ({ lastUpdated, type, id, version }: HistoryRow): string =>
  Buffer.from(JSON.stringify([lastUpdated.toISOString(), type, id, version])).toString('base64url');

function cursorFrom(text: string): HistoryCursor {
  try {
    const [time, type, id, version] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const lastUpdated = new Date(String(time));
    if (
      !Number.isNaN(lastUpdated.getTime()) &&
      typeof type === 'string' &&
      /^[A-Za-z]+$/.test(type) &&
      typeof id === 'string' &&
      isId(id) &&
      Number.isSafeInteger(version) &&
      (version as number) < 2 ** 31 &&
      Math.abs(lastUpdated.getTime()) < MOST_TIME
    )
      return { lastUpdated: lastUpdated.toISOString(), type, id, version: version as number };
  } catch {
    // Falls through: it is no cursor of ours.
  }
  throw new BadSearchParameter('_cursor', 'is not one this server gave');
}
