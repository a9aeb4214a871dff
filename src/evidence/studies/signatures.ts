import { randomUUID } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Transaction } from '../../database/transaction.js';
import type { Accounts } from '../../issuer/accounts.js';
import type { Linker } from '../../ledger/linker.js';
import type { Signer } from '../../signing/signer.js';
import { addRows } from './add-rows.sql.js';
import { recordVersion } from '../regulatory/regulatory-records.sql.js';
import { NothingThere, SignatureNotProven, StudyRuleBroken } from './faults.js';
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

/** What of the regulatory file is signed. */
export interface RecordSignature extends Pick<SignatureAsked, 'recordSha256' | 'meaning' | 'password' | 'code' | 'version'> {
  readonly type: string;
  readonly id: string;
}

/** What a signature is of, and in which part. */
interface Signed {
  readonly study: string | null;
  readonly role: string;
  readonly meaning: Meaning;
  readonly entityType: string;
  readonly entityId: string;
  readonly version: number;
  readonly recordSha256: string;
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
      return this.add(tx, caller, proof, { study, role, meaning, entityType, entityId: study, version, recordSha256 });
    });
    await this.linker.link();
    return signature;
  }

  /**
   * Signs a version of a record of the regulatory file, by a role of the caller's account that keeps that file.
   * @param record  `TYPE/ID`
   * @throws as `sign`; NothingThere, StudyRuleBroken  it is not there, or has another content than was looked at
   */
  async signRecord(caller: Caller, record: RecordSignature): Promise<SignatureRow> {
    requireOperation(caller, 'evidence.regulate');
    const { type, id, version, recordSha256, meaning } = record;
    const deed = {
      study: randomUUID(),
      what: 'signature',
      action: 'evidence.signed',
      entityType: 'RegulatoryRecord',
      entityId: id,
      changes: { entityType: 'regulatory-record', type, version, recordSha256, meaning },
    } as const;
    await this.signer.prepare();
    const proof = await this.desk.guarded(caller, deed, () => this.proven(caller, record));
    const signature = await this.desk.write(caller, deed, async (tx) => {
      const found = await recordVersion(tx, type, id, version);
      if (found === undefined) throw new NothingThere('record');
      if (found.sha256 !== recordSha256)
        throw new StudyRuleBroken('digest-wrong', 'What was signed is not what there is: look at it again.');
      const role = caller.rights?.roles.find((one) => one === 'regulatory' || one === 'validation-lead') ?? 'regulatory';
      return this.add(tx, caller, proof, {
        study: null,
        role,
        meaning,
        entityType: 'regulatory-record',
        entityId: `${type}/${id}`,
        version,
        recordSha256,
      });
    });
    await this.linker.link();
    return signature;
  }

  /** Those on a version of a record; the look at the record is on record by itself. Throws OperationNotPermitted. */
  async onRecord(caller: Caller, type: string, id: string, version: number): Promise<SignatureRow[]> {
    requireOperation(caller, 'evidence.look');
    return this.desk.database.statement((tx) => signaturesOn(tx, 'regulatory-record', `${type}/${id}`, version));
  }

  /** The signature, bound to what it is of by the server's own (21 CFR 11.70). */
  private async add(tx: Transaction, caller: Caller, proof: Proof, { study, ...of }: Signed): Promise<SignatureRow> {
    const [{ now }] = await tx.rows<{ now: Date }>('SELECT now()');
    const said = {
      signer: { id: caller.id, printedName: proof.printedName },
      ...of,
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
    return (await signaturesOn(tx, of.entityType, of.entityId, of.version)).find((one) => one.signer === caller.id) as SignatureRow; // just added
  }

  private async proven(caller: Caller, asked: Pick<SignatureAsked, 'password' | 'code'>): Promise<Proof> {
    if (caller.kind !== 'person' || caller.rights === undefined) throw new SignatureNotProven('Only a person who has logged in signs.');
    return this.hasOwnIssuer ? this.provenHere(caller, asked) : provenElsewhere(caller, await this.desk.nameOf(caller.id));
  }

  private async provenHere(caller: Caller, { password, code }: Pick<SignatureAsked, 'password' | 'code'>): Promise<Proof> {
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
