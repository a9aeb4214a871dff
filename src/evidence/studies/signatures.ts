import { randomUUID } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Accounts } from '../../issuer/accounts.js';
import type { Linker } from '../../ledger/linker.js';
import type { Signer } from '../../signing/signer.js';
import { addRows } from './add-rows.sql.js';
import { SignatureNotProven } from './faults.js';
import { PARTS } from './parts.js';
import { needPart, type StudyDesk } from './study-desk.js';
import { signaturesOn, type SignatureRow } from './studies.sql.js';

/** What a signature says (21 CFR 11.50 (a)(3)). */
export const MEANINGS = ['authorship', 'review', 'approval', 'responsibility'] as const;
export type Meaning = (typeof MEANINGS)[number];

/** What of a study is signed, and by which number of it. */
export const SIGNED = ['protocol', 'freeze', 'analysis', 'package'] as const;

export interface SignatureAsked {
  readonly study: string;
  readonly entityType: (typeof SIGNED)[number];
  /** Version of a protocol, number of an analysis or a package; 1 of the freeze. */
  readonly version: number;
  /** The digest of what the signer looked at: another content is not signed. */
  readonly recordSha256: string;
  readonly meaning: Meaning;
  /** Of the built-in issuer's account; with an outside issuer the login must be fresh instead. */
  readonly password?: string;
  readonly code?: string;
}

/** How somebody was asked again who they are. */
interface Proof {
  readonly printedName: string;
  readonly methods: readonly string[];
  readonly at: Date;
}

/** How old a login at an outside issuer may be when something is signed. */
const FRESH_MS = 5 * 60_000;
const TIME_SOURCE = 'clock of the database server, UTC';

/** Electronic signatures: who, when, why, and of which content (21 CFR 11.50, 11.70, 11.100, 11.200). */
export class Signatures {
  constructor(
    private readonly desk: StudyDesk,
    private readonly accounts: Accounts,
    private readonly signer: Signer,
    private readonly linker: Linker,
    private readonly hasOwnIssuer: boolean,
  ) {}

  /**
   * Signs something of a study. The person is asked again who they are: by password and, where there is one, second factor, each time; at an
   * outside issuer by a login of the last five minutes. When it answers, the signature is linked into the ledger's chain.
   * @throws OperationNotPermitted, WrongCredentials, TooManyLogins, SignatureNotProven, NotYourPart, StudyRuleBroken
   */
  async sign(caller: Caller, asked: SignatureAsked): Promise<SignatureRow> {
    requireOperation(caller, 'evidence.take-part');
    const { study, entityType, version, recordSha256, meaning } = asked;
    const deed = { study, what: 'signature', action: 'evidence.signed', changes: { entityType, version, recordSha256, meaning } } as const;
    await this.signer.prepare();
    const proof = await this.desk.guarded(caller, deed, () => this.proven(caller, asked));
    const signature = await this.desk.write(caller, deed, async (tx) => {
      const { role } = await needPart(tx, study, caller, PARTS);
      const [{ now }] = await tx.rows<{ now: Date }>('SELECT now()');
      const said = {
        signer: { id: caller.id, printedName: proof.printedName },
        role,
        meaning,
        entityType,
        entityId: study,
        version,
        recordSha256,
        signedAt: now.toISOString(),
        timeSource: TIME_SOURCE,
        authentication: proof.methods,
        reauthenticatedAt: proof.at.toISOString(),
      };
      const jws = await this.signer.sign(said);
      const { signer, ...row } = said;
      await addRows(tx, 'validation_signature', [
        { id: randomUUID(), study, ...row, signer: signer.id, printedName: signer.printedName, jws, madeBy: caller.id },
      ]);
      return (await signaturesOn(tx, entityType, study, version)).find((one) => one.signer === caller.id) as SignatureRow; // just added
    });
    await this.linker.link();
    return signature;
  }

  private async proven(caller: Caller, asked: SignatureAsked): Promise<Proof> {
    if (caller.kind !== 'person' || caller.rights === undefined) throw new SignatureNotProven('Only a person who has logged in signs.');
    return this.hasOwnIssuer ? this.provenHere(caller, asked) : provenElsewhere(caller, await this.desk.nameOf(caller.id));
  }

  private async provenHere(caller: Caller, { password, code }: SignatureAsked): Promise<Proof> {
    if (password === undefined)
      throw new SignatureNotProven('Who signs gives the password, and the code of the second factor where there is one.');
    const account = await this.accounts.enabled(caller.id.replace(/^user:/, ''));
    if (account === undefined) throw new SignatureNotProven('Only a person with an account here signs.');
    const way = { asking: caller.asking, client: caller.client };
    const { name, hasSecondFactor } = await this.accounts.authenticate({ username: account.username, password, code, way });
    return { printedName: name, methods: hasSecondFactor ? ['pwd', 'otp'] : ['pwd'], at: new Date() };
  }
}

/** Methods are named as RFC 8176 names them. */
function provenElsewhere({ authenticatedAt }: Caller, printedName: string): Proof {
  if (authenticatedAt === undefined || Date.now() - authenticatedAt > FRESH_MS)
    throw new SignatureNotProven(
      'Who signs logs in again first (prompt=login): the token’s auth_time is older than five minutes, or is not there.',
    );
  return { printedName, methods: ['issuer'], at: new Date(authenticatedAt) };
}
