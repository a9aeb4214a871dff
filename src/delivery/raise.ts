import type { Transaction } from '../database/transaction.js';
import { firstTwo } from '../records/search/search.sql.js';
import { enqueueWork, wakeWorkers } from '../work/work.sql.js';
import { filterSearch } from './subscription-form.js';
import { addEvent, heardBy, type StateRow } from './subscriptions.sql.js';
import type { Topic } from './topics.js';
import { NOTIFY } from './work-kinds.js';

/** Makes an event of a topic for each subscription whose filters the resource meets, as it is now. @param id  of the focus */
export async function raise(tx: Transaction, topic: Topic, id: string, occurred: Date): Promise<void> {
  const told: string[] = [];
  for (const state of await heardBy(tx, topic.url)) {
    if (!(await meets(tx, state, topic, id))) continue;
    await addEvent(tx, state.id, `${topic.focus}/${id}`, occurred);
    if (state.status === 'active' && state.form.channel === 'rest-hook') told.push(state.id);
  }
  if (told.length === 0) return;
  await enqueueWork(tx, NOTIFY, told);
  await wakeWorkers(tx, NOTIFY);
}

async function meets(tx: Transaction, { form }: StateRow, topic: Topic, id: string): Promise<boolean> {
  for (const filter of form.filters) if ((await firstTwo(tx, filterSearch(topic, filter, id))).length === 0) return false;
  return true;
}
