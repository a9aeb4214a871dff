import type { Caller } from '../../access/caller.js';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { Fault } from '../../faults.js';
import type { Accounts } from '../../issuer/accounts.js';
import { appendRecords } from '../../ledger/append-records.sql.js';
import { by, type LedgerAction } from '../../ledger/ledger-event.js';
import { onRecord } from '../../ledger/told-faults.js';
import { requireBlinded } from './blinded.js';
import { addPerson, isOpenStudy, partOf } from './studies.sql.js';
import type { Part } from './parts.js';
import { NotYourPart, StudyAbsent, StudyRuleBroken } from './faults.js';

/** What is done in a study, for its record. */
export interface StudyDeed {
  /** Its id; of what is made, the id that it gets. */
  readonly study: string;
  /** `protocol`, `reading`, … */
  readonly what: string;
  readonly action?: LedgerAction;
  /** What the ledger calls it where it is no study: its type, and its id. */
  readonly entityType?: string;
  readonly entityId?: string;
  /** What there is to say of it beside: no PHI, and nothing that would unblind. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Where everything that is done in studies passes: each deed is on record in its own transaction, or did not happen; each that a rule
 * refuses is on record as refused (evidence.md 2.4). What a person is called when they do it is kept with it.
 */
export class StudyDesk {
  constructor(
    readonly database: Database,
    private readonly accounts: Accounts,
  ) {}

  /**
   * Does something in one transaction, with its record.
   * @throws StudyRuleBroken  what the database's rules refuse; what `work` throws
   */
  async write<T>(caller: Caller, deed: StudyDeed, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const name = await this.nameOf(caller.id);
    return this.guarded(caller, deed, () =>
      this.database.transaction(async (tx) => {
        await addPerson(tx, caller.id, name);
        const result = await work(tx);
        await appendRecords(tx, [recordOf(caller, deed)]);
        return result;
      }),
    );
  }

  /** Looks at something that a rule may refuse to tell: then that is on record. */
  look<T>(caller: Caller, deed: StudyDeed, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.guarded(caller, deed, () =>
      this.database.transaction(async (tx) => {
        const result = await work(tx);
        await appendRecords(tx, [{ ...recordOf(caller, deed), action: deed.action ?? 'data.fetched', outcome: 'success' }]);
        return result;
      }),
    );
  }

  /**
   * Reads what somebody brings, once it is known that they may bring it: whoever has no part makes nobody read a large table.
   * @throws NotYourPart, NotBlinded, StudyAbsent; what `read` throws
   */
  brought<T>(caller: Caller, deed: StudyDeed, parts: readonly Part[], read: () => T): Promise<T> {
    return this.guarded(caller, deed, async () => {
      await this.database.statement((tx) => needPart(tx, deed.study, caller, parts));
      return read();
    });
  }

  /** Does what may be refused: then that is on record. Throws StudyAbsent where the study's id is none, StudyRuleBroken, what `work` throws. */
  async guarded<T>(caller: Caller, deed: StudyDeed, work: () => Promise<T>): Promise<T> {
    if (!UUID.test(deed.study)) throw new StudyAbsent();
    try {
      return await work();
    } catch (error) {
      const fault = ruleFaultOf(error);
      if (fault instanceof Fault && fault.status < 500) await this.refused(caller, deed, fault);
      throw fault;
    }
  }

  /** What a person, or a system, is called now. */
  async nameOf(id: string): Promise<string> {
    const [kind, account] = id.split(/:(.*)/s);
    return kind === 'user' ? ((await this.accounts.enabled(account))?.name ?? id) : id;
  }

  private async refused(caller: Caller, deed: StudyDeed, fault: Fault): Promise<void> {
    const record = recordOf(caller, { ...deed, action: 'evidence.refused' });
    const changes = { ...record.changes, code: fault.code, status: fault.status };
    await this.database.transaction((tx) => appendRecords(tx, [{ ...record, changes, outcome: 'refused' }]));
    onRecord(fault);
  }
}

const recordOf = (
  caller: Caller,
  { study, what, action = 'evidence.recorded', entityType = 'ValidationStudy', entityId = study, changes }: StudyDeed,
) => ({
  ...by(caller),
  action,
  entity: { type: entityType, id: entityId },
  changes: { what, ...changes },
  reason: '',
});

/** They only sign, and look at what is signed. */
const SIGNING_ALONE: ReadonlySet<Part> = new Set(['regulatory', 'quality']);

/** Parts that a caller must have one of; they are blinded while the study is not open. Throws NotBlinded. @throws NotYourPart  @returns the caller's row among the members */
export async function needPart(
  tx: Transaction,
  study: string,
  caller: Caller,
  parts: readonly Part[],
): Promise<{ key: string; role: Part }> {
  const part = await partOf(tx, study, caller.id);
  if (part === undefined || !parts.includes(part.role)) throw new NotYourPart(parts);
  // Who holds truth, reads, plans analyses or unblinds must have no other way to the model's answers while they must not be known.
  if (!SIGNING_ALONE.has(part.role) && !(await isOpenStudy(tx, study))) requireBlinded(caller);
  return part;
}

/** Unique keys decide who was first: what each says where it is taken. */
const TAKEN: Readonly<Record<string, readonly [code: string, words: string]>> = {
  validation_member_once: ['one-part', 'This person has a part in the study: nobody has two.'],
  validation_member_key: ['key-taken', 'Another member has this key.'],
  validation_signature_once: ['signed-already', 'This person has signed it.'],
  validation_reading_key: ['read-already', 'The case is read: a reading stands.'],
  validation_run_once: ['run-there', 'The study has its run.'],
  validation_reference_key: ['reference-frozen', 'The reference standard is frozen.'],
  validation_freeze_key: ['study-frozen', 'The study is frozen.'],
  validation_case_once: ['case-twice', 'An instance is in the dataset twice.'],
  validation_variable_key: ['variable-there', 'This is known of the case: it stands.'],
};

/** What the database says of a rule, as a fault; anything else as it is. */
function ruleFaultOf(error: unknown): unknown {
  const { code, message, detail, constraint } = error as { code?: string; message?: string; detail?: string; constraint?: string };
  if (code === 'WR409') return new StudyRuleBroken(message ?? 'rule', detail ?? '');
  if (code !== '23505' || constraint?.startsWith('validation_') !== true) return error;
  return new StudyRuleBroken(...(TAKEN[constraint] ?? (['there-already', 'It is there already.'] as const)));
}
