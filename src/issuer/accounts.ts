import { randomUUID } from 'node:crypto';
import { isRole, type Role } from '../access/roles.js';
import { FIRST_TENANT, type Caller } from '../access/caller.js';
import { requireOperation } from '../access/operations.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import {
  accountOf,
  accountToLogIn,
  allAccounts,
  deleteAccount,
  insertAccount,
  isPasswordStill,
  otherAdministrators,
  updateAccount,
  useTotpStep,
  type Account,
  type AccountChange,
  type NewAccount,
} from './accounts.sql.js';
import { AccountAbsent, LastAdministrator, TooManyLogins, UnfitProperty, UsernameTaken, WrongCredentials } from './faults.js';
import { inOrganisation } from './in-organisation.js';
import { countAttempt, forgetAttempts, forgetAttemptsFrom } from './logins.sql.js';
import { dropStateOfAccount } from './oidc-state.sql.js';
import { by, type LedgerEvent } from '../ledger/ledger-event.js';
import { byPerson, bySomebody, lookOnRecord, onRecord, type Doer, type Way } from './on-record.js';
import { checkPassword, hashPassword, isPassword } from './password.js';
import type { RevokedTokens } from './revoked-tokens.js';
import { totpStepOf } from './totp.js';

const USERNAME = /^[a-z0-9][a-z0-9._@-]{1,63}$/;
const FHIR_USER = /^(Practitioner|PractitionerRole|Patient|RelatedPerson|Person)\/[A-Za-z0-9.-]{1,64}$/;
/** Whether a text refers to a person of this server. */
export const isFhirUser = (text: string): boolean => FHIR_USER.test(text);
const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/;

/** What somebody types at the login. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Of the second factor, where the account has one. */
  readonly code?: string;
  /** How it came here, for the record. */
  readonly way?: Way;
}

/** What an account is asked to be. */
export interface AccountForm {
  readonly username: string;
  readonly name: string;
  readonly password: string;
  readonly roles: readonly string[];
  readonly fhirUser?: string | null;
  readonly patient?: string | null;
}

/** What of an account is asked to be otherwise. */
export interface AccountChangeForm extends Partial<Omit<AccountForm, 'username'>> {
  readonly disabled?: boolean;
  /** Only null: who lost the second factor logs in without it. */
  readonly totp?: null;
}

