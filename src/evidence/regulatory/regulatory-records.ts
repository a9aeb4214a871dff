import { randomUUID } from 'node:crypto';
import type { Caller } from '../../access/caller.js';
import { requireOperation } from '../../access/operations.js';
import type { Database } from '../../database/database.js';
import type { Slice } from '../../database/slice.js';
import type { Transaction } from '../../database/transaction.js';
import type { Models } from '../../inference/models.js';
import { JsonPlace } from '../../json-place.js';
import type { AccessLog } from '../../ledger/access-log.js';
import { appendRecords } from '../../ledger/append-records.sql.js';
import { by } from '../../ledger/ledger-event.js';
import { canonicalSha256, canonicalText } from '../../signing/canonical.js';
import { classify, type Classification } from '../classification/classify.js';
import type { RecordReference } from '../studies/protocol.js';
import { RecordMovedOn, ReferenceUnmet, RegulatoryRecordAbsent, RegulatoryRecordExists, UnfitContent, UnfitRecord } from './faults.js';
import { RECORD_ID } from './record-reference.js';
import type { MadeContent, Referred } from './record-type.js';
import { recordTypeOf, type RecordTypeName } from './record-types.js';
import {
  insertVersion,
  newestPage,
  recordOfHash,
  recordsAt,
  recordVersion,
  type NewVersion,
  type StoredRecord,
} from './regulatory-records.sql.js';
import { objectOf, words, type Shape } from './shape.js';
import { DEVICE_FACTS } from './types/device-facts.js';

/** What is sent to be written. */
interface Sent {
  readonly id?: string;
  readonly reason?: string;
  readonly content: unknown;
}

const reason = words(2_000);
const content: Shape<unknown> = { schema: {}, read: (place) => place.whatever() };
const id: Shape<string> = {
  schema: { type: 'string', pattern: RECORD_ID.source },
  read: (place) => place.text(RECORD_ID, 'lower-case letters, digits, dots and hyphens, 64 at most'),
};
/** Of a first version. */
export const NEW_RECORD: Shape<Sent> = objectOf<Sent>({ id, reason, content }, ['id', 'reason']);
/** Of a next one: why there is one is asked for. */
export const NEXT_VERSION: Shape<Omit<Sent, 'id'>> = objectOf<Omit<Sent, 'id'>>({ reason, content });

/** The regulatory file: records in versions, each checked as its type asks, none ever changed, each on the ledger as it is written. */
export class RegulatoryRecords {
  constructor(
    private readonly database: Database,
    private readonly models: Models,
    private readonly accessLog: AccessLog,
  ) {}

  /**
   * Writes the first version of a record.
   * @throws OperationNotPermitted, UnfitRecord, UnfitContent, RegulatoryRecordExists, and what the type refuses by
   */
  async add(caller: Caller, type: RecordTypeName, sent: unknown): Promise<StoredRecord> {
    requireOperation(caller, 'evidence.regulate');
    const asked = NEW_RECORD.read(placeOf(sent));
    const made = await this.made(type, asked.content);
    return this.database.transaction(async (tx) => {
      const version = { id: asked.id ?? randomUUID(), version: 1, reason: asked.reason ?? '' };
      const written = await write(tx, caller, made, { type, ...version });
      if (written === undefined) throw new RegulatoryRecordExists();
      return written;
    });
  }

  /**
   * Writes the next version of a record.
   * @param isSeen  whether whoever writes has seen this version, the newest
   * @throws OperationNotPermitted, UnfitRecord, UnfitContent, RegulatoryRecordAbsent, RecordMovedOn, and what the type refuses by
   */
  async addVersion(
    caller: Caller,
    type: RecordTypeName,
    recordId: string,
    sent: unknown,
    isSeen: (newest: StoredRecord) => boolean,
  ): Promise<StoredRecord> {
    requireOperation(caller, 'evidence.regulate');
    const newest = await this.database.statement((tx) => recordVersion(tx, type, recordId));
    if (newest === undefined) throw new RegulatoryRecordAbsent();
    if (!isSeen(newest)) throw new RecordMovedOn();
    const asked = NEXT_VERSION.read(placeOf(sent));
    const made = await this.made(type, asked.content);
    return this.database.transaction(async (tx) => {
      const written = await write(tx, caller, made, { type, id: recordId, version: newest.version + 1, reason: asked.reason ?? '' });
      if (written === undefined) throw new RecordMovedOn(); // somebody was faster: the key has said so
      return written;
    });
  }

