import type { Transaction } from '../../database/transaction.js';
import { enqueueWanted } from '../../work/work.sql.js';
import { RECORD_WRITTEN, writtenSubject } from '../work-kinds.js';

/** Types that may be watched: no other pays for the question. */
const WATCHABLE: ReadonlySet<string> = new Set(['Subscription', 'DiagnosticReport']);

/** From now on, the versions that are written of a type are work for who watches it. */
export const watchType = (tx: Transaction, type: string): Promise<number> =>
  tx.run('INSERT INTO watched_type (type) VALUES ($1) ON CONFLICT DO NOTHING', [type], 'records.watch');

/** Leaves word of versions whose types are watched, in the transaction that writes them. */
export function tellWatchers(tx: Transaction, versions: readonly { type: string; id: string; version: number }[]): Promise<unknown>[] {
  const watchable = versions.filter(({ type }) => WATCHABLE.has(type)).map((one) => ({ key: one.type, subject: writtenSubject(one) }));
  return watchable.length === 0 ? [] : [enqueueWanted(tx, RECORD_WRITTEN, watchable, 'SELECT type FROM watched_type')];
}
