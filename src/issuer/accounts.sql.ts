import { FIRST_TENANT } from '../access/caller.js';
import type { Transaction } from '../database/transaction.js';
import type { Role } from '../access/roles.js';

/** An account as others may see it, and as the login needs it. */
export interface Account {
  readonly id: string;
  readonly tenant: number;
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly fhirUser: string | null;
  readonly patient: string | null;
  readonly hasSecondFactor: boolean;
  readonly disabled: boolean;
  readonly since: Date;
}

export interface AccountSecrets {
  readonly passwordHash: string;
  readonly totpSecret: string | null;
  readonly totpStep: number | null;
}

type Row<T> = T & Record<string, unknown>;

const COLUMNS =
  'id, tenant, username, name, roles, fhir_user AS "fhirUser", patient, totp_secret IS NOT NULL AS "hasSecondFactor", disabled, since';
const SECRETS = 'password_hash AS "passwordHash", totp_secret AS "totpSecret", totp_step AS "totpStep"';

export const accountToLogIn = async (tx: Transaction, username: string): Promise<(Account & AccountSecrets) | undefined> =>
  (await tx.rows<Row<Account & AccountSecrets>>(`SELECT ${COLUMNS}, ${SECRETS} FROM account WHERE username = $1`, [username]))[0];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Of all that are seen: of every tenant's to the issuer, which a token or a session names one of. */
export async function accountOf(tx: Transaction, id: string): Promise<Account | undefined> {
  if (!UUID.test(id)) return undefined;
  return (await tx.rows<Row<Account>>(`SELECT ${COLUMNS} FROM account WHERE id = $1`, [id], 'issuer.account'))[0];
}

export const allAccounts = (tx: Transaction): Promise<Account[]> =>
  tx.rows<Row<Account>>(`SELECT ${COLUMNS} FROM account ORDER BY username`);

/** Whether the organisation that runs the server has one: what others have administers nothing here. */
export const isAnyAccount = async (tx: Transaction): Promise<boolean> =>
  (await tx.rows<{ any: boolean }>(`SELECT EXISTS (SELECT FROM account WHERE tenant = ${FIRST_TENANT}) AS any`))[0].any;

export interface NewAccount {
  readonly id: string;
  readonly tenant: number;
  readonly username: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly roles: readonly Role[];
  readonly fhirUser: string | null;
  readonly patient: string | null;
}

/** False where the user name is taken. */
export const insertAccount = async (tx: Transaction, account: NewAccount): Promise<boolean> => {
  const { id, tenant, username, name, passwordHash, roles, fhirUser, patient } = account;
  return (
    (await tx.run(
      `INSERT INTO account (id, tenant, username, name, password_hash, roles, fhir_user, patient, since)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now()) ON CONFLICT (username) DO NOTHING`,
      [id, tenant, username, name, passwordHash, roles, fhirUser, patient],
    )) === 1
  );
};

/** What of an account may change; what is undefined stays. */
export interface AccountChange {
  readonly name?: string;
  readonly roles?: readonly Role[];
  readonly fhirUser?: string | null;
  readonly patient?: string | null;
  readonly disabled?: boolean;
  readonly passwordHash?: string;
  /** Null turns the second factor off. */
  readonly totpSecret?: string | null;
  readonly totpStep?: number | null;
}

const CHANGEABLE: Readonly<Record<keyof AccountChange, string>> = {
  name: 'name',
  roles: 'roles',
  fhirUser: 'fhir_user',
  patient: 'patient',
  disabled: 'disabled',
  passwordHash: 'password_hash',
  totpSecret: 'totp_secret',
  totpStep: 'totp_step',
};

export async function updateAccount(tx: Transaction, id: string, change: AccountChange): Promise<void> {
  const given = (Object.keys(CHANGEABLE) as (keyof AccountChange)[]).filter((key) => change[key] !== undefined);
  if (given.length === 0) return;
  const sets = given.map((key, place) => `${CHANGEABLE[key]} = $${place + 2}`).join(', ');
  await tx.run(`UPDATE account SET ${sets} WHERE id = $1`, [id, ...given.map((key) => change[key])]);
}

/** Whether an enabled account still has the password of this hash: it has it until this transaction ends. */
export const isPasswordStill = async (tx: Transaction, id: string, passwordHash: string): Promise<boolean> =>
  (await tx.rows('SELECT FROM account WHERE id = $1 AND password_hash = $2 AND NOT disabled FOR UPDATE', [id, passwordHash])).length === 1;

/** Uses up a code: false where it or a later one was used meanwhile. */
export const useTotpStep = async (tx: Transaction, id: string, step: number): Promise<boolean> =>
  (await tx.run('UPDATE account SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2)', [id, step])) === 1;

const FACTOR = `encode(sha256(convert_to(totp_secret, 'UTF8')), 'hex')`;

/** The digest of the second factor of who has this user name; null where there is none, or nobody. */
export const factorOf = async (tx: Transaction, username: string): Promise<string | null> =>
  username.includes('\0')
    ? null
    : ((await tx.rows<{ factor: string | null }>(`SELECT ${FACTOR} AS factor FROM account WHERE username = $1`, [username]))[0]?.factor ??
      null);

/** Sets a second factor up: false where the account has another than when it was looked at, by its digest. Of two at once one is first. */
export const replaceFactor = async (
  tx: Transaction,
  id: string,
  before: string | null,
  { secret, step }: { readonly secret: string; readonly step: number },
): Promise<boolean> =>
  (await tx.run(`UPDATE account SET totp_secret = $3, totp_step = $4 WHERE id = $1 AND ${FACTOR} IS NOT DISTINCT FROM $2`, [
    id,
    before,
    secret,
    step,
  ])) === 1;

export const deleteAccount = (tx: Transaction, id: string): Promise<number> => tx.run('DELETE FROM account WHERE id = $1', [id]);

/** Holds other changes of who administers off until this transaction ends. */
const ADMINISTRATORS_LOCK = 7_337_122;

/** Whether an organisation has an enabled administrator. */
export async function isAdministered(tx: Transaction, tenant: number): Promise<boolean> {
  await tx.run('SELECT pg_advisory_xact_lock($1)', [ADMINISTRATORS_LOCK]);
  const [{ any }] = await tx.rows<{ any: boolean }>(
    `SELECT EXISTS (SELECT FROM account WHERE tenant = $1 AND NOT disabled AND 'administrator' = ANY (roles)) AS any`,
    [tenant],
  );
  return any;
}

/** Enabled administrators other than this account. */
export async function otherAdministrators(tx: Transaction, id: string): Promise<number> {
  await tx.run('SELECT pg_advisory_xact_lock($1)', [ADMINISTRATORS_LOCK]);
  const [{ count }] = await tx.rows<{ count: number }>(
    `SELECT count(*)::int AS count FROM account WHERE id <> $1 AND NOT disabled AND 'administrator' = ANY (roles)`,
    [id],
  );
  return count;
}
