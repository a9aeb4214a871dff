import { Fault } from '../faults.js';
import type { Caller } from './caller.js';
import type { Grant } from './grant.js';
import { requireOperation } from './operations.js';

/** The glass is broken for a reason that somebody can read afterwards. */
export class ReasonUnfit extends Fault {
  readonly code = 'reason-unfit';
  readonly status = 400;
}

/** v3-PurposeOfUse: the glass was broken. */
export const BREAK_GLASS = 'BTG';
const SHORTEST_REASON = 10;
const LONGEST_REASON = 500;
/** Of whatever script: less says nothing to who reads it afterwards. */
const LEAST_LETTERS = 5;

/** The caller with a purpose that the request says (v3-PurposeOfUse): it goes on record, and opens nothing. */
export function withPurpose(caller: Caller, code: string): Caller {
  if (!/^[A-Z][A-Z0-9]{2,15}$/.test(code) || code === BREAK_GLASS)
    throw new ReasonUnfit('X-Purpose-Of-Use is a code of v3-PurposeOfUse, such as TREAT; the glass is broken by X-Break-Glass.');
  return { ...caller, purposeOfUse: code };
}

/**
 * The caller who breaks the glass: may look at what its roles permit of its organisation's, past what its token or its launch narrows
 * its types to, and each look is on record with the reason (IHE BALP; v3-PurposeOfUse BTG). Throws OperationNotPermitted, ReasonUnfit.
 * @param header  the reason, percent-encoded where it has other letters than a header takes
 */
export function brokenGlass(caller: Caller, header: string): Caller {
  requireOperation(caller, 'access.break-glass');
  const reason = decoded(header).trim();
  const letters = reason.match(/\p{L}/gu)?.length ?? 0;
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (reason.length < SHORTEST_REASON || reason.length > LONGEST_REASON || letters < LEAST_LETTERS || /[\u0000-\u001F]/.test(reason))
    throw new ReasonUnfit(
      `X-Break-Glass says why, in ${SHORTEST_REASON} to ${LONGEST_REASON} characters, ${LEAST_LETTERS} of them letters at least.`,
    );
  if (caller.rights === undefined) return { ...caller, purposeOfUse: BREAK_GLASS, reason };
  // An app that was granted nothing of a type reads nothing of it by a broken glass either.
  const grants = caller.rights.grants.flatMap(({ type, interactions }): Grant[] => {
    const looks = [...interactions].filter((one) => one === 'r' || one === 's');
    return looks.length === 0 ? [] : [{ context: caller.kind === 'system' ? 'system' : 'user', type, interactions: new Set(looks) }];
  });
  return { ...caller, purposeOfUse: BREAK_GLASS, reason, rights: { roles: caller.rights.roles, grants } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ReasonUnfit('X-Break-Glass is percent-encoded UTF-8.');
  }
}
