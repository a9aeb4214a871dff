import { serverCaller, type Caller } from '../../access/caller.js';
import { keptMaker } from '../../access/kept-caller.js';
import { NotPermitted } from '../../access/permits.js';
import type { Fault } from '../../faults.js';
import type { Transaction } from '../../database/transaction.js';
import { forgetBeside, keepBeside, keptBeside, type KeptBeside } from '../store/subscription-owner.sql.js';
import type { CurrentRow } from '../store/versions.sql.js';
import type { JsonObject } from '../validation/json-object.js';
import type { Draft } from './draft.js';
import { HeaderNotKept } from './faults.js';
import { typeOf, type Edit, type Plan } from './edit.js';
import { maskedHeaders, withHeaders, type KeptHeaders } from './masked-headers.js';

interface Asked {
  readonly caller: Caller;
  readonly edit: Edit;
}

/** Edits as they are planned, and what is kept beside what they write. */
interface Owned {
  readonly edits: readonly Edit[];
  /** Statements, once it is known what is written. */
  keep(tx: Transaction, plans: readonly { readonly caller: Caller; readonly plan: Plan }[]): Promise<unknown>[];
}

/**
 * A Subscription tells with the rights of who made it, and holds what its endpoint knows the server by: nobody else changes it, and its
 * headers stand in no version of it. Who is a system may delete it, where whoever made it is gone.
 * @param there   what the edits are of, as far as it is open to each
 * @param failed  words a fault as the edit's own: NotPermitted where it is somebody else's, HeaderNotKept
 */
export async function ownSubscriptions(
  tx: Transaction,
  asked: readonly Asked[],
  there: readonly (CurrentRow | undefined)[],
  failed: (edit: number, fault: Fault) => Error,
): Promise<Owned> {
  const edits = asked.map(({ edit }) => edit);
  const ids = edits.flatMap((edit, i) => (typeOf(edit) === 'Subscription' && there[i] !== undefined ? [edit.id] : []));
  if (!edits.some((edit) => typeOf(edit) === 'Subscription')) return { edits, keep: () => [] };
  const kept = new Map((ids.length === 0 ? [] : await keptBeside(tx, ids)).map((row) => [row.id, row]));
  const headers = new Map<string, KeptHeaders>();
  const masked = edits.map((edit, i) => {
    if (typeOf(edit) !== 'Subscription') return edit;
    const own = there[i]?.deleted === false ? kept.get(edit.id) : undefined;
    if (!mayChange(asked[i], own)) throw failed(i, new NotPermitted('Subscription', edit.kind === 'delete' ? 'd' : 'u'));
    const mask = (given: Draft, before: JsonObject | undefined): Draft => {
      const { lines, headers: whole } = maskedHeaders(given.plain, before, own?.headers ?? {});
      headers.set(edit.id, whole);
      return { ...given, plain: withHeaders(given.plain, lines), exact: withHeaders(given.exact, lines) };
    };
    try {
      return withMasks(edit, there[i], mask);
    } catch (error) {
      throw error instanceof HeaderNotKept ? failed(i, error) : error;
    }
  });
  return {
    edits: masked,
    keep: (transaction, plans) =>
      plans.flatMap(({ caller, plan: { write } }) => {
        if (write?.type !== 'Subscription') return [];
        if (write.deleted) return [forgetBeside(transaction, write.id)];
        const owner = isServer(caller) ? (kept.get(write.id)?.owner ?? null) : keptMaker(caller);
        return [keepBeside(transaction, { id: write.id, owner, headers: headers.get(write.id) ?? {} })];
      }),
  };
}

const isServer = ({ id, tenant, rights }: Caller): boolean => id === serverCaller(tenant).id && rights === undefined;

/** Nobody knows who made one that has no owner: whoever may write Subscriptions takes it on. */
function mayChange({ caller, edit }: Asked, kept: KeptBeside | undefined): boolean {
  const { id, kind, rights } = caller;
  if (rights === undefined || kept === undefined || kept.owner === null || kept.owner.id === id) return true;
  return edit.kind === 'delete' && kind === 'system';
}

/** The edit, with what it writes masked as soon as that is known: of a patch, once it has been done. */
function withMasks(edit: Edit, there: CurrentRow | undefined, mask: (given: Draft, before: JsonObject | undefined) => Draft): Edit {
  const before = (content: string): JsonObject => JSON.parse(content) as JsonObject; // the store holds valid resources
  switch (edit.kind) {
    case 'create':
      return { ...edit, draft: mask(edit.draft, undefined) };
    case 'put':
      return { ...edit, draft: mask(edit.draft, there === undefined || there.deleted ? undefined : before(there.content)) };
    case 'patch':
      return { ...edit, patch: (content, type) => mask(edit.patch(content, type), before(content)) };
    case 'delete':
      return edit;
  }
}
