import type { Database } from './database.js';
import { asServer, inTenant } from './scope.js';
import type { Transaction } from './transaction.js';

/** How long one that was taken away may be known. */
const KNOWN_MS = 5_000;

/** The organisations whose data this server keeps. */
export class Tenants {
  private known: { readonly at: number; readonly ids: ReadonlySet<number> } = { at: -Infinity, ids: new Set() };

  constructor(private readonly database: Database) {}

  /** Does something in each tenant's scope, one after the other. */
  async each(work: (tenant: number) => Promise<void>): Promise<void> {
    for (const { id } of await this.all()) await inTenant(id, () => work(id));
  }

  /** Whether there is such a tenant. One that is not known is looked for: it may be new. Throws DatabaseAway. */
  has(tenant: number): boolean | Promise<boolean> {
    if (performance.now() - this.known.at < KNOWN_MS && this.known.ids.has(tenant)) return true;
    return this.all().then((all) => {
      this.known = { at: performance.now(), ids: new Set(all.map(({ id }) => id)) };
      return this.known.ids.has(tenant);
    });
  }

  all(): Promise<{ id: number; name: string }[]> {
    return asServer(() => this.database.statement(allTenants));
  }
}

const allTenants = (tx: Transaction) =>
  tx.rows<{ id: number; name: string }>('SELECT id, name FROM tenant ORDER BY id', [], 'access.tenants');
