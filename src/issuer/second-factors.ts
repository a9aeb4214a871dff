import { randomBytes } from 'node:crypto';
import type { Database } from '../database/database.js';
import type { Accounts, Credentials } from './accounts.js';
import { factorOf, replaceFactor } from './accounts.sql.js';
import { EnrolmentAbsent, WrongCredentials } from './faults.js';
import { dropStateOfModel, findState, putNewState } from './oidc-state.sql.js';
import { secretHash } from './token-marks.js';
import { bySomebody, onRecord, personId, type Way } from './on-record.js';
import { newTotpSecret, totpStepOf, totpUri } from './totp.js';

const ENROLMENT_SECONDS = 600;
const ENROLMENT = 'TotpEnrolment';
const NAME = 'wetread';

/** A second factor that is being set up: nothing of the account has changed. */
export interface Enrolment {
  /** Of this setting up, to confirm it by. */
  readonly handle: string;
  /** To be typed where nothing can be scanned. */
  readonly secret: string;
  readonly uri: string;
}

/** What is kept of it until it is confirmed. */
interface Begun {
  readonly accountId: string;
  readonly tenant: number;
  readonly username: string;
  readonly secret: string;
  /** The digest of the second factor that there was, null where there was none. */
  readonly before: string | null;
}

/** One-time codes of an authenticator app (RFC 6238) as the second factor of an account. */
export class SecondFactors {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
  ) {}

  /** Throws what Accounts.authenticate throws. */
  async begin(credentials: Credentials): Promise<Enrolment> {
    // Before the login: whoever sets a second factor up meanwhile does so without this one.
    const before = await this.database.statement((tx) => factorOf(tx, credentials.username.trim().toLowerCase()));
    const { id, tenant, username } = await this.accounts.authenticate(credentials);
    const [handle, secret] = [randomBytes(32).toString('base64url'), newTotpSecret()];
    const payload = { accountId: id, tenant, username, secret, before };
    await this.database.statement((tx) =>
      putNewState(tx, { model: ENROLMENT, id: secretHash(handle), payload, lastsSeconds: ENROLMENT_SECONDS }),
    );
    return { handle, secret, uri: totpUri(secret, username, NAME) };
  }

  /** The same again, for who typed a wrong code. Throws EnrolmentAbsent. */
  async begun(handle: string): Promise<Enrolment & Begun> {
    const row = await this.database.statement((tx) => findState(tx, ENROLMENT, secretHash(handle)));
    if (row === undefined) throw new EnrolmentAbsent();
    const begun = row.payload as unknown as Begun; // as `begin` kept it
    return { ...begun, handle, uri: totpUri(begun.secret, begun.username, NAME) };
  }

  /**
   * The app shows the right code: from now on the account needs one. Only where the account has the second factor still that it had, or
   * had none, when this was begun; others that were begun are over. Throws EnrolmentAbsent, WrongCredentials.
   */
  async confirm(handle: string, code: string, way: Way = {}): Promise<void> {
    const { accountId, tenant, secret, before } = await this.begun(handle);
    const step = totpStepOf(secret, code.replaceAll(' ', ''), null, Date.now());
    if (step === undefined) throw new WrongCredentials();
    await this.database.transaction(async (tx) => {
      if (!(await replaceFactor(tx, accountId, before, { secret, step }))) throw new EnrolmentAbsent();
      await dropStateOfModel(tx, ENROLMENT, accountId);
      const deed = { action: 'account.changed', changes: { changed: ['totp'] } } as const;
      await onRecord(tx, {
        ...bySomebody(personId(accountId), { ...way, tenant }),
        tenant,
        entity: { type: 'Account', id: accountId },
        ...deed,
      });
    });
  }
}
