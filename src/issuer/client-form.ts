import { isRole, type Role } from '../access/roles.js';
import type { ClientKeys } from './client-keys.js';
import type { AuthMethod, GivenClient, GrantType } from './clients.sql.js';
import { UnfitProperty } from './faults.js';
import { isScope, scopesIn } from './scopes.js';

/** What a client is asked to be. */
export interface ClientForm {
  readonly clientId?: string;
  readonly name: string;
  readonly redirectUris?: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
  readonly grantTypes?: readonly string[];
  readonly scope: string;
  readonly authMethod?: string;
  readonly jwks?: object | null;
  readonly jwksUri?: string | null;
  readonly roles?: readonly string[];
  readonly launchUri?: string | null;
  readonly firstParty?: boolean;
  readonly disabled?: boolean;
}

const GRANT_TYPES: readonly string[] = ['authorization_code', 'refresh_token', 'client_credentials'] satisfies GrantType[];
const AUTH_METHODS: readonly string[] = ['none', 'client_secret_basic', 'private_key_jwt'] satisfies AuthMethod[];
const CLIENT_ID = /^[A-Za-z0-9._~-]{1,128}$/;
const MOST_URIS = 20;
const MOST_KEYS = 20;
/** Of a key that could sign in the client's name. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** A form's client, checked. Throws UnfitProperty. @param keys  say where its own may be */
export function clientFrom(form: ClientForm, tenant: number, clientId: string, keys: ClientKeys): Omit<GivenClient, 'secretSha256'> {
  if (!CLIENT_ID.test(clientId)) throw new UnfitProperty('clientId', 'has 1 to 128 letters, digits, dots, hyphens, underscores and tildes');
  if (form.name.trim() === '' || form.name.length > 200 || form.name.includes('\0'))
    throw new UnfitProperty('name', 'has 1 to 200 characters');
  const grantTypes = grantTypesOf(form.grantTypes ?? ['authorization_code']);
  const authMethod = authMethodOf(form.authMethod ?? 'none');
  const client = {
    clientId,
    tenant,
    name: form.name,
    redirectUris: urisOf('redirectUris', form.redirectUris ?? []),
    postLogoutRedirectUris: urisOf('postLogoutRedirectUris', form.postLogoutRedirectUris ?? []),
    grantTypes,
    scope: scopeOf(form.scope),
    authMethod,
    jwks: keysOf(form.jwks ?? null),
    jwksUri: form.jwksUri ?? null,
    roles: rolesOf(form.roles ?? (grantTypes.includes('client_credentials') ? ['system'] : [])),
    launchUri: form.launchUri ?? null,
    firstParty: form.firstParty ?? false,
    disabled: form.disabled ?? false,
  };
  if (grantTypes.includes('authorization_code') && client.redirectUris.length === 0)
    throw new UnfitProperty('redirectUris', 'must name one or more for authorization_code');
  if (grantTypes.includes('client_credentials') && authMethod === 'none')
    throw new UnfitProperty('authMethod', 'must be another than none for client_credentials');
  if (grantTypes.includes('client_credentials') && client.roles.length === 0)
    throw new UnfitProperty('roles', 'must name one or more for client_credentials');
  if (authMethod === 'private_key_jwt' && (client.jwks === null) === (client.jwksUri === null))
    throw new UnfitProperty('jwks', 'or jwksUri, and not both, must be there for private_key_jwt');
  if (client.jwksUri !== null && !keys.permits(client.jwksUri))
    throw new UnfitProperty('jwksUri', 'is an https address that is public, or of a host that CLIENT_KEYS_HOSTS allows');
  if (client.launchUri !== null && !isRedirectUri(client.launchUri)) throw new UnfitProperty('launchUri', REDIRECT_RULE);
  return client;
}

function grantTypesOf(given: readonly string[]): GrantType[] {
  if (given.length === 0 || !given.every((one) => GRANT_TYPES.includes(one)))
    throw new UnfitProperty('grantTypes', `are ${GRANT_TYPES.join(', ')}`);
  return [...new Set(given as readonly GrantType[])];
}

function authMethodOf(given: string): AuthMethod {
  if (!AUTH_METHODS.includes(given)) throw new UnfitProperty('authMethod', `is one of ${AUTH_METHODS.join(', ')}`);
  return given as AuthMethod;
}

function scopeOf(given: string): string {
  const scopes = scopesIn(given);
  if (scopes.length === 0 || scopes.length > 200 || !scopes.every(isScope))
    throw new UnfitProperty('scope', 'holds one or more scopes of SMART App Launch 2.2, with blanks between them');
  return scopes.join(' ');
}

function rolesOf(given: readonly string[]): Role[] {
  if (!given.every(isRole)) throw new UnfitProperty('roles', 'are roles of this server');
  return [...new Set(given)];
}

const REDIRECT_RULE = 'is an https address, one of this machine by http, or of an app by its own scheme (com.example.app:/callback)';

function urisOf(property: string, given: readonly string[]): string[] {
  if (given.length > MOST_URIS || !given.every(isRedirectUri)) throw new UnfitProperty(property, REDIRECT_RULE);
  return [...new Set(given)];
}

/** This machine's name or address. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

/** RFC 8252 7: web addresses by TLS, this machine's, and private-use schemes, which have a dot. */
function isRedirectUri(text: string): boolean {
  if (!URL.canParse(text) || text.includes('#') || text.includes('*') || /[\s\\]/.test(text) || text.length > 2_000) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)) || /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol);
}

function keysOf(given: object | null): object | null {
  if (given === null) return null;
  const { keys } = given as { keys?: unknown };
  const isPublic = (key: unknown): boolean =>
    typeof key === 'object' &&
    key !== null &&
    ['RSA', 'EC'].includes((key as { kty?: string }).kty ?? '') &&
    !PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member));
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MOST_KEYS || !keys.every(isPublic))
    throw new UnfitProperty('jwks', 'is a JWK Set of public RSA or EC keys');
  return { keys };
}
