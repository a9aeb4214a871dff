import { cursorText } from '../../records/history.js';
import type { HistoryAsked, HistoryRow } from '../../records/store/history.sql.js';
import { etagOf, withQuery } from './answer.js';

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
