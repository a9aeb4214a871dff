import { errors, type Client, type Configuration, type Grant, type KoaContextWithOIDC } from 'oidc-provider';
import type { Accounts } from './accounts.js';
import { askingIn } from './asking-in.js';
import { isOwnAddress } from './audience.js';
import type { ClientKeys } from './client-keys.js';
import type { Clients } from './clients.js';
import type { Database } from '../database/database.js';
import { ACCESS_TOKEN_ALG, ID_TOKEN_ALG, type IssuerKeySet } from './issuer-keys.js';
import { extrasOf, GRANT_SECONDS, isClientFor, needsNoConsent, newGrant } from './grants.js';
import type { Launches } from './launches.js';
import { CLIENT_EXTRAS, ClientAdapter, OidcAdapter } from './oidc-adapter.js';
import { ACCESS_TOKEN_SECONDS } from './oidc-state.sql.js';
import type { PublicAddress } from '../public-address.js';
import { allowedScopes, OTHER_SCOPES, scopesIn, wantsPatient } from './scopes.js';
import { isPatients, loadedAccount, ownClaims, tellableScopes, type LoadedAccount } from './token-claims.js';
import { tokenId } from './token-marks.js';

/** SMART App Launch 2.2 asks for 5 minutes at most ("Backend Services"). */
const SYSTEM_TOKEN_SECONDS = 300;
const CODE_SECONDS = 60;
const LOGIN_SECONDS = 15 * 60;
/** A working day. */
const SESSION_SECONDS = 10 * 3_600;
/** A client's assertion is good for so long at most (SMART App Launch 2.2, "Asymmetric authentication"), whatever it says. */
const ASSERTION_SECONDS = 300;
const CLOCK_TOLERANCE_SECONDS = 5;
const CLIENT_ALGS = ['RS256', 'RS384', 'ES256', 'ES384'] as const;

export interface IssuerParts {
  readonly database: Database;
  readonly address: PublicAddress;
  readonly accounts: Accounts;
  readonly clients: Clients;
  readonly clientKeys: ClientKeys;
  readonly launches: Launches;
}

/** What people see that oidc-provider shows by itself. */
export interface IssuerPages {
  error(ctx: KoaContextWithOIDC, code: string, description: string | undefined): void;
  confirmLogout(ctx: KoaContextWithOIDC, form: string): void;
  loggedOut(ctx: KoaContextWithOIDC): void;
}

/** oidc-provider as a SMART authorization server (SMART App Launch 2.2) of this server's. */
export function providerConfiguration(parts: IssuerParts, keys: IssuerKeySet, pages: IssuerPages, grantEnded: () => void): Configuration {
  const { database, address, accounts, clients, clientKeys, launches } = parts;
  const { pathname } = new URL(`${address.base}/oauth`);
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true } as const;
  return {
    adapter: (model) => (model === 'Client' ? new ClientAdapter(database, clients) : new OidcAdapter(model, database, grantEnded)),
    jwks: { keys: keys.signing as unknown as NonNullable<Configuration['jwks']>['keys'] },
    cookies: {
      keys: [...keys.cookies],
      names: { session: 'wetread_session', interaction: 'wetread_login', resume: 'wetread_resume' },
      long: { ...cookie, path: pathname },
      short: cookie,
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      jwks: '/jwks',
      introspection: '/introspect',
      revocation: '/revoke',
      end_session: '/logout',
    },
    responseTypes: ['code'],
    scopes: [...OTHER_SCOPES],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'fhirUser'], fhirUser: ['fhirUser'] },
    extraParams: ['aud', 'launch'],
    extraClientMetadata: { properties: [...CLIENT_EXTRAS] },
    clientAuthMethods: ['none', 'client_secret_basic', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: [...CLIENT_ALGS], idTokenSigningAlgValues: [ID_TOKEN_ALG] },
    clientDefaults: { id_token_signed_response_alg: ID_TOKEN_ALG },
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    assertJwtClientAuthClaimsAndHeader: (_ctx, { exp }) => {
      if (Number(exp) > Date.now() / 1_000 + ASSERTION_SECONDS + CLOCK_TOLERANCE_SECONDS)
        throw new errors.InvalidClientAuth('the client_assertion JWT must expire within 5 minutes');
    },
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: (_ctx, origin, client) => isAppOf(client, origin),
    // The one thing that is fetched: the keys of a client whose administrator said where.
    fetch: (input, init) => clientKeys.fetch(input instanceof Request ? input.url : String(input), init),
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => pages.confirmLogout(ctx, form),
        postLogoutSuccessSource: (ctx) => pages.loggedOut(ctx),
      },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        defaultResource: (ctx) => audienceAsked(ctx, address),
        getResourceServerInfo: (ctx, indicator, client) => {
          if (!isOwnAddress(indicator, address)) throw new errors.InvalidTarget('the audience is not this server');
          audienceAsked(ctx, address); // RFC 8707's `resource` says nothing of where the app believes itself to be
          const by = ctx.oidc.params?.['grant_type'] === 'client_credentials' ? 'system' : 'person';
          const scopes = allowedScopes(scopesAsked(ctx), extrasOf(client).smart_scope, by);
          if (scopes.length === 0) throw new errors.InvalidScope('none of the scopes can be granted to this client', '');
          return {
            scope: scopes.join(' '),
            audience: address.fhir,
            accessTokenTTL: by === 'system' ? SYSTEM_TOKEN_SECONDS : ACCESS_TOKEN_SECONDS,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: ACCESS_TOKEN_ALG } },
          };
        },
      },
    },
    extraTokenClaims: async (ctx) => ({ ...(await ownClaims(ctx, launches)) }),
    formats: {
      customizers: {
        jwt: (ctx, token, parts) => {
          // oidc-provider's types say that there may be none; it always makes one.
          const grantId = (token as { grantId?: string }).grantId;
          // Nobody granted a system its token: it ends with what the client is now.
          const of = grantId ?? (ctx.oidc.client && extrasOf(ctx.oidc.client).generation);
          parts.payload = { ...parts.payload, jti: tokenId(of, String(parts.payload['jti'])) };
        },
      },
    },
    findAccount: async ({ oidc }, id, source) => {
      const account = await accounts.enabled(id);
      if (account === undefined) return undefined;
      // Whatever a code or a refresh token says: a client gets no token of people of an organisation that it is not for.
      const isForeign = source !== undefined && oidc.client !== undefined && !isClientFor(oidc.client, account.tenant);
      return isForeign ? undefined : loadedAccount(account, address.fhir);
    },
    loadExistingGrant: (ctx) => grantOf(ctx, address, launches),
    interactions: { url: (_ctx, { uid }) => `${address.base}/oauth/interaction/${uid}` },
    issueRefreshToken: async (_ctx, client, { scopes }) =>
      client.grantTypeAllowed('refresh_token') && (scopes.has('offline_access') || scopes.has('online_access')),
    expiresWithSession: async (_ctx, { scopes }) => !scopes.has('offline_access'),
    rotateRefreshToken: true,
    renderError: (ctx, { error, error_description: description }) => pages.error(ctx, error, description),
    ttl: {
      AccessToken: (_ctx, { resourceServer }) => resourceServer?.accessTokenTTL ?? ACCESS_TOKEN_SECONDS,
      ClientCredentials: (_ctx, { resourceServer }) => resourceServer?.accessTokenTTL ?? SYSTEM_TOKEN_SECONDS,
      AuthorizationCode: CODE_SECONDS,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: LOGIN_SECONDS,
      Session: SESSION_SECONDS,
      Grant: GRANT_SECONDS,
      RefreshToken: GRANT_SECONDS,
    },
  };
}

