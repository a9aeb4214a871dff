import type { Caller } from '../../access/caller.js';
import type { Database } from '../../database/database.js';
import { GroupCommit } from '../../database/group-commit.js';
import type { Transaction } from '../../database/transaction.js';
import { asFault, type Fault } from '../../faults.js';
import { narrowed } from '../search/permitted.js';
import { appendRecords } from '../../ledger/append-records.sql.js';
import { by, fetched, type LedgerEvent } from '../../ledger/ledger-event.js';
import { patientsOf } from '../search/compartment-patients.js';
import type { VersionRow } from '../store/versions.sql.js';
import type { Numbers } from '../store/numbers.js';
import { writeVersions } from '../store/write.sql.js';
import type { Condition } from './condition.js';
import { askForOne, type Conditions } from './conditions.js';
import { idOf, type Draft } from './draft.js';
import { currentOf, lockConditions, lockedMatch, newId, planOf, typeOf, type Edit, type Edited, type Patch, type Plan } from './edit.js';
import { RecordAbsent } from '../faults.js';
import { READ_ONLY_TYPE } from '../served-types.js';
import { AddressDiffers, RecordRivals, TypeReadOnly, VersionDiffers } from './faults.js';
import { ownSubscriptions } from './own-subscriptions.js';
import { asFarAsOpen, requireEdit, requireStudiesOpen, requireWrittenOpen, shownTo } from './open-to-edit.js';
import { rivalsAmong } from './rivals.js';
import { InTurn } from './in-turn.js';

/** Creations that share a commit. */
const GROUP = 64;
const GROUP_BYTES = 8 * 1024 * 1024;

interface Creation {
  readonly caller: Caller;
  readonly edit: Extract<Edit, { kind: 'create' }>;
}

/** What clients do to single resources (R4 http.html): one commit each; creations of one moment share one. */
export class Edits {
  private readonly creations: GroupCommit<Creation, Edited | Error>;
  private readonly inTurn = new InTurn();

  constructor(
    private readonly database: Database,
    private readonly numbers: Numbers,
  ) {
    this.creations = new GroupCommit((group) => this.createAll(group), {
      items: GROUP,
      weight: { most: GROUP_BYTES, of: ({ edit }) => edit.draft.size },
    });
  }

  /** Stores a draft under a new id; with a condition, only where nothing meets it (R4 http.html#ccreate). Throws NotPermitted, SeveralMatch. */
  async create(caller: Caller, draft: Draft, condition?: Condition): Promise<Edited> {
    const edit: Edit = { kind: 'create', draft, id: newId() };
    if (condition !== undefined)
      return this.where(caller, { kind: 'create', type: draft.type }, condition, async (tx, there) => {
        if (there === undefined) return this.apply(tx, caller, edit);
        tx.alongCommit(appendRecords(tx, [lookAt(caller, there)]));
        return shownTo(tx, caller, { outcome: 'unchanged', row: there });
      });
    const edited = await this.creations.add({ caller, edit });
    if (edited instanceof Error) throw edited;
    return edited;
  }

  /** Stores a draft as the next version, or the first (R4 http.html#update, #upsert). Throws AddressDiffers and what planOf does. */
  async put(caller: Caller, draft: Draft, id: string, conditions: Conditions): Promise<Edited> {
    if (idOf(draft) !== id) throw new AddressDiffers('id');
    return this.one(caller, { kind: 'put', draft, id, conditions });
  }

  /** Whether an edit would be done, were it asked for now; nothing is. Throws what it would throw, RecordAbsent where there is nothing to delete. */
  async rehearse(caller: Caller, edit: Edit): Promise<void> {
    const plan = await this.database.transaction(async (tx) => {
      const current = (await currentOf(tx, [edit])).get(`${typeOf(edit)}/${edit.id}`);
      const planned = planOf(edit, current, current?.no ?? 0, new Date());
      requireStudiesOpen(caller, planned.write);
      if ((await rivalsAmong(tx, [planned.write])).size > 0) throw new RecordRivals(typeOf(edit));
      return planned;
    });
    if (plan.outcome === 'absent') throw new RecordAbsent(typeOf(edit));
  }

