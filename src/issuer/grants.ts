import type { Client, Grant } from 'oidc-provider';
import type { PublicAddress } from '../public-address.js';
import type { ClientExtras } from './oidc-adapter.js';
import { OTHER_SCOPES } from './scopes.js';

/** How long an app may go on without the person being there: then it asks again. */
export const GRANT_SECONDS = 30 * 86_400;
/** Beside what RFC 7591 names: as the adapter gives it. */
export const extrasOf = (client: Client): ClientExtras => client as unknown as ClientExtras;

/** Writes down what is granted. */
export async function newGrant(grant: Grant, scopes: readonly string[], address: PublicAddress): Promise<Grant> {
  const others = scopes.filter((one) => (OTHER_SCOPES as readonly string[]).includes(one));
  if (others.length > 0) grant.addOIDCScope(others.join(' '));
  grant.addResourceScope(address.fhir, scopes.join(' '));
  await grant.save();
  return grant;
}
