import { FIRST_TENANT } from '../access/caller.js';
import type { StoredClient } from './clients.sql.js';

export const OWN_CLIENT_ID = 'wetread-cli';
/** On whatever port is free (RFC 8252 7.3). */
export const OWN_CALLBACK = 'http://127.0.0.1/callback';
/** What it asks for: what whoever logs in may do, and who that is. */
export const OWN_SCOPE = 'openid fhirUser profile user/*.cruds';

/** The client that is there from the start, so that there is a first token to make others by: `npm run login`, for everybody. */
export const OWN_CLIENT: StoredClient = {
  clientId: OWN_CLIENT_ID,
  tenant: FIRST_TENANT,
  name: 'wetread on the command line',
  redirectUris: [OWN_CALLBACK],
  postLogoutRedirectUris: [],
  grantTypes: ['authorization_code'],
  scope: OWN_SCOPE,
  authMethod: 'none',
  secretSha256: null,
  jwks: null,
  jwksUri: null,
  roles: [],
  launchUri: null,
  firstParty: true,
  disabled: false,
  since: new Date(0),
  generation: OWN_CLIENT_ID,
};