/** Who can log in here, and the login. */
export class Accounts {
  /** Until when names are locked, by where from, of which a refused login is on record; in milliseconds since 1970. */
  private readonly locked = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly revoked: RevokedTokens,
  ) {}

  /**
   * Who this is. Takes as long, and says the same, whether there is such an account or not, and whichever of what was typed is wrong
   * or missing: each is a failure. Throws WrongCredentials, TooManyLogins.
   */
  async authenticate(credentials: Credentials): Promise<Account> {
    return (await this.authenticated(credentials)).account;
  }

  /** The same, with the hash of the password that was right. */
  private async authenticated({ username, password, code, way }: Credentials): Promise<{ account: Account; passwordHash: string }> {
    const name = username.trim().toLowerCase().slice(0, 256);
    // PostgreSQL holds no NUL, and no user name either.
    if (name.includes('\0')) throw new WrongCredentials();
    const network = way?.asking?.network;
    const wait = await this.database.statement((tx) => countAttempt(tx, name, network));
    if (wait > 0) {
      const fault = new TooManyLogins(wait);
      await this.lockedOut(name, fault, way);
      throw fault;
    }
    const account = await this.database.statement((tx) => accountToLogIn(tx, name));
    const isRight = await isPassword(password, account?.passwordHash);
    if (account === undefined || !isRight || account.disabled) return this.failed(account, 'credentials', way);
    const { passwordHash, totpSecret, totpStep, ...known } = account;
    if (totpSecret !== null) {
      const step = totpStepOf(totpSecret, (code ?? '').replaceAll(' ', ''), totpStep, Date.now());
      const isUnused = step !== undefined && (await this.database.statement((tx) => useTotpStep(tx, account.id, step)));
      if (!isUnused) return this.failed(account, 'second factor', way);
    }
    const isStill = await this.database.transaction(async (tx) => {
      if (!(await isPasswordStill(tx, known.id, passwordHash))) return false; // it was changed while this one was looked at
      await forgetAttemptsFrom(tx, name, network);
      await onRecord(tx, { ...byPerson(known, way), tenant: known.tenant, action: 'login.succeeded', entity: entityOf(known.id) });
      return true;
    });
    return isStill ? { account: known, passwordHash } : this.failed(account, 'credentials', way);
  }

  /** Puts it on record, and says what it says to everybody; what was typed as the name may be a password, and is not kept. */
  private async failed(account: Account | undefined, at: 'credentials' | 'second factor', way: Way | undefined): Promise<never> {
    const fault = new WrongCredentials();
    await this.failedLogin(account, { at, code: fault.code }, way);
    throw fault;
  }

  /** Of the logins that a lock refuses the first is on record: as many as like may come while it lasts. */
  private async lockedOut(name: string, { code, retryAfterSeconds }: TooManyLogins, way: Way | undefined): Promise<void> {
    const [now, lock] = [Date.now(), `${name} ${way?.asking?.network}`];
    if ((this.locked.get(lock) ?? 0) > now) return;
    for (const [other, until] of this.locked) if (until <= now) this.locked.delete(other);
    this.locked.set(lock, now + retryAfterSeconds * 1_000);
    const account = await this.database.statement((tx) => accountToLogIn(tx, name));
    await this.failedLogin(account, { at: 'lock', code }, way);
  }

  private async failedLogin(account: Account | undefined, changes: LedgerEvent['changes'], way: Way | undefined): Promise<void> {
    // Of no account it is of no organisation: it stands with those of who runs the server.
    const tenant = account?.tenant ?? FIRST_TENANT;
    const deed = { action: 'login.failed', entity: entityOf(account?.id ?? 'unknown'), changes } as const;
    await this.database.transaction((tx) => onRecord(tx, { ...bySomebody('anonymous', { ...way, tenant }), tenant, ...deed }));
  }

  /** By its id, for tokens and sessions: undefined where it is gone or disabled. */
  async enabled(id: string): Promise<Account | undefined> {
    const account = await this.database.statement((tx) => accountOf(tx, id));
    return account === undefined || account.disabled ? undefined : account;
  }

  /** The password is changed by who knows it; sessions and tokens that others may have got by it end. */
  async changePassword(credentials: Credentials, password: string): Promise<void> {
    const { account, passwordHash: before } = await this.authenticated(credentials);
    checkPassword(password, account.username);
    const passwordHash = await hashPassword(password);
    await this.database.transaction(async (tx) => {
      if (!(await isPasswordStill(tx, account.id, before))) throw new WrongCredentials(); // another was quicker
      await updateAccount(tx, account.id, { passwordHash });
      const { id, tenant } = account;
      const changes = { changed: ['password'] };
      await onRecord(tx, { ...byPerson(account, credentials.way), tenant, action: 'account.changed', entity: entityOf(id), changes });
      await dropStateOfAccount(tx, account.id);
    });
    this.revoked.readAgain();
  }

  /** All of the caller's organisation; on record. Throws OperationNotPermitted. */
  async list(caller: Caller): Promise<Account[]> {
    requireOperation(caller, 'accounts.manage');
    return inOrganisation(this.database, caller.tenant, async (tx) => {
      const found = await allAccounts(tx);
      await lookOnRecord(tx, caller, entityOf('search'), found.length);
      return found;
    });
  }

  /** On record. Throws OperationNotPermitted, AccountAbsent. */
  async one(caller: Caller, id: string): Promise<Account> {
    requireOperation(caller, 'accounts.manage');
    return inOrganisation(this.database, caller.tenant, async (tx) => {
      const found = await accountHere(tx, id);
      await lookOnRecord(tx, caller, entityOf(id), 1);
      return found;
    });
  }

  async create(caller: Caller, form: AccountForm): Promise<Account> {
    requireOperation(caller, 'accounts.manage');
    const account = await newAccount(form, caller.tenant);
    return inOrganisation(this.database, caller.tenant, (tx) => createAccount(tx, account, by(caller)));
  }

  /** An account that is disabled, or whose rights, person or password change, loses its sessions and tokens: here when this answers. */
  async change(caller: Caller, id: string, form: AccountChangeForm): Promise<Account> {
    requireOperation(caller, 'accounts.manage');
    const { password, totp, roles, name, fhirUser, patient, disabled } = form;
    const given = { ...(roles && { roles: checkedRoles(roles) }), name, fhirUser, patient, disabled };
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    const changed = await inOrganisation(this.database, caller.tenant, async (tx) => {
      const before = await accountHere(tx, id);
      const after = { ...before, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) } as Account;
      checkAccount(after);
      if (password !== undefined) checkPassword(password, before.username);
      if (isAdministrator(before) && !isAdministrator(after)) await leaveOne(tx, id);
      const change: AccountChange = { ...given, passwordHash, ...(totp === null && { totpSecret: null, totpStep: null }) };
      await updateAccount(tx, id, change);
      if (password !== undefined || totp === null) await forgetAttempts(tx, before.username);
      const names = Object.keys(form).filter((key) => form[key as keyof AccountChangeForm] !== undefined);
      const changes = { changed: names, ...(roles && { roles }) };
      await onRecord(tx, { ...by(caller), tenant: caller.tenant, action: 'account.changed', entity: entityOf(id), changes });
      const isOther = after.fhirUser !== before.fhirUser || patient !== undefined;
      if (password !== undefined || roles !== undefined || isOther || disabled === true) await dropStateOfAccount(tx, id);
      return accountHere(tx, id);
    });
    this.revoked.readAgain();
    return changed;
  }

  async remove(caller: Caller, id: string): Promise<void> {
    requireOperation(caller, 'accounts.manage');
    await inOrganisation(this.database, caller.tenant, async (tx) => {
      if (isAdministrator(await accountHere(tx, id))) await leaveOne(tx, id);
      await dropStateOfAccount(tx, id);
      await deleteAccount(tx, id);
      await onRecord(tx, { ...by(caller), tenant: caller.tenant, action: 'account.deleted', entity: entityOf(id) });
    });
    this.revoked.readAgain();
  }
}

