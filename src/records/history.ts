import { patientsAmong } from './patients-among.js';
import { spanOf } from './search/dates.js';
import { BadSearchParameter } from './search/faults.js';
import type { HistoryAsked, HistoryCursor, HistoryRow } from './store/history.sql.js';

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

/** How a look at versions is put on record. */
export const historyLook = ({ type, id, count }: HistoryAsked, rows: readonly HistoryRow[]) => ({
  entity: { type: type ?? 'Resource', id: id ?? 'history' },
  details: { versions: Math.min(rows.length, count) },
  patients: patientsAmong(rows),
});

function spanAt(text: string): { from: Date; before: Date } {
  const { low, high } = timeOf('_at', text);
  return { from: new Date(low), before: new Date(high) };
}

function timeOf(name: string, text: string) {
  const span = spanOf(text.replace(' ', '+'));
  if (span === undefined) throw new BadSearchParameter(name, 'must be a date or an instant');
  return span;
}

/** Where a page ended, as the next link carries it. */
export const cursorText = ({ lastUpdated, type, id, version }: HistoryRow): string =>
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
      /^[A-Za-z0-9\-.]{1,64}$/.test(id) &&
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
