import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../database/transaction.js';
import { RecordAbsent, RecordGone } from '../faults.js';
import { firstTwo } from '../search/search.sql.js';
import type { Search } from '../search/search.js';
import { currentVersions, lockKeys, type CurrentRow, type Method, type VersionRow } from '../store/versions.sql.js';
import type { NewVersion } from '../store/write.sql.js';
import type { Conditions } from './conditions.js';
import { deletionOf, digestOf, idOf, versionOf, type Draft } from './draft.js';
import { AddressDiffers, ChangedMeanwhile, ExistsAlready, IdTaken, RecordOwned, SeveralMatch, VersionDiffers } from './faults.js';

/** What a client wants done to one resource, as far as it can be said before the database is asked. */
export type Edit =
  | { readonly kind: 'create'; readonly draft: Draft; readonly id: string }
  | { readonly kind: 'put'; readonly draft: Draft; readonly id: string; readonly conditions: Conditions }
  | { readonly kind: 'patch'; readonly type: string; readonly id: string; readonly patch: Patch; readonly conditions: Conditions }
  | { readonly kind: 'delete'; readonly type: string; readonly id: string; readonly conditions: Conditions };

/** Makes a changed draft of the current text. */
export type Patch = (content: string, type: string) => Draft;

/** What became of an edit. */
export interface Edited {
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'deleted' | 'absent';
  /** The version that is current now; undefined where there never was one. */
  readonly row: VersionRow | undefined;
  /** Whether who edited may read it as it then is: else they are told that it was done, and nothing of what it says. */
  readonly isShown: boolean;
}

/** What became of an edit, whoever may see it. */
export type Outcome = Omit<Edited, 'isShown'>;

/** A planned edit: what is to be written, if anything, and what the client is told then. */
export interface Plan extends Outcome {
  readonly write: NewVersion | undefined;
}

/**
 * A UUID of version 7 (RFC 9562 5.7): milliseconds since 1970, then 74 random bits. What is written together lies together in
 * every index that has ids.
 */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** Locks what the edits are of, in one order, and gives what is there now. Ids that the server has just made up need no lock. */
export async function currentOf(tx: Transaction, edits: readonly Edit[]): Promise<Map<string, CurrentRow>> {
  const known = edits.filter(({ kind }) => kind !== 'create');
  if (known.length === 0) return new Map();
  const [types, ids] = [known.map(typeOf), known.map(({ id }) => id)];
  const [, rows] = await Promise.all([lockKeys(tx, types, ids), currentVersions(tx, types, ids)]);
  return new Map(rows.map((row) => [`${row.type}/${row.id}`, row]));
}

export const typeOf = (edit: Edit): string => ('draft' in edit ? edit.draft.type : edit.type);

/**
 * What an edit comes to, given the current version and the number that the index knows the resource by, or will.
 * @throws RecordOwned, VersionDiffers, ExistsAlready, IdTaken, RecordAbsent, RecordGone; a patch's own
 */
export function planOf(edit: Edit, current: CurrentRow | undefined, no: number, now: Date): Plan {
  if (edit.kind === 'create') return written(versionOf(edit.draft, { id: edit.id, no, version: 1, method: 'POST', now }), 'created');
  const { versions, mustBeThere, mustBeNew } = edit.conditions;
  const there = current !== undefined && !current.deleted;
  if (current?.owned === true) throw new RecordOwned(current.type);
  if (versions !== undefined && !(there && versions.includes(current.version))) throw new VersionDiffers();
  if (mustBeThere === true && !there) throw new VersionDiffers();
  if (mustBeNew !== undefined && there) throw mustBeNew === 'id' ? new IdTaken() : new ExistsAlready();
  switch (edit.kind) {
    case 'put':
      return put(edit.draft, edit.id, 'PUT', current, no, now);
    case 'patch':
      if (!current) throw new RecordAbsent(edit.type);
      if (current.deleted) throw new RecordGone(edit.type, current.version);
      return put(sameId(edit.patch(current.content, edit.type), edit.id), edit.id, 'PATCH', current, no, now);
    case 'delete':
      if (!there) return { outcome: 'absent', row: current, write: undefined };
      return written(deletionOf(current, now), 'deleted');
  }
}

function put(draft: Draft, id: string, method: Method, current: CurrentRow | undefined, no: number, now: Date): Plan {
  if (current && !current.deleted && current.digest.toString('hex') === digestOf(draft, id))
    return { outcome: 'unchanged', row: current, write: undefined };
  const outcome = current === undefined || current.deleted ? 'created' : 'updated';
  return written(versionOf(draft, { id, no, version: (current?.version ?? 0) + 1, method, now }), outcome);
}

/** A patch leaves the id as it is. */
function sameId(draft: Draft, id: string): Draft {
  if (idOf(draft) !== id) throw new AddressDiffers('id');
  return draft;
}

const written = (write: NewVersion, outcome: Edited['outcome']): Plan => ({ outcome, row: write, write });

/** The one resource that a condition is met by; undefined where there is none. @throws SeveralMatch */
export async function oneMatch(tx: Transaction, search: Search): Promise<VersionRow | undefined> {
  const [first, second] = await firstTwo(tx, search);
  if (second !== undefined) throw new SeveralMatch();
  return first;
}

/** How often what met a condition may be changed under our eyes. */
const ATTEMPTS = 3;

/**
 * The one resource that a condition is met by, locked, and still meeting it then; undefined where there is none.
 * @throws SeveralMatch, ChangedMeanwhile
 */
export async function lockedMatch(tx: Transaction, type: string, search: Search): Promise<VersionRow | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const there = await oneMatch(tx, search);
    if (there === undefined) return undefined;
    await lockKeys(tx, [type], [there.id]);
    const again = await oneMatch(tx, search);
    if (again?.id === there.id) return again;
  }
  throw new ChangedMeanwhile();
}

/**
 * Serialises those who ask the same conditions: of two at once the second sees what the first made. All at once, and before any
 * resource is locked, so that no two wait for each other crosswise.
 */
export const lockConditions = (
  tx: Transaction,
  conditions: readonly { type: string; parameters: readonly (readonly [string, string])[] }[],
) =>
  lockKeys(
    tx,
    conditions.map(({ type }) => type),
    conditions.map(
      ({ parameters }) =>
        `?${parameters
          .map(([name, value]) => `${name}=${value}`)
          .sort()
          .join('&')}`,
    ),
  );