/** SMART's `aud` (App Launch 2.2, "Request authorization code") keeps an app from sending a token to somebody else's server. */
function audienceAsked({ oidc }: KoaContextWithOIDC, address: PublicAddress): string {
  if (oidc.route !== 'authorization') return address.fhir;
  const aud = oidc.params?.['aud'];
  if (typeof aud !== 'string') throw new errors.InvalidRequest('aud must be the address of the FHIR server');
  if (!isOwnAddress(aud, address)) throw new errors.InvalidTarget('aud is not this server');
  return address.fhir;
}

/** At the token endpoint they are those of the code or the refresh token. */
function scopesAsked({ oidc }: KoaContextWithOIDC): string[] {
  const { AuthorizationCode, RefreshToken } = oidc.entities;
  const asked = AuthorizationCode?.scope ?? RefreshToken?.scope ?? oidc.params?.['scope'];
  return scopesIn(typeof asked === 'string' ? asked : undefined);
}

/**
 * Each authorization has a grant of its own, as it has a patient of its own: what was agreed to before is asked again.
 * Except by what belongs to the person's own organisation, which is granted what it is registered for.
 */
async function grantOf(ctx: KoaContextWithOIDC, address: PublicAddress, launches: Launches): Promise<Grant | undefined> {
  const { result, client, params, provider } = ctx.oidc;
  const agreed = result?.consent?.grantId;
  if (agreed !== undefined) return provider.Grant.find(agreed);
  const { account } = ctx.oidc.account as LoadedAccount;
  if (client === undefined || !needsNoConsent(client, account.tenant) || params?.['launch'] !== undefined) return undefined;
  const scopes = allowedScopes(scopesAsked(ctx), extrasOf(client).smart_scope, 'person');
  if (wantsPatient(scopes) && !isPatients(account)) return undefined;
  const told = tellableScopes(scopes, account, {});
  if (told.length === 0) return undefined;
  const [accountId, { clientId }] = [account.id, client];
  const grant: Grant = new provider.Grant({ accountId, clientId });
  const withheld = scopes.filter((one) => !told.includes(one)).join(' ');
  if (withheld !== '') grant.rejectOIDCScope(withheld);
  if (withheld !== '') grant.rejectResourceScope(address.fhir, withheld);
  await newGrant(grant, told, address);
  await launches.keep({ grantId: grant.jti, account, clientId, scopes: told, way: { asking: askingIn(ctx) } }, {}, GRANT_SECONDS);
  return grant;
}

/** A page may ask for tokens where its client is a public one that is registered with its origin. */
const isAppOf = (client: Client, origin: string): boolean =>
  client.clientAuthMethod === 'none' && (client.redirectUris ?? []).some((uri) => URL.canParse(uri) && new URL(uri).origin === origin);