const entityOf = (id: string) => ({ type: 'Account', id });

const isAdministrator = ({ roles, disabled }: Account): boolean => !disabled && roles.includes('administrator');

async function leaveOne(tx: Transaction, id: string): Promise<void> {
  if ((await otherAdministrators(tx, id)) === 0) throw new LastAdministrator();
}

async function accountHere(tx: Transaction, id: string): Promise<Account> {
  const account = await accountOf(tx, id);
  if (account === undefined) throw new AccountAbsent();
  return account;
}

/** A form's account, checked, with its password hashed. Throws UnfitProperty, UnfitPassword. */
export async function newAccount(form: AccountForm, tenant: number): Promise<NewAccount> {
  const username = form.username.trim().toLowerCase();
  if (!USERNAME.test(username)) throw new UnfitProperty('username', 'has 2 to 64 letters, digits, dots, hyphens, underscores and @');
  const roles = checkedRoles(form.roles);
  const { name, fhirUser = null, patient = null } = form;
  checkAccount({ name, roles, fhirUser, patient });
  checkPassword(form.password, username);
  return { id: randomUUID(), tenant, username, name, passwordHash: await hashPassword(form.password), roles, fhirUser, patient };
}

/** Puts a checked account in its place. Throws UsernameTaken. @param doer  who makes it, for the record */
export async function createAccount(tx: Transaction, account: NewAccount, doer: Doer): Promise<Account> {
  if (!(await insertAccount(tx, account))) throw new UsernameTaken();
  const { id, tenant, roles } = account;
  await onRecord(tx, { ...doer, tenant, action: 'account.created', entity: entityOf(id), changes: { roles } });
  return accountHere(tx, id);
}

function checkedRoles(roles: readonly string[]): Role[] {
  if (roles.length === 0 || !roles.every(isRole) || roles.includes('system'))
    throw new UnfitProperty('roles', 'must name one or more roles of persons');
  return [...new Set(roles)];
}

function checkAccount({ name, roles, fhirUser, patient }: Pick<Account, 'name' | 'roles' | 'fhirUser' | 'patient'>): void {
  if (name.trim() === '' || name.length > 200 || name.includes('\0')) throw new UnfitProperty('name', 'has 1 to 200 characters');
  if (fhirUser !== null && !isFhirUser(fhirUser))
    throw new UnfitProperty('fhirUser', 'refers to a Practitioner, PractitionerRole, Patient, RelatedPerson or Person of this server');
  if (patient !== null && !FHIR_ID.test(patient)) throw new UnfitProperty('patient', 'is the id of a Patient');
  if (roles.includes('patient') && patient === null) throw new UnfitProperty('patient', 'must be there for an account of role patient');
  if (roles.includes('patient') && roles.length > 1) throw new UnfitProperty('roles', 'of a patient are no others');
}
