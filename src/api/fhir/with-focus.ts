import type { FoundPage } from '../../records/search/record-search.js';
import type { Search } from '../../records/search/search.js';
import type { VersionRow } from '../../records/store/versions.sql.js';

/** Nothing refers to a resource for being it: what a compartment is of is put in front of what is in it, on the first page. */
export function withFocus(found: FoundPage, focus: VersionRow, { types, cursor, conditions }: Search): FoundPage {
  const included = found.included.filter(({ type, id }) => type !== focus.type || id !== focus.id);
  const bounds = conditions.filter((condition) => condition.kind === 'updated').flatMap(({ any }) => any);
  const isNewer = bounds.every(({ low }) => focus.lastUpdated.getTime() >= low);
  if (cursor !== undefined || !types.includes(focus.type) || !isNewer) return { ...found, included };
  const total = found.total === undefined ? undefined : found.total + 1;
  return { ...found, included, total, matches: [focus, ...found.matches] };
}
