import { timingSafeEqual } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { Provider, type KoaContextWithOIDC } from 'oidc-provider';
import { isAway, type Database } from '../database/database.js';
import { event, thrownFields } from '../log.js';
import { secretSha256 } from './clients.js';
import { inspectToken } from './inspect-token.js';
import type { IssuerKeySet, IssuerKeys } from './issuer-keys.js';
import { by } from '../ledger/ledger-event.js';
import { askingIn } from './asking-in.js';
import type { ClientExtras } from './oidc-adapter.js';
import { putNewState } from './oidc-state.sql.js';
import { onRecord } from './on-record.js';
import { providerConfiguration, type IssuerPages, type IssuerParts } from './provider-configuration.js';
import type { RevokedTokens } from './revoked-tokens.js';
import { TOLD_SCOPES } from './scopes.js';
import { launchParameters } from './token-claims.js';

const REPLAY = 'ReplayDetection';

export interface ProviderParts {
  readonly parts: IssuerParts;
  readonly keys: IssuerKeys;
  readonly revoked: RevokedTokens;
  readonly pages: IssuerPages;
}

/** oidc-provider as this server's issuer. It is large, and loaded when somebody first asks for a token. */
export function makeProvider(issuer: string, { parts, keys, revoked, pages }: ProviderParts, keySet: IssuerKeySet): Provider {
  const provider = new Provider(
    issuer,
    providerConfiguration(parts, keySet, pages, () => revoked.readAgain()),
  );
  provider.proxy = true; // the mount says where the server is reached, whatever the request says
  compareHashes(provider);
  refuseReplays(provider, parts.database);
  provider.use(async (given, next) => {
    await next();
    const ctx = given as unknown as KoaContextWithOIDC;
    const route = (ctx.oidc as KoaContextWithOIDC['oidc'] | undefined)?.route;
    if (route === 'discovery') Object.assign(ctx.body as object, { scopes_supported: TOLD_SCOPES });
    if (route === 'token' && ctx.status === 200) {
      await systemOnRecord(ctx, parts.database);
      Object.assign(ctx.body as object, await launchParameters(ctx, parts.launches));
    }
    if (route === 'introspection' || route === 'revocation') await inspectToken(ctx, { keys, revoked, issuer });
  });
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: unknown) => {
    event('oauth.failed', thrownFields(error));
    if (!isAway(error)) return;
    ctx.status = 503;
    ctx.set('Retry-After', '1');
  });
  (provider as EventEmitter).on('error', (error: unknown) => event('oauth.failed', thrownFields(error)));
  return provider;
}

/** A system got a token: nobody granted it but its registration. What people grant is on record when they do (Launches.keep). */
async function systemOnRecord(ctx: KoaContextWithOIDC, database: Database): Promise<void> {
  const { client, params } = ctx.oidc;
  if (client === undefined || params?.['grant_type'] !== 'client_credentials') return;
  const { clientId } = client;
  const { tenant, roles } = client as unknown as ClientExtras;
  const { scope } = ctx.body as { scope?: string };
  const doer = by({ id: `client:${clientId}`, kind: 'system', tenant, client: clientId, asking: askingIn(ctx) });
  const changes = { scopes: scope?.split(' ') ?? [], roles };
  const deed = { tenant, action: 'access.granted', entity: { type: 'Client', id: clientId }, changes } as const;
  await database.transaction((tx) => onRecord(tx, { ...doer, ...deed }));
}

/** What is kept of a client's secret is its hash. */
function compareHashes(provider: Provider): void {
  const { prototype } = provider.Client as unknown as { prototype: { compareClientSecret(given: string): boolean; clientSecret: string } };
  prototype.compareClientSecret = function (given) {
    const [kept, asked] = [Buffer.from(this.clientSecret), Buffer.from(secretSha256(given))];
    return kept.length === asked.length && timingSafeEqual(kept, asked);
  };
}

/** A client's assertion is used once, also of two that come at once. */
function refuseReplays(provider: Provider, database: Database): void {
  const replays = provider[REPLAY] as unknown as { unique(issuer: string, jti: string, exp: number): Promise<boolean> };
  replays.unique = (issuer, jti, exp) => {
    const state = { model: REPLAY, id: secretSha256(`${issuer} ${jti}`), payload: {}, lastsSeconds: Math.ceil(exp - Date.now() / 1_000) };
    return database.statement((tx) => putNewState(tx, state));
  };
}