  /** @param version  the newest where undefined. @throws OperationNotPermitted, RegulatoryRecordAbsent */
  async read(caller: Caller, type: RecordTypeName, recordId: string, version?: number): Promise<StoredRecord> {
    requireOperation(caller, 'evidence.look');
    const found = await this.database.statement((tx) => recordVersion(tx, type, recordId, version));
    if (found === undefined) throw new RegulatoryRecordAbsent();
    return found;
  }

  /** Puts on record that somebody looks at a record; before it is given. */
  async looked(caller: Caller, { type, id: of, version }: StoredRecord): Promise<void> {
    await this.accessLog.record({ caller, entity: { type: ENTITY, id: of, version }, what: 'resource', details: { type } });
  }

  /** The newest versions of a type's records, by their ids; on record. @throws OperationNotPermitted */
  async page(caller: Caller, type: RecordTypeName, slice: Slice<string>): Promise<StoredRecord[]> {
    requireOperation(caller, 'evidence.look');
    const rows = await this.database.statement((tx) => newestPage(tx, type, slice));
    const details = { type, matches: rows.length };
    await this.accessLog.record({ caller, entity: { type: ENTITY, id: 'search' }, what: 'resource', details });
    return rows;
  }

  /** What the rules suggest of facts; nothing is kept. @throws OperationNotPermitted, UnfitContent */
  classify(caller: Caller, facts: unknown): Classification {
    requireOperation(caller, 'evidence.look');
    return classify(DEVICE_FACTS.read(contentPlace(facts)));
  }

  /** Those of the references that are met: by a version with that very content. The caller's right is for who asks to check. */
  recordsByReference(tx: Transaction, references: readonly RecordReference[]): Promise<StoredRecord[]> {
    return recordsAt(tx, references);
  }

  /** A record with that content; undefined where there is none. */
  oneByHash(tx: Transaction, type: RecordTypeName, sha256: string): Promise<StoredRecord | undefined> {
    return recordOfHash(tx, type, sha256);
  }

  /** What a signature of a version is of: its content's SHA-256. Any version may be signed, the newest or not. @throws RegulatoryRecordAbsent */
  async signable(tx: Transaction, type: RecordTypeName, recordId: string, version: number): Promise<string> {
    const found = await recordVersion(tx, type, recordId, version);
    if (found === undefined) throw new RegulatoryRecordAbsent();
    return found.sha256;
  }

  /** Outside of every transaction: a model's file may be read for it. */
  private made(type: RecordTypeName, sent: unknown): Promise<MadeContent> {
    return recordTypeOf(type).make(contentPlace(sent), this.models);
  }
}

/** What the ledger calls a version of a record. */
const ENTITY = 'RegulatoryRecord';

const placeOf = (sent: unknown): JsonPlace => new JsonPlace(sent, (path, problem) => new UnfitRecord(path, problem));
const contentPlace = (sent: unknown): JsonPlace => new JsonPlace(sent, (path, problem) => new UnfitContent(path, problem));

type Place = Pick<NewVersion, 'type' | 'id' | 'version' | 'reason'>;

/** Writes a version with its record in the ledger; undefined where it is there already. @throws ReferenceUnmet */
async function write(
  tx: Transaction,
  caller: Caller,
  { content: kept, refersTo = [] }: MadeContent,
  place: Place,
): Promise<StoredRecord | undefined> {
  await requireMet(tx, refersTo);
  const sha256 = canonicalSha256(kept);
  const written = await insertVersion(tx, { ...place, content: canonicalText(kept), sha256, createdBy: caller.id });
  if (written === undefined) return undefined;
  const entity = { type: ENTITY, id: place.id, version: place.version };
  await appendRecords(tx, [
    { ...by(caller), action: 'evidence.recorded', entity, changes: { type: place.type, sha256 }, reason: place.reason },
  ]);
  return written;
}

async function requireMet(tx: Transaction, refersTo: readonly Referred[]): Promise<void> {
  if (refersTo.length === 0) return;
  const found = await recordsAt(
    tx,
    refersTo.map(({ reference }) => reference),
  );
  for (const { path, type, reference } of refersTo)
    if (!found.some((one) => one.type === type && one.id === reference.id && one.version === reference.version))
      throw new ReferenceUnmet(path);
}
