import { Provider, type Configuration } from 'oidc-provider';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';

/**
 * An OpenID Connect issuer that knows nothing of this server, as a process of its own: JWTs for one client, opaque tokens for another,
 * roles and tenants in claims by its own names; a page app that people log in to by whatever name, each with the role that the name says.
 * Tells its address, then lives until its parent does not.
 */
const http = createServer();
await new Promise<void>((listening) => http.listen(0, '127.0.0.1', () => listening()));
const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

const client = (client_id: string) => ({
  client_id,
  client_secret: 'a secret of the outside issuer',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
});
const page = {
  client_id: 'page-client',
  token_endpoint_auth_method: 'none' as const,
  grant_types: ['authorization_code'],
  redirect_uris: ['https://viewer.example/callback'],
  response_types: ['code' as const],
};
const SCOPES = 'system/*.rs system/Patient.rs user/*.rs';
const configuration: Configuration = {
  clients: [...['jwt-client', 'opaque-client', 'digits-client', 'nobodys-client', 'wetread'].map(client), page],
  scopes: ['openid', ...SCOPES.split(' ')],
  pkce: { required: () => true },
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_context, asking) => asking.clientId === 'wetread' },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:wetread',
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, _resource, { clientId }) => ({
        scope: SCOPES,
        audience: 'urn:wetread',
        accessTokenFormat: clientId === 'opaque-client' ? 'opaque' : 'jwt',
        accessTokenTTL: 300,
      }),
    },
    devInteractions: { enabled: true }, // its own pages: any password, then consent
  },
  extraTokenClaims: (_context, { clientId, ...token }) => ({
    realm_access: { roles: ['accountId' in token ? `${token.accountId}s` : 'Machines'] },
    ...(clientId === 'nobodys-client' ? {} : { organisation: clientId === 'digits-client' ? '1' : 1 }),
  }),
};
const answer = new Provider(issuer, configuration).callback();
http.on('request', (request, reply) => void answer(request, reply));
process.on('disconnect', () => process.exit(0));
process.send?.({ issuer });
