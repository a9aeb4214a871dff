import type { GraphQLError } from 'graphql';
import type { Caller } from '../access/caller.js';
import { asFault } from '../faults.js';
import type { AccessLog } from '../ledger/access-log.js';
import { refusedEntity } from '../ledger/refused-entity.js';
import { isOnRecord } from '../ledger/told-faults.js';

/** Characters of an operation that are kept, sealed. */
const MOST_KEPT = 8_000;

/** An operation as it was asked for: ids stand in its text or its variables. */
export interface AskedOfGraph {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/**
 * Puts on record that fields of a graph were refused, also as what is not there: one record for an operation, however many; but for what
 * a room has put there (onRecord). Throws DatabaseAway.
 */
export async function refusedFieldsOnRecord(
  log: AccessLog,
  caller: Caller,
  errors: readonly GraphQLError[] | undefined,
  asked: AskedOfGraph,
): Promise<void> {
  const refused = (errors ?? []).flatMap(({ originalError, path = [] }) => {
    const { status, code } = asFault(originalError);
    const counts = originalError != null && (status === 403 || status === 404) && !isOnRecord(originalError);
    return counts ? [{ status, code, field: path.filter((one) => typeof one === 'string').join('.') }] : [];
  });
  if (refused.length === 0) return;
  const [{ status, code }] = refused;
  const fields = [...new Set(refused.map(({ field }) => field))];
  const query = JSON.stringify({ fields, ...asked }).slice(0, MOST_KEPT);
  await log.refused({ caller, ...refusedEntity('graph', undefined), what: 'graph', interaction: 'operation', status, code, query });
}
