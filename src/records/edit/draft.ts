import { createHash } from 'node:crypto';
import { isConditional, placesOfReferences } from '../bundle/rewrite-references.js';
import { indexRows } from '../search/extract.js';
import { noRows } from '../search/index-rows.js';
import type { CurrentRow, Method } from '../store/versions.sql.js';
import type { NewVersion } from '../store/write.sql.js';
import { isObject, type JsonObject } from '../validation/json-object.js';
import { hasErrors, type Issue } from '../validation/issue.js';
import { validateDeclared } from '../profiles/validate-declared.js';
import { validateText } from '../validation/validate-text.js';
import { exactJson } from './exact-json.js';
import { ownReferences } from './own-references.js';
import { AddressDiffers, ResourceInvalid } from './faults.js';

/** A valid resource that a client gave, before it has a version. */
export interface Draft {
  readonly type: string;
  readonly plain: JsonObject;
  /** The same, for writing: with the digits that its numbers came with. */
  readonly exact: JsonObject;
  /** Characters of its text. */
  readonly size: number;
}

/** @param base  the server's own FHIR address (ownReferences). @throws MalformedJson, ResourceInvalid, AddressDiffers */
export function draftOf(text: string, type: string, base: string): Draft {
  const { value, issues } = validateText(text);
  if (isObject(value) && typeof value['resourceType'] === 'string' && value['resourceType'] !== type)
    throw new AddressDiffers('resourceType');
  const exact = (): unknown => {
    const kept = exactJson(text, value);
    ownReferences(text, [value, kept], base);
    return kept;
  };
  return checked(value, exact, issues, text);
}

/**
 * Of a value that was put together here: a patched resource, an entry of a Bundle with its references rewritten.
 * @param base  the server's own FHIR address, where what it refers to may still name it (ownReferences)
 */
export function draftOfValue(exact: unknown, type: string, base?: string): Draft {
  const text = JSON.stringify(exact);
  const plain = JSON.parse(text) as unknown;
  if (base !== undefined) ownReferences(text, [plain, exact], base);
  if (isObject(plain) && plain['resourceType'] !== type) throw new AddressDiffers('resourceType');
  return checked(plain, () => exact, validateDeclared(plain), text);
}

function checked(plain: unknown, exact: () => unknown, issues: readonly Issue[], text: string): Draft {
  if (hasErrors(issues) || !isObject(plain)) throw new ResourceInvalid(issues);
  const searches = conditionalIssues(text, plain);
  if (searches.length > 0) throw new ResourceInvalid(searches);
  return { type: String(plain['resourceType']), plain, exact: exact() as JsonObject, size: text.length };
}

/** References that are searches are resolved in a transaction, and nowhere else (R4 http.html#trules): stored, they refer to nothing. */
function conditionalIssues(text: string, resource: JsonObject): Issue[] {
  if (!text.includes('?') && !text.includes('\\u')) return [];
  return placesOfReferences(resource, String(resource['resourceType']), isConditional).map((expression) => ({
    severity: 'error',
    code: 'value',
    expression,
    words: 'must not be a search outside of a transaction, which resolves it (R4 http.html#trules)',
  }));
}

/** The id that a draft names itself; undefined where it has none. */
export const idOf = ({ plain }: Draft): string | undefined => plain['id'] as string | undefined; // valid: a string

/** What it says, apart from its version: two drafts of the same digest make no two versions. */
export function digestOf({ exact }: Draft, id: string): string {
  const { versionId: _v, lastUpdated: _t, ...meta } = (exact['meta'] ?? {}) as JsonObject;
  return createHash('sha256')
    .update(orderedText({ ...exact, id, meta }))
    .digest('hex');
}

/** A value's text that is the same whatever the order of its members. */
function orderedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(orderedText).join(',')}]`;
  // A number that keeps its digits (exactJson) has no prototype, and is written as it is.
  if (!isObject(value) || Object.getPrototypeOf(value) === null) return JSON.stringify(value) ?? 'null';
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${orderedText(value[name])}`).join(',')}}`;
}

/** The draft as a version: its id and `meta` are the server's to say (R4 resource.html#Meta). */
export function versionOf(
  draft: Draft,
  { id, no, version, method, now }: { id: string; no: number; version: number; method: Method; now: Date },
): NewVersion {
  const { type, plain, exact } = draft;
  const said = { versionId: String(version), lastUpdated: now.toISOString() };
  const withMeta = (resource: JsonObject): JsonObject => {
    const { resourceType, id: _id, meta, ...rest } = resource;
    return { resourceType, id, meta: { ...(meta as JsonObject | undefined), ...said }, ...rest };
  };
  return {
    type,
    id,
    no,
    version,
    lastUpdated: now,
    method,
    deleted: false,
    digest: digestOf(draft, id),
    content: JSON.stringify(withMeta(exact)),
    owned: false,
    rows: indexRows(withMeta(plain) as { resourceType: string } & JsonObject),
  };
}

/** The version that says that it was deleted: it has no content and is found by nothing. */
export const deletionOf = ({ type, id, no, version }: CurrentRow, now: Date): NewVersion => ({
  type,
  id,
  no,
  version: version + 1,
  lastUpdated: now,
  method: 'DELETE',
  deleted: true,
  digest: '',
  content: '',
  owned: false,
  rows: noRows(),
});
