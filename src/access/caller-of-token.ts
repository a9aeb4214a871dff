import { FIRST_TENANT, type Caller } from './caller.js';
import { TokenRefused } from './faults.js';
import { grantsOf } from './grant.js';
import { operationsOf } from './operation-scopes.js';
import { isRole, type Role } from './roles.js';
import { systemBy, textIn, type Claims, type SystemBy } from './token-kind.js';

/** How an issuer's claims are read. */
export interface ClaimNames {
  /** Whether it is the built-in issuer, which says itself whether a token is a system's (`kind`); of another that says nothing. */
  readonly isOwn: boolean;
  /** Where roles stand: a name, or names parted by dots (`realm_access.roles`). */
  readonly roles: string;
  /** What an issuer's own words for roles mean here, and no others; undefined where its words are ours. */
  readonly meanings: ReadonlyMap<string, Role> | undefined;
  /** Where the tenant stands: the number of its row. */
  readonly tenant: string;
  /** Whether each token must name its tenant; else one that does not is the first's. */
  readonly needsTenant: boolean;
}

const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;

/** A claim by its name, which may have dots itself (`https://example.org/roles`), or by a path of names; undefined where there is none. */
const at = (claims: Claims, path: string): unknown =>
  claims[path] ?? path.split('.').reduce<unknown>((value, name) => (value as Claims | null | undefined)?.[name], claims);

/**
 * Who calls by a token. A system has grants of the context `system` alone and a person never: scopes of the other are void, and what a
 * patient's context would open stays shut where the token names no patient (SMART App Launch 2.2; permits.ts).
 * Throws TokenRefused where the claims name nobody, or no tenant that could be.
 */
export function callerOfToken(claims: Claims, names: ClaimNames): Caller {
  const subject = textIn(claims, 'sub');
  const client = textIn(claims, 'client_id') ?? textIn(claims, 'azp');
  const all = grantsOf(scopeIn(claims));
  const by = names.isOwn ? ownKind(claims) : systemBy(claims, client, all);
  const kind = by === undefined ? 'person' : 'system';
  // Whom scopes alone tell to be a system goes on record by the name that its issuer gave it.
  const id = by === 'grant' ? client : subject;
  if (id === undefined) throw new TokenRefused('malformed');
  const patient = textIn(claims, 'patient');
  const fhirUser = textIn(claims, 'fhirUser');
  const tokenId = textIn(claims, 'jti');
  const purposeOfUse = textIn(claims, 'purpose_of_use');
  return {
    id: `${kind === 'system' ? 'client' : 'user'}:${id}`,
    kind,
    tenant: tenantIn(claims, names),
    rights: {
      roles: rolesIn(claims, names, by),
      operations: operationsOf(scopeIn(claims)),
      grants: all.filter(({ context }) => (context === 'system') === (kind === 'system')),
      ...(patient !== undefined && FHIR_ID.test(patient) ? { patient } : {}),
    },
    ...(client === undefined ? {} : { client }),
    ...(fhirUser === undefined ? {} : { fhirUser }),
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(typeof claims['exp'] === 'number' ? { expires: claims['exp'] * 1_000 } : {}),
    ...(typeof claims['auth_time'] === 'number' ? { authenticatedAt: claims['auth_time'] * 1_000 } : {}),
    ...(purposeOfUse === undefined ? {} : { purposeOfUse }),
  };
}

function ownKind({ kind }: Claims): SystemBy {
  if (kind !== 'system' && kind !== 'person') throw new TokenRefused('malformed');
  return kind === 'system' ? 'grant' : undefined;
}

const scopeIn = (claims: Claims): string =>
  textIn(claims, 'scope') ??
  [claims['scp'] ?? []]
    .flat()
    .filter((one) => typeof one === 'string')
    .join(' ');

/** A number, or the digits of one. Throws TokenRefused. */
function tenantIn(claims: Claims, names: ClaimNames): number {
  const said = at(claims, names.tenant);
  if (said === undefined && !names.needsTenant) return FIRST_TENANT;
  const tenant = typeof said === 'string' && /^\d{1,10}$/.test(said) ? Number(said) : said;
  if (typeof tenant !== 'number' || !Number.isSafeInteger(tenant) || tenant < 1) throw new TokenRefused('of no organisation here');
  return tenant;
}

/**
 * A system that names no role of ours is `system`, where the issuer's words are ours; not by its scopes alone, which some issuers give to
 * whoever asks for them. Where settings say what its words mean here, a word that they leave out means nothing.
 */
function rolesIn(claims: Claims, { roles, meanings }: ClaimNames, by: SystemBy): Role[] {
  const named = [at(claims, roles) ?? []].flat().flatMap((one) => {
    const role = typeof one === 'string' && meanings !== undefined ? meanings.get(one) : one;
    return isRole(role) && (role !== 'system' || by !== undefined) ? [role] : [];
  });
  return by === 'grant' && named.length === 0 && meanings === undefined ? ['system'] : [...new Set(named)];
}
