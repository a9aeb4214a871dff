import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Caller } from '../access/caller.js';
import { requireOperation } from '../access/operations.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { clientFrom, type ClientForm } from './client-form.js';
import type { ClientKeys } from './client-keys.js';
import { allClients, clientOf, deleteClient, insertClient, updateClient, type OauthClient, type StoredClient } from './clients.sql.js';
import { ClientAbsent, ClientIdTaken } from './faults.js';
import { by } from '../ledger/ledger-event.js';
import { inOrganisation } from './in-organisation.js';
import { lookOnRecord, onRecord, type Doer } from './on-record.js';
import { OWN_CLIENT, OWN_CLIENT_ID } from './own-client.js';
import { dropStateOfClient } from './oidc-state.sql.js';
import type { RevokedTokens } from './revoked-tokens.js';

/** A client that was just made, or given a new secret: the secret is told this once. */
export type ClientWithSecret = OauthClient & { readonly clientSecret?: string };

/** The apps and systems that may ask for tokens. */
export class Clients {
  constructor(
    private readonly database: Database,
    private readonly revoked: RevokedTokens,
    private readonly keys: ClientKeys,
  ) {}

  /** For the issuer, whatever the tenant: undefined where there is none, or it is disabled. */
  async enabled(clientId: string): Promise<StoredClient | undefined> {
    if (clientId === OWN_CLIENT_ID) return OWN_CLIENT;
    if (clientId.includes('\0')) return undefined;
    const client = await this.database.statement((tx) => clientOf(tx, clientId));
    return client === undefined || client.disabled ? undefined : client;
  }

  /** All of the caller's organisation; on record. Throws OperationNotPermitted. */
  async list(caller: Caller): Promise<OauthClient[]> {
    requireOperation(caller, 'accounts.manage');
    return inOrganisation(this.database, caller.tenant, async (tx) => {
      const found = await allClients(tx);
      await lookOnRecord(tx, caller, entityOf('search'), found.length);
      return found.map(withoutSecret);
    });
  }

  /** On record. Throws OperationNotPermitted, ClientAbsent. */
  async one(caller: Caller, clientId: string): Promise<OauthClient> {
    requireOperation(caller, 'accounts.manage');
    return inOrganisation(this.database, caller.tenant, async (tx) => {
      const found = await clientHere(tx, clientId);
      await lookOnRecord(tx, caller, entityOf(clientId), 1);
      return withoutSecret(found);
    });
  }

  async create(caller: Caller, form: ClientForm): Promise<ClientWithSecret> {
    requireOperation(caller, 'accounts.manage');
    return this.register(form, caller.tenant, by(caller));
  }

  /** For whoever may, by another door: dynamic registration. @param doer  for the record */
  async register(form: ClientForm, tenant: number, doer: Doer): Promise<ClientWithSecret> {
    const client = clientFrom(form, tenant, form.clientId ?? randomUUID(), this.keys);
    if (client.clientId === OWN_CLIENT_ID) throw new ClientIdTaken();
    const secret = client.authMethod === 'client_secret_basic' ? newSecret() : undefined;
    return inOrganisation(this.database, tenant, async (tx) => {
      if (!(await insertClient(tx, { ...client, secretSha256: secret === undefined ? null : secretSha256(secret) })))
        throw new ClientIdTaken();
      const { clientId, grantTypes, scope } = client;
      await onRecord(tx, { ...doer, tenant, action: 'client.created', entity: entityOf(clientId), changes: { grantTypes, scope } });
      return { ...withoutSecret(await clientHere(tx, client.clientId)), ...(secret !== undefined && { clientSecret: secret }) };
    });
  }

  /** What a client was granted ends, and its own tokens: here when this answers. It may be less now. @param renew  `secret` replaces the secret */
  async change(
    caller: Caller,
    clientId: string,
    form: Partial<ClientForm>,
    renew: { readonly secret: boolean },
  ): Promise<ClientWithSecret> {
    requireOperation(caller, 'accounts.manage');
    const changed = await inOrganisation(this.database, caller.tenant, async (tx) => {
      const { since: _since, secretSha256: before, generation, ...old } = await clientHere(tx, clientId);
      const given = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
      const client = clientFrom({ ...old, ...given }, caller.tenant, clientId, this.keys);
      const isSecret = client.authMethod === 'client_secret_basic';
      const secret = isSecret && (renew.secret || before === null) ? newSecret() : undefined;
      const kept = isSecret ? before : null;
      await updateClient(tx, { ...client, secretSha256: secret === undefined ? kept : secretSha256(secret) });
      await dropStateOfClient(tx, clientId, generation);
      const names = [...Object.keys(given), ...(secret === undefined ? [] : ['secret'])];
      const changes = { changed: names, scope: client.scope, roles: client.roles };
      await onRecord(tx, { ...by(caller), tenant: caller.tenant, action: 'client.changed', entity: entityOf(clientId), changes });
      return { ...withoutSecret(await clientHere(tx, clientId)), ...(secret !== undefined && { clientSecret: secret }) };
    });
    this.revoked.readAgain();
    return changed;
  }

  async remove(caller: Caller, clientId: string): Promise<void> {
    requireOperation(caller, 'accounts.manage');
    await inOrganisation(this.database, caller.tenant, async (tx) => {
      const { generation } = await clientHere(tx, clientId);
      await dropStateOfClient(tx, clientId, generation);
      await deleteClient(tx, clientId);
      await onRecord(tx, { ...by(caller), tenant: caller.tenant, action: 'client.deleted', entity: entityOf(clientId) });
    });
    this.revoked.readAgain();
  }
}

const entityOf = (id: string) => ({ type: 'Client', id });

const newSecret = (): string => randomBytes(32).toString('base64url');

export const secretSha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex');

function withoutSecret({ secretSha256: _secret, generation: _generation, ...client }: StoredClient): OauthClient {
  return client;
}

async function clientHere(tx: Transaction, clientId: string): Promise<StoredClient> {
  const client = clientId.includes('\0') ? undefined : await clientOf(tx, clientId);
  if (client === undefined) throw new ClientAbsent();
  return client;
}
