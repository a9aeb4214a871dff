import { Fault } from '../faults.js';
import type { Caller, Rights } from './caller.js';
import type { Grant, Interaction } from './grant.js';
import { ROLE_PERMITS, rolePermits } from './roles.js';

/** What a resource must be for a grant to open it: in a patient's compartment, no patient's, found by a query; all that is there. */
export interface Restriction {
  /** Id of the Patient. */
  readonly patient?: string;
  /** It is of no patient. */
  readonly isNobodys?: true;
  /** Search parameters, as in a URL. */
  readonly query?: string;
}

/** Which resources of a type are open to a caller: all, or what meets any of the restrictions. Several contexts are never mixed. */
export type Permit = 'all' | readonly Restriction[];

/** Nothing of this type is open to the caller in this way. */
export class NotPermitted extends Fault {
  readonly code = 'not-permitted';
  readonly status = 403;

  constructor(type: string, interaction: Interaction) {
    super(`No scope of the token, or no role of its holder, lets it do this with ${type} (${interaction}).`);
  }
}

const covers = (grant: Grant, type: string, interaction: Interaction): boolean =>
  (grant.type === type || grant.type === '*') && grant.interactions.has(interaction);

/**
 * The one rule of access, for every door (docs/access.md): what one of the caller's roles permits **and** one of its token's grants opens
 * (SMART App Launch 2.2, scopes for resources). A grant of the patient's context opens that patient's compartment and nothing without one:
 * a launch that names no patient is no system's access. Undefined where nothing is open.
 */
export function permitOf({ rights }: Caller, type: string, interaction: Interaction): Permit | undefined {
  if (rights === undefined) return 'all';
  const roles = rights.roles.filter((role) => rolePermits(role, type, interaction));
  return roles.length === 0 ? undefined : openedBy(rights, roles, type, interaction);
}

/** What the grants open to somebody in these roles. */
function openedBy(rights: Rights, roles: Rights['roles'], type: string, interaction: Interaction): Permit | undefined {
  const shares = sharesOf(roles, type);
  const restrictions: Restriction[] = [];
  for (const grant of rights.grants)
    for (const share of covers(grant, type, interaction) ? shares : []) {
      const isNarrow = grant.context === 'patient' || share === 'own';
      if (isNarrow && rights.patient === undefined) continue;
      if (!isNarrow && share === 'whole' && grant.query === undefined) return 'all';
      restrictions.push({
        ...(isNarrow && { patient: rights.patient }),
        ...(share === 'nobody’s' && { isNobodys: true }),
        ...(grant.query !== undefined && { query: grant.query }),
      });
    }
  return restrictions.length === 0 ? undefined : restrictions;
}

/** As much of a type as roles are for. */
type Share = 'whole' | 'own' | 'nobody’s';

/** The shares of a type that roles have; where one has the whole of it the others add nothing. */
function sharesOf(roles: Rights['roles'], type: string): readonly Share[] {
  if (roles.length === 0) return ['own'];
  const shares = roles.map((role): Share => {
    const { ownCompartmentOnly, nobodys = [] } = ROLE_PERMITS[role];
    return ownCompartmentOnly === true ? 'own' : nobodys.includes(type) ? 'nobody’s' : 'whole';
  });
  return shares.includes('whole') ? ['whole'] : [...new Set(shares)];
}

/**
 * What the token's grants open, whatever the roles say: for what a role may do as an operation, with what the token grants of its type.
 * Undefined where nothing is open.
 */
export function grantedOf({ rights }: Caller, type: string, interaction: Interaction): Permit | undefined {
  return rights === undefined ? 'all' : openedBy(rights, rights.roles, type, interaction);
}

/** As permitOf; throws NotPermitted where nothing is open. */
export function requirePermit(caller: Caller, type: string, interaction: Interaction): Permit {
  const permit = permitOf(caller, type, interaction);
  if (permit === undefined) throw new NotPermitted(type, interaction);
  return permit;
}

/** For what looks at resources of a type that it does not give: all of them must be open. Throws NotPermitted. */
export function requireAll(caller: Caller, types: Iterable<string>, interaction: Interaction): void {
  if (caller.rights === undefined) return;
  for (const type of types) if (permitOf(caller, type, interaction) !== 'all') throw new NotPermitted(type, interaction);
}
