import type { Caller } from '../../access/caller.js';
import type { Interaction } from '../../access/grant.js';
import { NotPermitted, permitOf, requireAll, requirePermit } from '../../access/permits.js';
import { refuseBrokenGlass } from '../../access/one-look.js';
import { TOLD_OF } from '../../access/told-of.js';
import type { Transaction } from '../../database/transaction.js';
import { RecordAbsent } from '../faults.js';
import { versionOpenTo } from '../open-versions.js';
import { openNumbers } from '../search/open-among.sql.js';
import { permittedCondition, readsWhole } from '../search/permitted.js';
import type { CurrentRow } from '../store/versions.sql.js';
import type { NewVersion } from '../store/write.sql.js';
import { studyUids } from './rivals.js';
import { typeOf, type Edit, type Edited, type Outcome, type Plan } from './edit.js';

/** An edit with who asks for it and what is there now. */
interface Asked {
  readonly caller: Caller;
  readonly edit: Edit;
}

const INTERACTION = { create: 'c', put: 'u', patch: 'u', delete: 'd' } as const;

/**
 * What is there as far as each caller may change it: what is not theirs is answered as what is not there. Throws NotPermitted where
 * nothing of the type is open in this way; RecordAbsent where an update would make what it does not find, and may not.
 * @param failed  words a fault as the edit's own
 */
export async function asFarAsOpen(
  tx: Transaction,
  asked: readonly Asked[],
  there: readonly (CurrentRow | undefined)[],
  failed: (edit: number, fault: RecordAbsent | NotPermitted) => Error,
): Promise<(CurrentRow | undefined)[]> {
  if (asked.every(({ caller }) => caller.rights === undefined)) return [...there];
  const open: (CurrentRow | undefined)[] = [];
  for (const [i, { caller, edit }] of asked.entries())
    try {
      open.push(await openOne(tx, caller, edit, there[i]));
    } catch (error) {
      throw error instanceof RecordAbsent || error instanceof NotPermitted ? failed(i, error) : error;
    }
  return open;
}

async function openOne(tx: Transaction, caller: Caller, edit: Edit, there: CurrentRow | undefined): Promise<CurrentRow | undefined> {
  if (caller.rights === undefined) return there;
  const type = typeOf(edit);
  if (type === 'Subscription') requireSubscriber(caller, INTERACTION[edit.kind]);
  const isNew = edit.kind === 'put' && (there === undefined || there.deleted);
  const interaction: Interaction = isNew && permitOf(caller, type, 'u') === undefined ? 'c' : INTERACTION[edit.kind];
  requirePermit(caller, type, interaction);
  if (isNew) {
    if (permitOf(caller, type, 'c') !== 'all') throw new RecordAbsent(type);
    return there;
  }
  if (edit.kind === 'patch') requirePermit(caller, type, 'r');
  if (there === undefined) return there;
  const condition = permittedCondition(caller, type, interaction);
  const isOpen = condition === undefined || (await openNumbers(tx, [there.no], [condition])).has(there.no);
  if (isOpen && (edit.kind !== 'patch' || (await isReadBy(tx, caller, there)))) return there;
  if (edit.kind === 'put') throw new RecordAbsent(type);
  return undefined;
}

/** Whether a caller whom something of its type is open to may read this as it is. */
const isReadBy = async (tx: Transaction, caller: Caller, { type, id }: Pick<CurrentRow, 'type' | 'id'>): Promise<boolean> =>
  readsWhole(caller, type) || (await versionOpenTo(tx, caller, { type, id })) !== undefined;

/** What became of an edit, shown as far as its caller may read what it left. In the transaction that has done it. */
export async function shownTo(tx: Transaction, caller: Caller, { outcome, row }: Outcome): Promise<Edited> {
  const isReader = row !== undefined && permitOf(caller, row.type, 'r') !== undefined;
  return { outcome, row, isShown: isReader && !row.deleted && (await isReadBy(tx, caller, row)) };
}

/**
 * What an edit needs before anything is looked for that meets its condition: what is found, or not, would tell of what is there. A patch
 * looks at what it changes, by its tests, its copies and its paths. Throws NotPermitted.
 */
export function requireEdit(caller: Caller, type: string, kind: Edit['kind']): void {
  if (type === 'Subscription' && caller.rights !== undefined) requireSubscriber(caller, INTERACTION[kind]);
  if (kind !== 'put' || permitOf(caller, type, 'c') === undefined) requirePermit(caller, type, INTERACTION[kind]);
  if (kind === 'patch') requirePermit(caller, type, 'r');
}

/** Who makes a Subscription may look at all that it tells of, and by no broken glass, which is one look. Throws NotPermitted. */
function requireSubscriber(caller: Caller, interaction: Interaction): void {
  refuseBrokenGlass(caller, 'Subscription', interaction);
  for (const look of ['r', 's'] as const) requireAll(caller, TOLD_OF, look);
}

/**
 * Whether an ImagingStudy has a rival tells whether the archive has the study: who may not read all of them writes none by a Study
 * Instance UID, whether it is there or not. Throws NotPermitted.
 */
export function requireStudiesOpen(caller: Caller, write: NewVersion | undefined): void {
  if (write === undefined || studyUids(write).length === 0) return;
  requireAll(caller, ['ImagingStudy'], 'r');
}

/** What was written must be open to who wrote it: nothing is put where its writer could not have put it. Throws NotPermitted. */
export async function requireWrittenOpen(
  tx: Transaction,
  written: readonly { readonly caller: Caller; readonly plan: Plan }[],
  failed: (edit: number, fault: NotPermitted) => Error,
): Promise<void> {
  for (const [i, { caller, plan }] of written.entries()) {
    const { write, outcome } = plan;
    if (caller.rights === undefined || write === undefined || outcome === 'deleted') continue;
    const interaction = outcome === 'created' ? 'c' : 'u';
    const condition = permittedCondition(caller, write.type, interaction);
    if (condition !== undefined && !(await openNumbers(tx, [write.no], [condition])).has(write.no))
      throw failed(i, new NotPermitted(write.type, interaction));
  }
}
