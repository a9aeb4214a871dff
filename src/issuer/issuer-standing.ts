import { LOCAL_CALLER } from '../access/caller.js';
import { Standing, type KeptCaller } from '../access/kept-caller.js';
import type { Role } from '../access/roles.js';
import type { Settings } from '../settings.js';
import type { Accounts } from './accounts.js';
import type { Clients } from './clients.js';

/** What has become of callers of the built-in issuer. Those of an outside one cannot be asked after: what they were granted stands. */
export class IssuerStanding extends Standing {
  constructor(
    private readonly accounts: Accounts,
    private readonly clients: Clients,
    private readonly settings: Pick<Settings, 'AUTH' | 'OIDC_ISSUER'>,
  ) {
    super();
  }

  async rolesOf(owner: KeptCaller): Promise<readonly Role[] | 'as granted' | undefined> {
    const { AUTH, OIDC_ISSUER } = this.settings;
    if (owner.id === LOCAL_CALLER.id) return AUTH === 'none' ? 'as granted' : undefined;
    if (OIDC_ISSUER !== undefined) return 'as granted';
    const [, kind, id] = /^(user|client):(.+)$/s.exec(owner.id) ?? [];
    if (kind === 'client') return this.rolesOfSystem(id, owner);
    return kind === 'user' ? this.rolesOfPerson(id, owner) : undefined;
  }

  /** A system that names no role is `system` (caller-of-token.ts). */
  private async rolesOfSystem(id: string, { tenant }: KeptCaller): Promise<readonly Role[] | undefined> {
    const client = await this.clients.enabled(id);
    if (client?.tenant !== tenant) return undefined;
    return client.roles.length === 0 ? ['system'] : client.roles;
  }

  /** The app that they used must be there too: what it was granted ends with it. */
  private async rolesOfPerson(id: string, { tenant, client }: KeptCaller): Promise<readonly Role[] | undefined> {
    const account = await this.accounts.enabled(id);
    if (account?.tenant !== tenant) return undefined;
    return client !== undefined && (await this.clients.enabled(client)) === undefined ? undefined : account.roles;
  }
}
