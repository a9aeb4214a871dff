import type { Grant } from './grant.js';

/** What a token says, checked already (RFC 9068 2.2, or RFC 7662 2.2). */
export type Claims = Readonly<Record<string, unknown>>;

/** A claim that is text, undefined where it is empty or something else. */
export const textIn = (claims: Claims, name: string): string | undefined => {
  const value = claims[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const HEADER_TYPES: ReadonlySet<string> = new Set(['at+jwt', 'jwt']);
/** What only ID tokens have (OpenID Connect Core 2, 3.3.2.11), and logout tokens and other events (RFC 8417). */
const OF_OTHER_TOKENS = ['at_hash', 'c_hash', 's_hash', 'events'];

/**
 * Whether an outside issuer's token is for access. Its ID tokens and logout tokens are signed by the same keys, may have the same
 * audience, and lie about in apps and logs: they are told by their header (RFC 8725 3.11), by what Keycloak writes as the claim `typ`, and
 * by what access tokens do not have. A nonce too, unless the token says otherwise that it is for access.
 * @param typ  of the JWT's header
 */
export function isAccessToken(typ: string | undefined, claims: Claims): boolean {
  const type = typ?.toLowerCase().replace(/^application\//, '');
  const says = textIn(claims, 'typ')?.toLowerCase();
  if (type !== undefined && !HEADER_TYPES.has(type)) return false;
  if (says !== undefined && says !== 'bearer') return false;
  const isSaid = type === 'at+jwt' || says === 'bearer';
  return OF_OTHER_TOKENS.every((name) => claims[name] === undefined) && (isSaid || claims['nonce'] === undefined);
}

/**
 * Whether what an issuer tells of a token that is no JWT is of one that whoever holds it may use (RFC 7662 2.2, RFC 6749 7.1): not of a
 * refresh token, nor of one whose holder must prove more (DPoP), which nobody here looks at.
 */
export const isBearer = (claims: Claims): boolean =>
  claims['token_type'] === undefined || textIn(claims, 'token_type')?.toLowerCase() === 'bearer';

/** What names or describes somebody (OpenID Connect Core 5.1, RFC 7662 2.2): no client's token has it. */
const OF_PERSONS = ['preferred_username', 'username', 'name', 'given_name', 'family_name', 'email'];

/** Whether the token is a system's: by its grant for certain, or by its scopes alone; undefined: a person's. */
export type SystemBy = 'grant' | 'scopes' | undefined;

/**
 * Whose an outside issuer's token is. `grant`: the subject is the client, or there is none and nothing else of a person (RFC 9068 2.2), the token names the grant (`gty`
 * of Auth0), or it is of a service account of the client (Keycloak). `scopes`: it has scopes for resources, of systems alone. Not where
 * somebody has a session or has logged in.
 */
export function systemBy(claims: Claims, client: string | undefined, grants: readonly Grant[]): SystemBy {
  const subject = textIn(claims, 'sub');
  if (subject === client && subject !== undefined) return 'grant';
  if (['client-credentials', 'client_credentials'].includes(textIn(claims, 'gty') ?? '')) return 'grant';
  if (['sid', 'session_state', 'auth_time'].some((name) => claims[name] !== undefined)) return undefined;
  if (subject === undefined && OF_PERSONS.some((name) => claims[name] !== undefined)) return undefined;
  if (subject === undefined) return 'grant';
  if (client !== undefined && claims['preferred_username'] === `service-account-${client.toLowerCase()}`) return 'grant';
  return grants.length > 0 && grants.every(({ context }) => context === 'system') ? 'scopes' : undefined;
}
