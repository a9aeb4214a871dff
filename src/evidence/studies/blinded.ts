import type { Caller } from '../../access/caller.js';
import type { Role } from '../../access/roles.js';
import { NotBlinded } from './faults.js';

/** The one role by which nobody sees a report, an image or a model but through a study. */
const BLINDED: Role = 'study-member';

/**
 * A reader or truther must have no other way to a model's answers (FDA, CADe guidance 2022: blinded readers): the account has the role
 * study-member alone. Throws NotBlinded; also for callers who may do everything.
 */
export function requireBlinded({ rights }: Caller): void {
  if (rights === undefined || rights.roles.some((role) => role !== BLINDED)) throw new NotBlinded();
}
