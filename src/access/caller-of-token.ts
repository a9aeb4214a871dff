import { FIRST_TENANT, type Caller } from './caller.js';
import { grantsOf } from './grant.js';
import { isRole, type Role } from './roles.js';

/** What a token says, checked already (RFC 9068 2.2, or RFC 7662 2.2). */
export type Claims = Readonly<Record<string, unknown>>;

/** How an outside issuer's claims are read. */
export interface ClaimNames {
  /** Where roles stand: a name, or names parted by dots (`realm_access.roles`). */
  readonly roles: string;
  /** What an issuer's own words for roles mean here. */
  readonly meanings: ReadonlyMap<string, Role>;
  /** Where the tenant stands: the number of its row. */
  readonly tenant: string;
}

const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;

const textIn = (claims: Claims, name: string): string | undefined => {
  const value = claims[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** A claim by a path of names; undefined where there is none. */
const at = (claims: Claims, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Claims | null | undefined)?.[name], claims);

/**
 * Who calls by a token. A system has grants of the context `system` alone and a person never: scopes of the other are void, and what a
 * patient's context would open stays shut where the token names no patient (SMART App Launch 2.2; permits.ts).
 * @returns undefined where the claims name nobody, or no tenant that could be
 */
export function callerOfToken(claims: Claims, names: ClaimNames): Caller | undefined {
  const subject = textIn(claims, 'sub');
  const client = textIn(claims, 'client_id') ?? textIn(claims, 'azp');
  const kind = claims['kind'] ?? (subject === undefined || subject === client ? 'system' : 'person');
  const id = kind === 'system' ? client : subject;
  const tenant = at(claims, names.tenant) ?? FIRST_TENANT;
  if (id === undefined || (kind !== 'system' && kind !== 'person')) return undefined;
  if (typeof tenant !== 'number' || !Number.isSafeInteger(tenant) || tenant < 1) return undefined;
  const scope =
    textIn(claims, 'scope') ??
    [claims['scp'] ?? []]
      .flat()
      .filter((one) => typeof one === 'string')
      .join(' ');
  const patient = textIn(claims, 'patient');
  const fhirUser = textIn(claims, 'fhirUser');
  const tokenId = textIn(claims, 'jti');
  const purposeOfUse = textIn(claims, 'purpose_of_use');
  return {
    id: `${kind === 'system' ? 'client' : 'user'}:${id}`,
    kind,
    tenant,
    rights: {
      roles: rolesIn(claims, names, kind),
      grants: grantsOf(scope).filter(({ context }) => (context === 'system') === (kind === 'system')),
      ...(patient !== undefined && FHIR_ID.test(patient) ? { patient } : {}),
    },
    ...(client === undefined ? {} : { client }),
    ...(fhirUser === undefined ? {} : { fhirUser }),
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(typeof claims['exp'] === 'number' ? { expires: claims['exp'] * 1_000 } : {}),
    ...(purposeOfUse === undefined ? {} : { purposeOfUse }),
  };
}

function rolesIn(claims: Claims, { roles, meanings }: ClaimNames, kind: Caller['kind']): Role[] {
  const named = [at(claims, roles) ?? []].flat().flatMap((one) => {
    const role = typeof one === 'string' ? (meanings.get(one) ?? one) : undefined;
    return isRole(role) && (role !== 'system' || kind === 'system') ? [role] : [];
  });
  return kind === 'system' && named.length === 0 ? ['system'] : [...new Set(named)];
}
