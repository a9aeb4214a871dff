import type { Transaction } from '../../database/transaction.js';
import { asFault } from '../../faults.js';
import type { Draft } from '../edit/draft.js';
import { conditionsOf, type Conditions } from '../edit/conditions.js';
import type { Edit, Patch } from '../edit/edit.js';
import { ownReferences } from '../edit/own-references.js';
import { AddressDiffers } from '../edit/faults.js';
import { PatchFailed } from '../edit/patch/faults.js';
import { fhirPathPatch } from '../edit/patch/fhirpath-patch.js';
import { jsonPatch } from '../edit/patch/json-patch.js';
import type { JsonObject } from '../validation/json-object.js';
import type { BundleContext, Entry } from './entry.js';
import { BundleRefused, EntryFailed } from './faults.js';
import { failAt, meeting, placesOf, type Found, type Place } from './places.js';
import { conditionalReferences, isName, placesOfReferences, rewriteReferences } from './rewrite-references.js';

/**
 * The edits of a transaction's entries, each in the place of its entry; undefined where it reads. Conditions are met, ids given
 * and references rewritten. `text`: that the entries were read from. @throws EntryFailed, BundleRefused
 */
export async function editsOf(
  tx: Transaction,
  text: string,
  entries: readonly Entry[],
  context: BundleContext,
): Promise<(Edit | Found | undefined)[]> {
  const places = await placesOf(tx, entries, context);
  await rewriteAll(tx, entries, places, context);
  ownReferences(
    text,
    entries.flatMap(({ request, exact }) => [request.resource, exact]),
    context.base,
  );
  return entries.map((entry, i) => {
    const place = places[i];
    if (place === undefined) return undefined;
    if ('found' in place) return place;
    try {
      return editOf(entry, place, context.base);
    } catch (error) {
      throw new EntryFailed(i, asFault(error));
    }
  });
}

async function rewriteAll(tx: Transaction, entries: readonly Entry[], places: readonly Place[], context: BundleContext): Promise<void> {
  const addresses = new Map<string, string>();
  entries.forEach(({ request: { fullUrl, type } }, i) => {
    const place = places[i];
    const id = place === undefined ? undefined : 'found' in place ? place.found.row?.id : 'id' in place ? place.id : undefined;
    if (fullUrl !== undefined && id !== undefined) addresses.set(sameCase(fullUrl), `${type}/${id}`);
  });
  for (const [i, { exact }] of entries.entries())
    for (const reference of conditionalReferences(exact))
      if (!addresses.has(reference)) addresses.set(reference, await referredBy(tx, reference, context).catch(failAt(i)));
  for (const { request, exact } of entries) {
    // What is relative is so to the server that the entry's fullUrl is of (R4 bundle.html#references).
    const root = /^(https?:\/\/.+)\/[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.exec(request.fullUrl ?? '')?.[1];
    const addressOf = (reference: string): string | undefined =>
      addresses.get(sameCase(reference)) ?? (root === undefined ? undefined : addresses.get(`${root}/${reference}`));
    const isLeft = rewriteReferences(exact, addressOf);
    if (request.resource !== exact) rewriteReferences(request.resource, addressOf);
    if (isLeft) refuseUnresolved(request.index, exact);
  }
}

/** A UUID is the same in letters of either case (RFC 9562 4). */
const sameCase = (address: string): string => (/^urn:uuid:/i.test(address) ? address.toLowerCase() : address);

/** A name that no entry goes by: stored, it would refer to nothing for ever. @throws BundleRefused */
function refuseUnresolved(entry: number, exact: JsonObject | undefined): never {
  const [place] = placesOfReferences(exact, `Bundle.entry[${entry}].resource`, isName);
  throw new BundleRefused('refers to an entry that it does not have', place);
}

async function referredBy(tx: Transaction, reference: string, context: BundleContext): Promise<string> {
  const [type, query] = reference.split(/\?(.*)/s);
  const there = await meeting(tx, { type, parameters: [...new URLSearchParams(query)] }, [], context);
  if (there === undefined) throw new BundleRefused('refers to what nothing meets', 'Bundle');
  return `${type}/${there.id}`;
}

function editOf({ request, exact }: Entry, place: Exclude<Place, Found | undefined>, base: string): Edit | Found {
  const { method, type, resource, ifMatch, ifNoneMatch } = request;
  if ('nothing' in place) return { found: { outcome: 'absent', row: undefined } };
  const { id, isNew, isClients } = place;
  const conditions: Conditions = { ...conditionsOf(ifMatch, ifNoneMatch), ...(isClients === true && { mustBeNew: 'id' }) };
  if (method === 'DELETE') return { kind: 'delete', type, id, conditions };
  if (method === 'PATCH') return { kind: 'patch', type, id, patch: patchOf({ request, exact }, base), conditions };
  const draft: Draft = { type, plain: resource ?? {}, exact: exact ?? {}, size: 0 };
  if (resource?.['resourceType'] !== type) throw new AddressDiffers('resourceType');
  if (method === 'POST' || isNew) return { kind: 'create', draft, id };
  const own = resource['id'];
  if (own !== undefined && own !== id) throw new AddressDiffers('id');
  return { kind: 'put', draft, id, conditions };
}

/** In a Bundle a JSON Patch is a Binary of its media type, a FHIRPath Patch is Parameters (R4 http.html#patch). */
export function patchOf({ request: { resource }, exact }: Entry, base: string): Patch {
  const { resourceType, contentType, data } = resource ?? {};
  if (resourceType === 'Parameters' && exact !== undefined) return fhirPathPatch(exact, base);
  if (resourceType === 'Binary' && contentType === 'application/json-patch+json' && typeof data === 'string')
    return jsonPatch(Buffer.from(data, 'base64').toString(), base);
  throw new PatchFailed('must be Parameters, or a Binary of application/json-patch+json');
}
