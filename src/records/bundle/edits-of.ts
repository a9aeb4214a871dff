import type { Transaction } from '../../database/transaction.js';
import { asFault } from '../../faults.js';
import type { Draft } from '../edit/draft.js';
import { lockConditions, newId, oneMatch, type Conditions, type Edit, type Edited, type Patch } from '../edit/edit.js';
import { AddressDiffers, ConditionAbsent } from '../edit/faults.js';
import { PatchFailed } from '../edit/patch/faults.js';
import { fhirPathPatch } from '../edit/patch/fhirpath-patch.js';
import { jsonPatch } from '../edit/patch/json-patch.js';
import { parseSearch } from '../search/parse-search.js';
import type { BundleContext, Entry, EntryRequest } from './entry.js';
import { BundleRefused, EntryFailed } from './faults.js';
import { conditionalReferences, rewriteReferences } from './rewrite-references.js';

/** An entry that changes nothing, as what it would create is there already. */
interface Found {
  readonly found: Edited;
}

/**
 * The edits of a transaction's entries, each in the place of its entry; undefined where it reads. Conditions are met, ids given
 * and references rewritten. @throws EntryFailed, BundleRefused
 */
export async function editsOf(tx: Transaction, entries: readonly Entry[], context: BundleContext): Promise<(Edit | Found | undefined)[]> {
  const places: (Place | undefined)[] = [];
  await lockConditions(
    tx,
    entries.flatMap(({ request }) => conditionOf(request) ?? []),
  );
  for (const [i, { request }] of entries.entries()) places.push(await placeOf(tx, request, context).catch(failAt(i)));
  onceEach(entries, places);
  await rewriteAll(tx, entries, places, context);
  return entries.map((entry, i) => {
    const place = places[i];
    if (place === undefined) return undefined;
    if ('found' in place) return place;
    try {
      return editOf(entry, place);
    } catch (error) {
      throw new EntryFailed(i, asFault(error));
    }
  });
}

const failAt =
  (entry: number) =>
  (error: unknown): never => {
    throw new EntryFailed(entry, asFault(error));
  };

/** Which resource an entry is of. */
type Place = Found | { readonly id: string; readonly isNew: boolean } | { readonly nothing: true };

async function placeOf(tx: Transaction, request: EntryRequest, context: BundleContext): Promise<Place | undefined> {
  const { method, id, resource } = request;
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (id !== undefined) return { id, isNew: false };
  const condition = conditionOf(request);
  if (condition === undefined) return { id: newId(), isNew: true };
  const there = await meeting(tx, condition, context);
  if (method === 'POST') return there === undefined ? { id: newId(), isNew: true } : { found: { outcome: 'unchanged', row: there } };
  if (there !== undefined) return { id: there.id, isNew: false };
  if (method !== 'PUT') return { nothing: true };
  const own = resource?.['id'];
  return typeof own === 'string' ? { id: own, isNew: false } : { id: newId(), isNew: true };
}

type Pairs = readonly (readonly [string, string])[];

/** The search that says which resource an entry is of; undefined where its address does, or nothing needs to. */
function conditionOf({ method, type, query, ifNoneExist }: EntryRequest): { type: string; parameters: Pairs } | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined;
  const parameters = method === 'POST' && ifNoneExist ? [...new URLSearchParams(ifNoneExist)] : query;
  return parameters && { type, parameters };
}

async function meeting(tx: Transaction, { type, parameters }: { type: string; parameters: Pairs }, { base, now }: BundleContext) {
  const { search } = parseSearch({ type, parameters, lenient: false }, { base, now });
  if (search.conditions.length === 0) throw new ConditionAbsent();
  return oneMatch(tx, search);
}

/** "A resource can only appear in a transaction once" (R4 http.html#transaction). */
function onceEach(entries: readonly Entry[], places: readonly (Place | undefined)[]): void {
  const seen = new Set<string>();
  places.forEach((place, i) => {
    if (place === undefined || !('id' in place)) return;
    const key = `${entries[i].request.type}/${place.id}`;
    if (seen.has(key)) throw new BundleRefused('changes the same resource more than once', `Bundle.entry[${i}]`);
    seen.add(key);
  });
}

async function rewriteAll(
  tx: Transaction,
  entries: readonly Entry[],
  places: readonly (Place | undefined)[],
  context: BundleContext,
): Promise<void> {
  const addresses = new Map<string, string>();
  entries.forEach(({ request: { fullUrl, type } }, i) => {
    const place = places[i];
    const id = place === undefined ? undefined : 'found' in place ? place.found.row?.id : 'id' in place ? place.id : undefined;
    if (fullUrl !== undefined && id !== undefined) addresses.set(fullUrl, `${type}/${id}`);
  });
  for (const [i, { exact }] of entries.entries())
    for (const reference of conditionalReferences(exact))
      if (!addresses.has(reference)) addresses.set(reference, await referredBy(tx, reference, context).catch(failAt(i)));
  for (const { request, exact } of entries) {
    rewriteReferences(exact, addresses);
    if (request.resource !== exact) rewriteReferences(request.resource, addresses);
  }
}

async function referredBy(tx: Transaction, reference: string, context: BundleContext): Promise<string> {
  const [type, query] = reference.split(/\?(.*)/s);
  const there = await meeting(tx, { type, parameters: [...new URLSearchParams(query)] }, context);
  if (there === undefined) throw new BundleRefused('refers to what nothing meets', 'Bundle');
  return `${type}/${there.id}`;
}

function editOf({ request, exact }: Entry, place: Exclude<Place, Found>): Edit | Found {
  const { method, type, resource, ifMatch, ifNoneMatch } = request;
  if ('nothing' in place) return { found: { outcome: 'absent', row: undefined } };
  const { id, isNew } = place;
  const conditions = conditionsOf(ifMatch, ifNoneMatch);
  if (method === 'DELETE') return { kind: 'delete', type, id, conditions };
  if (method === 'PATCH') return { kind: 'patch', type, id, patch: patchOf({ request, exact }), conditions };
  const draft: Draft = { type, plain: resource ?? {}, exact: exact ?? {}, size: 0 };
  if (resource?.['resourceType'] !== type) throw new AddressDiffers('resourceType');
  if (method === 'POST' || isNew) return { kind: 'create', draft, id };
  const own = resource['id'];
  if (own !== undefined && own !== id) throw new AddressDiffers('id');
  return { kind: 'put', draft, id, conditions };
}

export function conditionsOf(ifMatch: string | undefined, ifNoneMatch: string | undefined): Conditions {
  const version =
    ifMatch === undefined || ifMatch.trim() === '*' ? undefined : Number(/^(?:W\/)?"?([1-9]\d{0,8})"?$/.exec(ifMatch.trim())?.[1] ?? 0);
  return { ...(version !== undefined && { version }), ...(ifNoneMatch?.trim() === '*' && { mustBeNew: true }) };
}

/** In a Bundle a JSON Patch is a Binary of its media type, a FHIRPath Patch is Parameters (R4 http.html#patch). */
export function patchOf({ request: { resource }, exact }: Entry): Patch {
  const { resourceType, contentType, data } = resource ?? {};
  if (resourceType === 'Parameters' && exact !== undefined) return fhirPathPatch(exact);
  if (resourceType === 'Binary' && contentType === 'application/json-patch+json' && typeof data === 'string')
    return jsonPatch(Buffer.from(data, 'base64').toString());
  throw new PatchFailed('must be Parameters, or a Binary of application/json-patch+json');
}
