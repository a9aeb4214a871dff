import type { Transaction } from '../../database/transaction.js';
import { asFault } from '../../faults.js';
import { conditionOf } from '../edit/condition.js';
import { lockConditions, newId, oneMatch, type Edit, type Outcome } from '../edit/edit.js';
import { ChangedMeanwhile, VersionDiffers } from '../edit/faults.js';
import { requireEdit } from '../edit/open-to-edit.js';
import { narrowed } from '../search/permitted.js';
import { lockKeys, type VersionRow } from '../store/versions.sql.js';
import type { BundleContext, Entry, EntryRequest } from './entry.js';
import { BundleRefused, EntryFailed } from './faults.js';

/** An entry that changes nothing, as what it would create is there already. */
export interface Found {
  readonly found: Outcome;
}

/** Which resource an entry is of; undefined where it reads. */
export type Place =
  Found | { readonly id: string; readonly isNew: boolean; readonly isClients?: boolean } | { readonly nothing: true } | undefined;

type Pairs = readonly (readonly [string, string])[];
interface Condition {
  readonly type: string;
  readonly parameters: Pairs;
}

/**
 * Which resource each entry of a transaction is of, those locked that are there. Deletions come first (R4 http.html#trules): what
 * they take meets no condition of the others. @throws EntryFailed, BundleRefused
 */
export async function placesOf(tx: Transaction, entries: readonly Entry[], context: BundleContext): Promise<Place[]> {
  const conditions = entries.map(({ request }) => askedOf(request));
  refuseTwins(entries, conditions);
  requireEdits(entries, conditions, context);
  const asked = conditions.flatMap((condition) => condition ?? []);
  if (asked.length > 0) await lockConditions(tx, asked);
  const first = await resolve(tx, entries, conditions, context);
  onceEach(entries, first);
  const known = first.flatMap((place, i) => keyOf(entries[i], place) ?? []);
  if (known.length > 0 && conditions.some((condition) => condition !== undefined)) {
    await lockKeys(
      tx,
      known.map(({ type }) => type),
      known.map(({ id }) => id),
    );
    // What met a condition may have been changed before it was ours.
    const again = await resolve(tx, entries, conditions, context);
    const moved = first.findIndex(
      (place, i) => conditions[i] !== undefined && keyOf(entries[i], place)?.id !== keyOf(entries[i], again[i])?.id,
    );
    if (moved >= 0) throw new EntryFailed(moved, new ChangedMeanwhile());
  }
  return first;
}

/** The resource of an entry, where it is one that may be there. */
function keyOf({ request: { type } }: Entry, place: Place): { type: string; id: string } | undefined {
  if (place === undefined || 'nothing' in place) return undefined;
  if ('found' in place) return place.found.row && { type, id: place.found.row.id };
  return place.isNew ? undefined : { type, id: place.id };
}

async function resolve(
  tx: Transaction,
  entries: readonly Entry[],
  conditions: readonly (Condition | undefined)[],
  context: BundleContext,
): Promise<Place[]> {
  const places: Place[] = [];
  const gone: { type: string; id: string }[] = [];
  const isDeletion = ({ request }: Entry): boolean => request.method === 'DELETE';
  for (const deletions of [true, false])
    for (const [i, entry] of entries.entries()) {
      if (isDeletion(entry) !== deletions) continue;
      const condition = conditions[i];
      const without = deletions || condition === undefined ? [] : gone.filter(({ type }) => type === condition.type).map(({ id }) => id);
      const there = condition && (await meeting(tx, condition, without, context).catch(failAt(i)));
      places[i] = placeOf(entry.request, condition, there, i);
      const key = deletions ? keyOf(entry, places[i]) : undefined;
      if (key !== undefined) gone.push(key);
    }
  return places;
}

function placeOf(
  { method, id, resource, ifMatch }: EntryRequest,
  condition: Condition | undefined,
  there: VersionRow | undefined,
  index: number,
): Place {
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (id !== undefined) return { id, isNew: false };
  if (condition === undefined) return { id: newId(), isNew: true };
  if (method === 'POST') return there === undefined ? { id: newId(), isNew: true } : { found: { outcome: 'unchanged', row: there } };
  if (there !== undefined) return { id: there.id, isNew: false };
  if (ifMatch !== undefined) throw new EntryFailed(index, new VersionDiffers());
  if (method !== 'PUT') return { nothing: true };
  const own = resource?.['id'];
  return typeof own === 'string' ? { id: own, isNew: false, isClients: true } : { id: newId(), isNew: true };
}

/** The search that says which resource an entry is of; undefined where its address does, or nothing needs to. */
function askedOf({ method, type, query, ifNoneExist }: EntryRequest): Condition | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined;
  const parameters = method === 'POST' && ifNoneExist ? [...new URLSearchParams(ifNoneExist)] : query;
  return parameters && { type, parameters };
}

/** The one resource that meets a condition, `without` some. @throws SeveralMatch, ConditionAbsent, BadSearchParameter */
export async function meeting(tx: Transaction, { type, parameters }: Condition, without: readonly string[], context: BundleContext) {
  const search = narrowed(context.caller, conditionOf(type, parameters, context).search);
  return oneMatch(tx, {
    ...search,
    conditions: [...search.conditions, ...(without.length > 0 ? [{ kind: 'ids', ids: without, not: true } as const] : [])],
  });
}

const KIND: Readonly<Partial<Record<EntryRequest['method'], Edit['kind']>>> = {
  POST: 'create',
  PUT: 'put',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** What is conditional needs its right whether something meets the condition or not. @throws EntryFailed */
function requireEdits(entries: readonly Entry[], conditions: readonly (Condition | undefined)[], { caller }: BundleContext): void {
  for (const [i, { request }] of entries.entries()) {
    const kind = conditions[i] && KIND[request.method];
    if (kind === undefined) continue;
    try {
      requireEdit(caller, request.type, kind);
    } catch (error) {
      failAt(i)(error);
    }
  }
}

/** Two that would create the same: which of them is meant cannot be told. */
function refuseTwins(entries: readonly Entry[], conditions: readonly (Condition | undefined)[]): void {
  const seen = new Set<string>();
  conditions.forEach((condition, i) => {
    if (condition === undefined || entries[i].request.method !== 'POST') return;
    const key = JSON.stringify([condition.type, condition.parameters]);
    if (seen.has(key)) throw new BundleRefused('creates on the same condition more than once', `Bundle.entry[${i}]`);
    seen.add(key);
  });
}

/** "A resource can only appear in a transaction once" (R4 http.html#transaction). */
function onceEach(entries: readonly Entry[], places: readonly Place[]): void {
  const seen = new Set<string>();
  places.forEach((place, i) => {
    if (place === undefined || !('id' in place)) return;
    const key = `${entries[i].request.type}/${place.id}`;
    if (seen.has(key)) throw new BundleRefused('changes the same resource more than once', `Bundle.entry[${i}]`);
    seen.add(key);
  });
}

export const failAt =
  (entry: number) =>
  (error: unknown): never => {
    throw new EntryFailed(entry, asFault(error));
  };
