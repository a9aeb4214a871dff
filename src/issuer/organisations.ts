import type { Caller } from '../access/caller.js';
import { requireFirstTenant, requireOperation } from '../access/operations.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { isAdministered, type Account } from './accounts.sql.js';
import { createAccount, newAccount, type AccountForm } from './accounts.js';
import { OrganisationAbsent, OrganisationAdministered, OrganisationNameTaken, UnfitProperty } from './faults.js';
import { by } from '../ledger/ledger-event.js';
import { lookOnRecord, onRecord } from './on-record.js';

const LONGEST_NAME = 200;

/** Whose data a server keeps apart: a row of the table tenant. */
export interface Organisation {
  /** What a token's tenant claim says. */
  readonly id: number;
  readonly name: string;
  readonly madeAt: Date;
}

/** The organisations of a server, for who administers the first, which runs it. */
export class Organisations {
  constructor(private readonly database: Database) {}

  /** In the order in which they were made; on record. Throws OperationNotPermitted. */
  async list(caller: Caller): Promise<Organisation[]> {
    requireServer(caller);
    return this.database.transaction(async (tx) => {
      const found = await organisations(tx);
      await lookOnRecord(tx, caller, { type: 'Organisation', id: 'search' }, found.length);
      return found;
    });
  }

  /** Throws OperationNotPermitted, UnfitProperty, OrganisationNameTaken. */
  async create(caller: Caller, name: string): Promise<Organisation> {
    requireServer(caller);
    const written = name.trim();
    if (written === '' || written.length > LONGEST_NAME) throw new UnfitProperty('name', `has 1 to ${LONGEST_NAME} characters`);
    return this.database.transaction(async (tx) => {
      const made = await insertOrganisation(tx, written);
      if (made === undefined) throw new OrganisationNameTaken();
      const entity = { type: 'Organisation', id: String(made.id) };
      await onRecord(tx, { ...by(caller), tenant: caller.tenant, action: 'organisation.created', entity, changes: { name: written } });
      return made;
    });
  }

  /**
   * Makes an organisation's administrator, where it has none who could make the others: whoever runs the server may not come in otherwise.
   * Throws as Accounts.create does, OrganisationAbsent, OrganisationAdministered.
   */
  async createAccount(caller: Caller, organisation: number, form: AccountForm): Promise<Account> {
    requireServer(caller);
    if (form.roles.some((role) => role !== 'administrator')) throw new OrganisationAdministered();
    const account = await newAccount(form, organisation);
    return this.database.transaction(async (tx) => {
      const all = await organisations(tx);
      if (!all.some(({ id }) => id === organisation)) throw new OrganisationAbsent();
      if (await isAdministered(tx, organisation)) throw new OrganisationAdministered();
      return createAccount(tx, account, by(caller));
    });
  }
}

function requireServer(caller: Caller): void {
  requireOperation(caller, 'accounts.manage');
  requireFirstTenant(caller, 'accounts.manage');
}

const COLUMNS = `id, name, made_at AS "madeAt"`;

const organisations = (tx: Transaction) =>
  tx.rows<Organisation & Record<string, unknown>>(`SELECT ${COLUMNS} FROM tenant ORDER BY id`, [], 'issuer.organisations');

/** Undefined where the name is taken. */
const insertOrganisation = async (tx: Transaction, name: string): Promise<Organisation | undefined> =>
  (
    await tx.rows<Organisation & Record<string, unknown>>(
      `INSERT INTO tenant (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING ${COLUMNS}`,
      [name],
      'issuer.make-organisation',
    )
  )[0];
