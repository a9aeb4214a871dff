import { Provider, type Configuration } from 'oidc-provider';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';

/**
 * An OpenID Connect issuer that knows nothing of this server, as a process of its own: JWTs for one client, opaque tokens for another,
 * roles and tenants in claims by its own names. Tells its address, then lives until its parent does not.
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
const configuration: Configuration = {
  clients: ['jwt-client', 'opaque-client', 'digits-client', 'nobodys-client', 'wetread'].map(client),
  scopes: ['system/*.rs', 'system/Patient.rs'],
  features: {
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_context, asking) => asking.clientId === 'wetread' },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:wetread',
      useGrantedResource: () => true,
      getResourceServerInfo: (_context, _resource, { clientId }) => ({
        scope: 'system/*.rs system/Patient.rs',
        audience: 'urn:wetread',
        accessTokenFormat: clientId === 'opaque-client' ? 'opaque' : 'jwt',
        accessTokenTTL: 300,
      }),
    },
    devInteractions: { enabled: false },
  },
  extraTokenClaims: (_context, { clientId }) => ({
    realm_access: { roles: ['Machines'] },
    ...(clientId === 'nobodys-client' ? {} : { organisation: clientId === 'digits-client' ? '1' : 1 }),
  }),
};
const answer = new Provider(issuer, configuration).callback();
http.on('request', (request, reply) => void answer(request, reply));
process.on('disconnect', () => process.exit(0));
process.send?.({ issuer });
