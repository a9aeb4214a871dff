import type { Transaction } from '../database/transaction.js';
import type { Role } from '../access/roles.js';

export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';
export type AuthMethod = 'none' | 'client_secret_basic' | 'private_key_jwt';

/** A client as whoever administers it may see it. */
export interface OauthClient {
  readonly clientId: string;
  readonly tenant: number;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly grantTypes: readonly GrantType[];
  readonly scope: string;
  readonly authMethod: AuthMethod;
  readonly jwks: object | null;
  readonly jwksUri: string | null;
  readonly roles: readonly Role[];
  readonly launchUri: string | null;
  readonly firstParty: boolean;
  readonly disabled: boolean;
  readonly since: Date;
}

/** What the issuer keeps of it too. */
export interface StoredClient extends OauthClient {
  readonly secretSha256: string | null;
  /** What its own tokens are marked by; another after each change. */
  readonly generation: string;
}

/** One as it is put in its place: the rest is the database's to say. */
export type GivenClient = Omit<StoredClient, 'since' | 'generation'>;

const FIELDS = {
  name: 'name',
  redirectUris: 'redirect_uris',
  postLogoutRedirectUris: 'post_logout_redirect_uris',
  grantTypes: 'grant_types',
  scope: 'scope',
  authMethod: 'auth_method',
  secretSha256: 'secret_sha256',
  jwks: 'jwks',
  jwksUri: 'jwks_uri',
  roles: 'roles',
  launchUri: 'launch_uri',
  firstParty: 'first_party',
  disabled: 'disabled',
} as const satisfies Partial<Record<keyof StoredClient, string>>;
const NAMES = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
const COLUMNS = `client_id AS "clientId", tenant, since, generation, ${NAMES.map((name) => `${FIELDS[name]} AS "${name}"`).join(', ')}`;

const valueOf = (name: keyof typeof FIELDS, client: GivenClient): unknown =>
  name === 'jwks' && client.jwks !== null ? JSON.stringify(client.jwks) : client[name];

type Row = StoredClient & Record<string, unknown>;

export const clientOf = async (tx: Transaction, clientId: string): Promise<StoredClient | undefined> =>
  (await tx.rows<Row>(`SELECT ${COLUMNS} FROM oauth_client WHERE client_id = $1`, [clientId], 'issuer.client'))[0];

export const allClients = (tx: Transaction): Promise<StoredClient[]> =>
  tx.rows<Row>(`SELECT ${COLUMNS} FROM oauth_client ORDER BY client_id`);

/** False where the id is taken. */
export const insertClient = async (tx: Transaction, client: GivenClient): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO oauth_client (client_id, tenant, since, generation, ${NAMES.map((name) => FIELDS[name]).join(', ')})
     VALUES ($1, $2, now(), gen_random_uuid(), ${NAMES.map((_, place) => `$${place + 3}`).join(', ')}) ON CONFLICT DO NOTHING`,
    [client.clientId, client.tenant, ...NAMES.map((name) => valueOf(name, client))],
  )) === 1;

export const updateClient = (tx: Transaction, client: GivenClient): Promise<number> =>
  tx.run(
    `UPDATE oauth_client SET generation = gen_random_uuid(), ${NAMES.map((name, place) => `${FIELDS[name]} = $${place + 2}`).join(', ')} WHERE client_id = $1`,
    [client.clientId, ...NAMES.map((name) => valueOf(name, client))],
  );

export const deleteClient = (tx: Transaction, clientId: string): Promise<number> =>
  tx.run('DELETE FROM oauth_client WHERE client_id = $1', [clientId]);
