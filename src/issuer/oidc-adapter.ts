import { errors, type Adapter, type AdapterPayload, type ClientMetadata } from 'oidc-provider';
import type { Database } from '../database/database.js';
import type { Clients } from './clients.js';
import type { StoredClient } from './clients.sql.js';
import {
  consumeState,
  dropExpiredState,
  dropState,
  dropStateOfGrant,
  endGrant,
  findState,
  findStateByUid,
  putState,
  type StateRow,
} from './oidc-state.sql.js';
import { OWN_CLIENT_ID } from './own-client.js';
import { secretHash } from './token-marks.js';

/** Whose ids are secrets that a client holds: their hashes are kept. */
const SECRET_IDS: ReadonlySet<string> = new Set(['AuthorizationCode', 'RefreshToken', 'AccessToken']);
/** What has expired is swept away about once in so many writes. */
const SWEEP_EVERY = 200;

/** Where oidc-provider keeps one kind of its things: in Postgres. */
export class OidcAdapter implements Adapter {
  private writes = 0;

  constructor(
    private readonly model: string,
    private readonly database: Database,
    /** A grant has ended. */
    private readonly ended: () => void,
  ) {}

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const { jti: _own, ...kept } = payload;
    const state = { model: this.model, id: this.key(id), payload: this.isSecret ? kept : payload, lastsSeconds: expiresIn };
    await this.database.statement((tx) => putState(tx, state));
    if (++this.writes % SWEEP_EVERY === 0) await this.database.statement(dropExpiredState);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const row = await this.database.statement((tx) => findState(tx, this.model, this.key(id)));
    return row && this.payloadOf(row, id);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const row = await this.database.statement((tx) => findStateByUid(tx, this.model, uid));
    return row && this.payloadOf(row, undefined);
  }

  /** The device flow is off: nothing has a user code. */
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  /** Of two at once one is first; the other holds a copy of a code or token, and all that came of it ends. */
  async consume(id: string): Promise<void> {
    if ((await this.database.statement((tx) => consumeState(tx, this.model, this.key(id)))) !== undefined) return;
    const row = await this.database.statement((tx) => findState(tx, this.model, this.key(id)));
    if (typeof row?.payload['grantId'] === 'string') await this.end(row.payload['grantId']);
    throw new errors.InvalidGrant('already used');
  }

  async destroy(id: string): Promise<void> {
    if (this.model === 'Grant') await this.end(id);
    else await this.database.statement((tx) => dropState(tx, this.model, this.key(id)));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.database.statement((tx) => dropStateOfGrant(tx, this.model, grantId));
  }

  private async end(grantId: string): Promise<void> {
    await this.database.transaction((tx) => endGrant(tx, grantId));
    this.ended();
  }

  private payloadOf({ payload, consumedAt }: StateRow, id: string | undefined): AdapterPayload {
    return {
      ...payload,
      ...(this.isSecret && id !== undefined && { jti: id }),
      ...(consumedAt !== null && { consumed: Math.floor(consumedAt.getTime() / 1_000) }),
    };
  }

  private get isSecret(): boolean {
    return SECRET_IDS.has(this.model);
  }

  private key(id: string): string {
    return this.isSecret ? secretHash(id) : id.replaceAll('\0', '');
  }
}

/** What oidc-provider knows of a client beside what RFC 7591 names. */
export interface ClientExtras {
  readonly smart_scope: string;
  readonly tenant: number;
  readonly roles: readonly string[];
  readonly first_party: boolean;
  /** What the tokens are marked by that it gets by itself. */
  readonly generation: string;
}
export const CLIENT_EXTRAS = ['smart_scope', 'tenant', 'roles', 'first_party', 'generation'] as const satisfies (keyof ClientExtras)[];

/** The clients, as oidc-provider asks for them. */
export class ClientAdapter extends OidcAdapter {
  constructor(
    database: Database,
    private readonly clients: Clients,
  ) {
    super('Client', database, () => undefined);
  }

  override async find(id: string): Promise<AdapterPayload | undefined> {
    const client = await this.clients.enabled(id);
    return client && metadataOf(client);
  }
}

const isOwnScheme = (uri: string): boolean => !/^https?:/.test(uri);

/** RFC 7591's names. The secret is its hash: comparing knows. */
function metadataOf(client: StoredClient): ClientMetadata & ClientExtras {
  const { clientId, name, redirectUris, postLogoutRedirectUris, grantTypes, authMethod, secretSha256, jwks, jwksUri } = client;
  return {
    client_id: clientId,
    client_name: name,
    // Of a native app on loopback the port is left open (RFC 8252 7.3); clients that are registered here name theirs.
    application_type: clientId === OWN_CLIENT_ID || redirectUris.some(isOwnScheme) ? 'native' : 'web',
    redirect_uris: [...redirectUris],
    post_logout_redirect_uris: [...postLogoutRedirectUris],
    grant_types: [...grantTypes],
    response_types: grantTypes.includes('authorization_code') ? ['code'] : [],
    token_endpoint_auth_method: authMethod,
    ...(secretSha256 !== null && { client_secret: secretSha256 }),
    ...(jwks !== null && { jwks: jwks as { keys: [] } }),
    ...(jwksUri !== null && { jwks_uri: jwksUri }),
    smart_scope: client.scope,
    tenant: client.tenant,
    roles: client.roles,
    first_party: client.firstParty,
    generation: client.generation,
  };
}
