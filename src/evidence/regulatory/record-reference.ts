import type { RecordReference } from '../studies/protocol.js';
import { formed, objectOf, sha256, whole, type Shape } from './shape.js';

/** A record's id: a UUID that the server gives, or a stable name that whoever writes the first version gives. */
export const RECORD_ID = /^[a-z0-9][a-z0-9.-]{0,63}$/;
export const MOST_VERSIONS = 1_000_000;

/** A version of a record, by its content's SHA-256. */
export const recordReference: Shape<RecordReference> = objectOf<RecordReference>({
  id: formed(RECORD_ID, 'lower-case letters, digits, dots and hyphens, 64 at most'),
  version: whole(1, MOST_VERSIONS),
  sha256,
});