  /**
   * Updates the one resource that meets a condition, or creates it (R4 http.html#cond-update).
   * @throws SeveralMatch, ChangedMeanwhile; AddressDiffers where the draft has another id than the one that is there; IdTaken
   */
  async putWhere(caller: Caller, draft: Draft, condition: Condition, conditions: Conditions): Promise<Edited> {
    return this.where(caller, { kind: 'put', type: draft.type }, condition, async (tx, there) => {
      const own = idOf(draft);
      if (there !== undefined) {
        if (own !== undefined && own !== there.id) throw new AddressDiffers('id');
        return this.apply(tx, caller, { kind: 'put', draft, id: there.id, conditions });
      }
      if (askForOne(conditions)) throw new VersionDiffers();
      if (own === undefined) return this.apply(tx, caller, { kind: 'create', draft, id: newId() });
      return this.apply(tx, caller, { kind: 'put', draft, id: own, conditions: { ...conditions, mustBeNew: 'id' } });
    });
  }

  /** Changes parts of the current version (R4 http.html#patch). Throws what planOf and the patch do. */
  patch(caller: Caller, type: string, id: string, patch: Patch, conditions: Conditions): Promise<Edited> {
    return this.one(caller, { kind: 'patch', type, id, patch, conditions });
  }

  /** Patches the one resource that meets a condition; undefined where there is none. Throws SeveralMatch, ChangedMeanwhile. */
  patchWhere(caller: Caller, type: string, condition: Condition, patch: Patch, conditions: Conditions): Promise<Edited | undefined> {
    return this.where(caller, { kind: 'patch', type }, condition, async (tx, there) => {
      if (there === undefined && askForOne(conditions)) throw new VersionDiffers();
      return there && this.apply(tx, caller, { kind: 'patch', type, id: there.id, patch, conditions });
    });
  }

  /** Deletes a resource; its earlier versions stay in its history (R4 http.html#delete). Throws RecordOwned, VersionDiffers. */
  remove(caller: Caller, type: string, id: string, conditions: Conditions): Promise<Edited> {
    return this.one(caller, { kind: 'delete', type, id, conditions });
  }

  /** Deletes the one resource that meets a condition; undefined where there is none (R4 http.html#cdelete). Throws SeveralMatch, ChangedMeanwhile. */
  removeWhere(caller: Caller, type: string, condition: Condition, conditions: Conditions): Promise<Edited | undefined> {
    return this.where(caller, { kind: 'delete', type }, condition, async (tx, there) => {
      if (there === undefined && askForOne(conditions)) throw new VersionDiffers();
      return there && this.apply(tx, caller, { kind: 'delete', type, id: there.id, conditions });
    });
  }

  /** An edit in the caller's transaction, for the server's own work. Throws what planOf does. */
  within(tx: Transaction, caller: Caller, edit: Edit): Promise<Edited> {
    return this.apply(tx, caller, edit);
  }

  private one(caller: Caller, edit: Exclude<Edit, { kind: 'create' }>): Promise<Edited> {
    return this.inTurn.run(`${typeOf(edit)}/${edit.id}`, () => this.database.transaction((tx) => this.apply(tx, caller, edit)));
  }

  /** Does something to the one resource that meets a condition, or to none. Throws NotPermitted, whether something meets it or not. */
  private async where<T>(
    caller: Caller,
    { kind, type }: { readonly kind: Edit['kind']; readonly type: string },
    { search, parameters }: Condition,
    work: (tx: Transaction, there: VersionRow | undefined) => Promise<T>,
  ): Promise<T> {
    requireEdit(caller, type, kind);
    return this.inTurn.run(`${type}?${JSON.stringify(parameters)}`, () =>
      this.database.transaction(async (tx) => {
        await lockConditions(tx, [{ type, parameters }]);
        return work(tx, await lockedMatch(tx, type, narrowed(caller, search)));
      }),
    );
  }

