import { withQuery } from './answer.js';
import { cursorText, type ParsedSearch, type SearchRequest } from '../../records/search/parse-search.js';
import type { FoundPage } from '../../records/search/record-search.js';
import { subsetText } from '../../records/subset.js';
import type { VersionRow } from '../../records/store/versions.sql.js';

/**
 * The Bundle of a search (R4 search.html#Response). The resources go in as their stored texts, unparsed; the `self` link
 * names the parameters that were used.
 */
export function searchsetText(
  found: FoundPage,
  { used, ignored, subset }: ParsedSearch,
  { type, compartment }: Omit<SearchRequest, 'lenient'>,
  base: string,
): string {
  const address = [base, ...(compartment ? [compartment.type, compartment.id] : []), ...(type === undefined ? [] : [type])].join('/');
  const links = [{ relation: 'self', url: withQuery(address, used) }];
  if (found.next) links.push({ relation: 'next', url: withQuery(address, [...used, ['_cursor', cursorText(found.next)]]) });
  const entry =
    (mode: string) =>
    ({ type: of, id, content }: VersionRow) =>
      `{"fullUrl":${JSON.stringify(`${base}/${of}/${id}`)},"resource":${subset === undefined ? content : subsetText(content, subset)},"search":{"mode":"${mode}"}}`;
  const entries = [...found.matches.map(entry('match')), ...found.included.map(entry('include'))];
  const warnings = [...ignored.map(ignoredIssue), ...(found.cutShort ? [CUT_SHORT] : [])];
  if (warnings.length > 0)
    entries.push(JSON.stringify({ resource: { resourceType: 'OperationOutcome', issue: warnings }, search: { mode: 'outcome' } }));
  const head = { resourceType: 'Bundle', type: 'searchset', ...(found.total !== undefined && { total: found.total }), link: links };
  // An empty array is no FHIR JSON (R4 json.html): without entries there is no `entry`.
  return entries.length === 0 ? JSON.stringify(head) : `${JSON.stringify(head).slice(0, -1)},"entry":[${entries.join(',')}]}`;
}

const ignoredIssue = (name: string) => ({
  severity: 'warning',
  code: 'not-supported',
  details: { text: `The search parameter ${/^[A-Za-z_:.-]{1,40}$/.test(name) ? name : 'given'} is not supported and was ignored.` },
});

const CUT_SHORT = {
  severity: 'warning',
  code: 'too-costly',
  details: { text: 'More resources would be included than one page holds: not all of them are here.' },
};
