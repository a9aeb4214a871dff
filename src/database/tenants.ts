import type { Database } from './database.js';
import { asServer, inTenant } from './scope.js';
import type { Transaction } from './transaction.js';

/** The organisations whose data this server keeps. */
export class Tenants {
  constructor(private readonly database: Database) {}

  /** Does something in each tenant's scope, one after the other. */
  async each(work: (tenant: number) => Promise<void>): Promise<void> {
    for (const { id } of await this.all()) await inTenant(id, () => work(id));
  }

  all(): Promise<{ id: number; name: string }[]> {
    return asServer(() => this.database.statement(allTenants));
  }
}

const allTenants = (tx: Transaction) =>
  tx.rows<{ id: number; name: string }>('SELECT id, name FROM tenant ORDER BY id', [], 'access.tenants');