  private async apply(tx: Transaction, caller: Caller, edit: Edit): Promise<Edited> {
    return (await applyAll(tx, this.numbers, [{ caller, edit }]))[0];
  }

  /** What spoils a group of several spoils none but its own: they are tried one by one then. */
  private async createAll(group: readonly Creation[]): Promise<(Edited | Error)[]> {
    try {
      return await this.database.transaction((tx) => applyAll(tx, this.numbers, group));
    } catch (error) {
      if (group.length === 1 || asFault(error).status === 503) throw error;
      const each: (Edited | Error)[] = [];
      for (const one of group)
        each.push(
          await this.createAll([one]).then(
            ([edited]) => edited,
            (own: unknown) => (own instanceof Error ? own : new Error('creation failed', { cause: own })),
          ),
        );
      return each;
    }
  }
}

/**
 * Edits of different resources, with their places in the ledger, in the caller's transaction. Throws what planOf does, as
 * `failed` words it of the edit that met it.
 */
export async function applyAll(
  tx: Transaction,
  numbers: Numbers,
  edits: readonly { readonly caller: Caller; readonly edit: Edit }[],
  failed: (edit: number, fault: Fault) => Fault = (_edit, fault) => fault,
): Promise<Edited[]> {
  edits.forEach(({ edit }, i) => {
    if (typeOf(edit) === READ_ONLY_TYPE) throw failed(i, new TypeReadOnly());
  });
  const now = new Date();
  const current = await currentOf(
    tx,
    edits.map(({ edit }) => edit),
  );
  const there = await asFarAsOpen(
    tx,
    edits,
    edits.map(({ edit }) => current.get(`${typeOf(edit)}/${edit.id}`)),
    failed,
  );
  const owned = await ownSubscriptions(tx, edits, there, failed);
  const fresh = await numbers.take(there.filter((row) => row === undefined).length);
  const plans = edits.map(({ caller }, i) => {
    try {
      const plan = planOf(owned.edits[i], there[i], there[i]?.no ?? (fresh.pop() as number), now);
      requireStudiesOpen(caller, plan.write);
      return { caller, plan };
    } catch (error) {
      throw failed(i, asFault(error));
    }
  });
  const rivals = await rivalsAmong(
    tx,
    plans.map(({ plan }) => plan.write),
  );
  for (const i of rivals) throw failed(i, new RecordRivals(typeOf(edits[i].edit)));
  const writes = plans.flatMap(({ plan }) => plan.write ?? []);
  const events = plans.flatMap(({ caller, plan }, i) => eventOf(caller, plan, there[i]?.patients ?? []));
  if (writes.length > 0) tx.alongCommit(writeVersions(tx, writes), ...owned.keep(tx, plans));
  await requireWrittenOpen(tx, plans, failed);
  tx.alongCommit(appendRecords(tx, events));
  const edited: Edited[] = [];
  for (const { caller, plan } of plans) edited.push(await shownTo(tx, caller, plan));
  return edited;
}

/** What is given out unchanged was looked at all the same. An edit is about those whom the version before was about, too. */
function eventOf(caller: Caller, { write, outcome, row }: Plan, before: readonly string[]): LedgerEvent[] {
  if (write === undefined) return row === undefined || row.deleted ? [] : [lookAt(caller, row)];
  const { type, id, version, digest } = write;
  const action = outcome === 'created' ? 'resource.created' : outcome === 'deleted' ? 'resource.deleted' : 'resource.updated';
  const changes = digest === '' ? {} : { sha256: digest };
  const patients = [...new Set([...patientsOf(type, id, write.rows), ...before])];
  return [{ ...by(caller), action, entity: { type, id, version }, changes, reason: '', outcome: 'success', patients }];
}

export const lookAt = (caller: Caller, { type, id, version, patients }: VersionRow): LedgerEvent =>
  fetched(caller, { type, id }, { what: 'resource', version }, { patients: patients ?? [] });
