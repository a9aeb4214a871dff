import type { Transaction } from '../database/transaction.js';
import { asFault } from '../faults.js';
import { event } from '../log.js';
import { firstTwo } from '../records/search/search.sql.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { filterSearch } from './subscription-form.js';
import { addEvent, heardBy, suspend, type StateRow } from './subscriptions.sql.js';
import type { Topic } from './topics.js';
import { NOTIFY } from './work-kinds.js';

/** What happened, to which version of what. */
export interface Happening {
  readonly topic: Topic;
  /** Of the focus. */
  readonly id: string;
  readonly version: number;
  readonly occurred: Date;
}

/**
 * Makes an event for each subscription of the topic whose filters the resource meets, as it is now. One subscription that can't be
 * asked is suspended, and spoils it for no other.
 * @param base  the server's own FHIR address
 */
export async function raise(tx: Transaction, happening: Happening, base: string): Promise<void> {
  const told: string[] = [];
  for (const state of await heardBy(tx, happening.topic.url)) {
    await tx.run('SAVEPOINT one_subscriber');
    try {
      if (await add(tx, state, happening, base)) told.push(state.id);
      await tx.run('RELEASE SAVEPOINT one_subscriber');
    } catch (error) {
      if (asFault(error).status === 503) throw error; // the database is away: all is tried again
      await tx.run('ROLLBACK TO SAVEPOINT one_subscriber');
      await suspend(tx, state.id);
      event('delivery.subscription-suspended', { code: asFault(error).code });
    }
  }
  if (told.length === 0) return;
  await enqueueWork(tx, NOTIFY, told);
  await wakeWorkers(tx, NOTIFY);
}

/** Whether its endpoint is to be told. */
async function add(tx: Transaction, state: StateRow, { topic, id, version, occurred }: Happening, base: string): Promise<boolean> {
  for (const filter of state.form.filters) if ((await firstTwo(tx, filterSearch(topic, filter, id, base))).length === 0) return false;
  await addEvent(tx, state.id, `${topic.focus}/${id}`, version, occurred);
  return state.status === 'active' && state.form.channel === 'rest-hook';
}
