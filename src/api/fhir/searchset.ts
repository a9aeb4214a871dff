import type { FoundPage } from '../../records/records.sql.js';
import { cursorText, type FhirSearch } from './search-query.js';

/**
 * The Bundle of a search (R4 search.html#Response). The resources go in as their stored texts, unparsed; the `self` link
 * names the parameters that were used.
 */
export function searchsetText(found: FoundPage, { search, used, ignored }: FhirSearch, base: string): string {
  const fhir = `${base}/fhir`;
  const link = (extra: readonly (readonly [string, string])[] = []): string => {
    const query = new URLSearchParams([...used, ...extra].map(([name, value]): [string, string] => [name, value])).toString();
    return `${fhir}/${search.type}${query === '' ? '' : `?${query}`}`;
  };
  const links = [{ relation: 'self', url: link() }];
  const last = found.rows.at(-1);
  if (last && found.more) links.push({ relation: 'next', url: link([['_cursor', cursorText(last)]]) });
  const entries = found.rows.map(
    ({ type, id, content }) => `{"fullUrl":${JSON.stringify(`${fhir}/${type}/${id}`)},"resource":${content},"search":{"mode":"match"}}`,
  );
  if (ignored.length > 0) entries.push(JSON.stringify({ resource: ignoredOutcome(ignored), search: { mode: 'outcome' } }));
  const head = { resourceType: 'Bundle', type: 'searchset', total: found.total, link: links };
  // An empty array is no FHIR JSON (R4 json.html): without entries there is no `entry`.
  return entries.length === 0 ? JSON.stringify(head) : `${JSON.stringify(head).slice(0, -1)},"entry":[${entries.join(',')}]}`;
}

const ignoredOutcome = (names: readonly string[]) => ({
  resourceType: 'OperationOutcome',
  issue: names.map((name) => ({
    severity: 'warning',
    code: 'not-supported',
    details: { text: `The search parameter ${/^[A-Za-z_:.-]{1,40}$/.test(name) ? name : 'given'} is not supported and was ignored.` },
  })),
});
