import { LOCAL_CALLER, type Caller } from '../access/caller.js';
import { callerKept, type Standing } from '../access/kept-caller.js';
import { permitOf } from '../access/permits.js';
import { TOLD_OF } from '../access/told-of.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { asFault } from '../faults.js';
import type { Edits } from '../records/edit/edits.js';
import { keptBeside } from '../records/store/subscription-owner.sql.js';
import { writeStatus } from './subscription-status.js';
import { suspend } from './subscriptions.sql.js';

const WORDS = 'Who made it is no longer here, or may no longer read what it tells of.';

/** Who made Subscriptions: each tells what its maker may read, and nothing when that is over. */
export class Makers {
  constructor(
    private readonly database: Database,
    private readonly edits: Edits,
    private readonly standing: Standing,
  ) {}

  /** As whom a Subscription looks, with the roles of now; undefined where its maker is gone, disabled, or may not read all that it tells of. */
  async of(id: string): Promise<Caller | undefined> {
    const [kept] = await this.database.statement((tx) => keptBeside(tx, [id]));
    if (kept === undefined || kept.owner === null) return undefined;
    const caller = callerKept(kept.owner);
    const { id: who, rights } = caller;
    // Everything was open where authentication was off, and there alone: an old record that says nothing of rights grants none.
    if (rights === undefined && who !== LOCAL_CALLER.id) return undefined;
    const roles = await this.standing.rolesOf(kept.owner);
    if (roles === undefined) return undefined;
    const now: Caller =
      rights === undefined || roles === 'as granted'
        ? caller
        : { ...caller, rights: { ...rights, roles: rights.roles.filter((role) => roles.includes(role)) } };
    return TOLD_OF.every((type) => permitOf(now, type, 'r') === 'all') ? now : undefined;
  }

  /** Turns off a Subscription whose maker is over: nothing more is told, and the resource says why. */
  async end(tx: Transaction, id: string): Promise<void> {
    await suspend(tx, id);
    await writeStatus(tx, this.edits, id, { status: 'active' }, { status: 'off', error: WORDS }).catch((cause: unknown) => {
      if (asFault(cause).status >= 500) throw cause; // else it was deleted meanwhile
    });
  }
}
