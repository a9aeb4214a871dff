import type { Client, Grant } from 'oidc-provider';
import { FIRST_TENANT } from '../access/caller.js';
import { isLoopback } from './client-form.js';
import type { PublicAddress } from '../public-address.js';
import type { ClientExtras } from './oidc-adapter.js';
import { OTHER_SCOPES } from './scopes.js';

/** How long an app may go on without the person being there: then it asks again. */
export const GRANT_SECONDS = 30 * 86_400;
/** Beside what RFC 7591 names: as the adapter gives it. */
export const extrasOf = (client: Client): ClientExtras => client as unknown as ClientExtras;

/**
 * Whether people of an organisation may let a client in: it is their organisation's, or belongs to the installation, which is the first
 * organisation's. Whoever administers another one can make no client that speaks for people of others.
 */
export function isClientFor(client: Client, tenant: number): boolean {
  const { first_party: isFirstParty, tenant: own } = extrasOf(client);
  return own === tenant || (isFirstParty && own === FIRST_TENANT);
}

/**
 * Whether a client gets what it asks for without a question: a first-party one of people of its own organisation. Not a program on
 * somebody's machine, as any other there could pass for it (RFC 8252 8.6): `wetread-cli` asks too.
 */
export function needsNoConsent(client: Client, tenant: number): boolean {
  const { first_party: isFirstParty, tenant: own } = extrasOf(client);
  return isFirstParty && own === tenant && (client.redirectUris ?? []).every(isWeb);
}

/** An address that leads to a server and nowhere else; one of this machine, or of a program's own scheme, to whatever program has it. */
function isWeb(uri: string): boolean {
  const { protocol, hostname } = new URL(uri);
  return protocol === 'https:' && !isLoopback(hostname);
}

/** Writes down what is granted. */
export async function newGrant(grant: Grant, scopes: readonly string[], address: PublicAddress): Promise<Grant> {
  const others = scopes.filter((one) => (OTHER_SCOPES as readonly string[]).includes(one));
  if (others.length > 0) grant.addOIDCScope(others.join(' '));
  grant.addResourceScope(address.fhir, scopes.join(' '));
  await grant.save();
  return grant;
}
