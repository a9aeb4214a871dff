import { SERVER_CALLER } from '../access/caller.js';
import type { Transaction } from '../database/transaction.js';
import { draftOfValue } from '../records/edit/draft.js';
import type { Edits } from '../records/edit/edits.js';
import { exactJson } from '../records/edit/exact-json.js';
import type { JsonObject } from '../records/validation/json-object.js';

/**
 * Writes what became of a Subscription into its resource (R4 subscription.html: the server changes the status).
 * @param version  the version that was acted on. Throws VersionDiffers where there is another by now, which is acted on then
 */
export const writeStatus = (
  tx: Transaction,
  edits: Edits,
  { id, version }: { id: string; version: number | undefined },
  status: 'active' | 'error' | 'off',
  error?: string,
) =>
  edits.within(tx, SERVER_CALLER, {
    kind: 'patch',
    type: 'Subscription',
    id,
    conditions: version === undefined ? {} : { version },
    patch: (content, type) => {
      const { error: _before, ...rest } = exactJson(content, JSON.parse(content)) as JsonObject;
      return draftOfValue({ ...rest, status, ...(error !== undefined && { error }) }, type);
    },
  });
