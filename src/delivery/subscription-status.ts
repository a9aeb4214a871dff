import type { Subscription } from 'fhir/r4.js';
import { ownCaller } from '../database/own-caller.js';
import type { Transaction } from '../database/transaction.js';
import { draftOfValue } from '../records/edit/draft.js';
import type { Edits } from '../records/edit/edits.js';
import { exactJson } from '../records/edit/exact-json.js';
import type { JsonObject } from '../records/validation/json-object.js';

/** What the server says of a Subscription in its resource. */
export interface Verdict {
  readonly status: 'active' | 'error' | 'off';
  readonly error?: string;
}

/**
 * Writes what became of a Subscription into its resource (R4 subscription.html: the server changes the status).
 * @param from  what it must be at: the version that was acted on, or else the status; another by now is acted on by itself.
 *   Throws VersionDiffers, RecordAbsent, RecordGone
 */
export const writeStatus = (
  tx: Transaction,
  edits: Edits,
  id: string,
  from: { readonly version: number } | { readonly status: Subscription['status'] },
  { status, error }: Verdict,
) =>
  edits.within(tx, ownCaller(), {
    kind: 'patch',
    type: 'Subscription',
    id,
    conditions: 'version' in from ? { versions: [from.version] } : {},
    patch: (content, type) => {
      const { error: before, ...rest } = exactJson(content, JSON.parse(content)) as JsonObject;
      if ('status' in from && rest['status'] !== from.status)
        return draftOfValue({ ...rest, ...(before !== undefined && { error: before }) }, type);
      return draftOfValue({ ...rest, status, ...(error !== undefined && { error }) }, type);
    },
  });
