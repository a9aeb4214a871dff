import { timingSafeEqual } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { Provider, type KoaContextWithOIDC } from 'oidc-provider';
import { isAway, type Database } from '../database/database.js';
import { event, thrownFields } from '../log.js';
import { secretSha256 } from './clients.js';
import { inspectToken } from './inspect-token.js';
import type { IssuerKeySet, IssuerKeys } from './issuer-keys.js';
import { findState, putNewState } from './oidc-state.sql.js';
import { providerConfiguration, type IssuerPages, type IssuerParts } from './provider-configuration.js';
import type { RevokedTokens } from './revoked-tokens.js';
import { launchParameters } from './token-claims.js';
import { secretHash } from './token-marks.js';

const REPLAY = 'ReplayDetection';

/** oidc-provider, made when it is first needed: the server's address is known by then. Made anew when keys are. */
export class IssuerProvider {
  private made: { readonly of: string; readonly provider: Provider } | undefined;

  constructor(
    private readonly parts: IssuerParts,
    private readonly keys: IssuerKeys,
    private readonly revoked: RevokedTokens,
    private readonly pages: IssuerPages,
  ) {}

  /** The issuer's identifier: what `iss` says. */
  get issuer(): string {
    return `${this.parts.address.base}/oauth`;
  }

  async current(): Promise<Provider> {
    const keys = await this.keys.current();
    const of = `${this.issuer} ${keys.version}`;
    if (this.made?.of !== of) this.made = { of, provider: this.make(keys) };
    return this.made.provider;
  }

  /**
   * The form of a token request, with the client whose the refresh token is where nothing says it: SMART's own client leaves it out, as
   * a public app proves nothing by it.
   */
  async withClient(form: string): Promise<string> {
    const given = new URLSearchParams(form);
    const isSaid = ['client_id', 'client_assertion'].some((name) => given.has(name));
    if (isSaid || given.get('grant_type') !== 'refresh_token') return form;
    const id = secretHash(given.get('refresh_token') ?? '');
    const row = await this.parts.database.statement((tx) => findState(tx, 'RefreshToken', id));
    const clientId = row?.payload['clientId'];
    return typeof clientId === 'string' ? `${form}&client_id=${encodeURIComponent(clientId)}` : form;
  }

  private make(keys: IssuerKeySet): Provider {
    const { database, launches } = this.parts;
    const { issuer, revoked } = this;
    const provider = new Provider(
      issuer,
      providerConfiguration(this.parts, keys, this.pages, () => revoked.readAgain()),
    );
    provider.proxy = true; // the mount says where the server is reached, whatever the request says
    compareHashes(provider);
    refuseReplays(provider, database);
    provider.use(async (given, next) => {
      await next();
      const ctx = given as unknown as KoaContextWithOIDC;
      const route = (ctx.oidc as KoaContextWithOIDC['oidc'] | undefined)?.route;
      if (route === 'token' && ctx.status === 200) Object.assign(ctx.body as object, await launchParameters(ctx, launches));
      if (route === 'introspection' || route === 'revocation') await inspectToken(ctx, { keys: this.keys, revoked, issuer });
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
