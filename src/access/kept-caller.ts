import type { Caller } from './caller.js';
import { grantsOf, scopeOf } from './grant.js';
import type { Role } from './roles.js';

/** Who made something that goes on without them, or may listen to it, with the rights that they had: as JSON keeps it. */
export interface KeptCaller extends Omit<Caller, 'rights' | 'asking' | 'reason'> {
  /** Absent where everything was open: authentication was off. */
  readonly granted?: { readonly roles: readonly Role[]; readonly scopes: string; readonly patient?: string };
}

/** The caller without the request by which they asked. */
export function keptCaller({ rights, asking: _asking, reason: _reason, ...said }: Caller): KeptCaller {
  if (rights === undefined) return said;
  const { roles, grants, patient } = rights;
  return { ...said, granted: { roles, scopes: grants.map(scopeOf).join(' '), ...(patient !== undefined && { patient }) } };
}

/** The same of what outlasts the token that it was made by. */
export function keptMaker(caller: Caller): KeptCaller {
  const { tokenId: _token, expires: _expires, purposeOfUse: _purpose, ...maker } = keptCaller(caller);
  return maker;
}

/** The caller as it was kept, with the rights of then. */
export function callerKept({ granted, ...said }: KeptCaller): Caller {
  if (granted === undefined) return said;
  const { roles, scopes, patient } = granted;
  return { ...said, rights: { roles, grants: grantsOf(scopes), ...(patient !== undefined && { patient }) } };
}

/** Says what has become of who made something: of an issuer's accounts and apps only that issuer knows. */
export abstract class Standing {
  /** Roles that they have here now; `as granted` where nobody can be asked; undefined where they are gone or disabled. Throws DatabaseAway. */
  abstract rolesOf(maker: KeptCaller): Promise<readonly Role[] | 'as granted' | undefined>;
}
