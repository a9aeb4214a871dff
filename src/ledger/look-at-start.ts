import type { Database } from '../database/database.js';
import { event } from '../log.js';
import { appendRecords } from './append-records.sql.js';
import { verifyEnd } from './verify.js';

/** Whose auditors are told: the first organisation's, who look after the server. */
const FIRST_TENANT = 1;

/**
 * When the server starts: checks the ledger's end since its last checkpoint. What is wrong is in the log, and on record for the auditors;
 * the server goes on, as patients wait for it: `npm run ledger:verify` says all there is to say.
 */
export async function lookAtStart(database: Database): Promise<void> {
  const server = database.forServer();
  const verdict = await verifyEnd(server);
  if (verdict.whole) return;
  const { code, seq } = verdict;
  event('ledger.broken', { code, seq });
  await server.statement((tx) =>
    appendRecords(tx, [
      {
        actor: 'wetread',
        action: 'security.alert',
        entity: { type: 'ledger', id: String(seq ?? 'unknown') },
        changes: { code },
        reason: '',
        tenant: FIRST_TENANT,
      },
    ]),
  );
}
