import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { serverCaller, type Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import { Truncated } from '../dicom/faults.js';
import { Part10Reader } from '../dicom/part10-header.js';
import type { Part10Instance } from '../dicom/part10-instance.js';
import { asFault, Fault } from '../faults.js';
import type { LedgerEvent } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/ledger.sql.js';
import { event, thrownFields } from '../log.js';
import { GroupCommit } from '../database/group-commit.js';
import { inTenant, PerScope } from '../database/scope.js';
import { OutOfSpace, StudyMismatch } from './faults.js';
import { isDeleted } from './deletions.sql.js';
import { heldStudies } from './gates.sql.js';
import { KnownSeries } from './known-series.js';
import { indexAttributes } from './index-attributes.js';
import type { ReceivedFile } from './storage/incoming-file.js';
import type { LeftoverFile, ObjectStorage } from './storage/object-storage.js';
import { REST_DURING_REQUEST_SECONDS, storeGroup, type ArrivedInstance, type StoreVerdict } from './store-group.js';
import { StudyLanes } from './study-lanes.js';
import { StudyRelease } from './study-release.js';

const GROUP_SIZE = 128;
/** A group's headers go to the database as one text: of many that are large together it could be longer than a text may be. */
const HEADERS_OF_A_GROUP = { most: 32 << 20, of: ({ index }: ArrivedInstance): number => index.instance.metadata.length };
/** Instances of one request that may wait for their commit at once: bounds what a request holds in memory. */
const WAITING_AT_ONCE = 16;

/** What became of one instance of a request, in the order they came. */
export type StoreOutcome = StoredInstance | RefusedInstance;

export interface StoredInstance {
  readonly kind: 'stored' | 'same';
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly sopClassUID: string;
  /** Codes of what was odd about it; it is kept exactly as received. */
  readonly warnings: readonly string[];
}

/** The bytes of a DICOM file on its way in. */
export interface IncomingInstance extends AsyncIterable<Uint8Array> {
  /** Codes of what whoever made the file found odd in what it is made of. */
  readonly warnings?: readonly string[];
}

export interface RefusedInstance {
  readonly kind: 'refused';
  readonly fault: Fault;
  /** What was sent: SHA-256 and length of all its bytes. */
  readonly arrived?: { readonly sha256: string; readonly bytes: number };
  /** Where they could be read. */
  readonly sopInstanceUID?: string;
  readonly sopClassUID?: string;
}

export interface StoreOptions {
  /** Refuse instances of any other study (PS3.18 10.5.1). */
  readonly onlyStudy?: string;
  /** True for what the server makes itself: models do not read it. */
  readonly derived?: boolean;
}

/** The way into the archive: bytes stream to disk while their header is read; durable before it answers. */
export class Ingest {
  private readonly commits: StudyLanes<ArrivedInstance, StoreVerdict>;
  private readonly refusals: GroupCommit<LedgerEvent, undefined>;
  private readonly releases: PerScope<StudyRelease>;

  constructor(
    private readonly database: Database,
    private readonly storage: ObjectStorage,
    private readonly limits: { readonly quietPeriodSeconds: number; readonly freeSpaceFloorBytes: number },
  ) {
    const restSeconds = Math.max(REST_DURING_REQUEST_SECONDS, limits.quietPeriodSeconds);
    const known = new PerScope(() => new KnownSeries());
    this.commits = new StudyLanes(
      {
        commit: (group, patient) => storeGroup(database, storage, group, { restSeconds, known: known.here, patient }),
        heldStudies: (studies) => database.statement((tx) => heldStudies(tx, studies)),
      },
      { items: GROUP_SIZE, weight: HEADERS_OF_A_GROUP },
    );
    this.releases = new PerScope(() => new StudyRelease(database, limits.quietPeriodSeconds));
    this.refusals = new GroupCommit(
      async (group) => {
        await database.statement((tx) => appendRecords(tx, group));
        return group.map(() => undefined);
      },
      { items: GROUP_SIZE },
    );
  }

  /**
   * Stores every instance that comes; one outcome each, whatever its neighbours do. Answers when all of them are durable.
   * A fault of `bodies` itself (a broken multipart) is thrown after those before it are durable.
   * Throws OutOfSpace before the first byte is taken.
   */
  async store(caller: Caller, bodies: AsyncIterable<IncomingInstance>, options: StoreOptions = {}): Promise<StoreOutcome[]> {
    if ((await this.storage.freeBytes()) < this.limits.freeSpaceFloorBytes) throw new OutOfSpace();
    const began = performance.now();
    const outcomes: Promise<StoreOutcome>[] = [];
    const waiting = new Set<Promise<StoreOutcome>>();
    const studies = new Set<number>();
    try {
      for await (const body of bodies) {
        const arrival = await this.receive(caller, body, options);
        const outcome =
          'fault' in arrival ? this.refuse(caller, arrival) : this.commit(arrival, studies).then((one) => this.letGo(arrival, one));
        outcomes.push(outcome);
        waiting.add(outcome);
        void outcome.catch(() => undefined).finally(() => waiting.delete(outcome));
        if (waiting.size >= WAITING_AT_ONCE) await Promise.race(waiting).catch(() => undefined); // awaited below
      }
    } finally {
      await Promise.allSettled(outcomes);
      this.releases.here.release([...studies], { derived: options.derived ?? false });
    }
    const became = requireServed(await Promise.all(outcomes));
    const count = (kind: StoreOutcome['kind']): number => became.filter((one) => one.kind === kind).length;
    event('instances.stored', {
      stored: count('stored'),
      same: count('same'),
      refused: count('refused'),
      ms: Math.round(performance.now() - began),
    });
    return became;
  }

  /** Resolves when nothing of an ended request is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.releases.each((one) => one.settled()));
  }

  /** Takes up what a crash left on the way in: whole files are stored, others lie in quarantine. */
  async recover(): Promise<void> {
    const { whole, broken } = await this.storage.leftovers();
    let stored = 0;
    for (const file of whole) stored += (await inTenant(file.tenant, () => this.takeUp(file))) ? 1 : 0;
    if (whole.length + broken > 0) event('archive.recovered', { whole: whole.length, stored, broken });
  }

  /** Answers whether it is stored now. */
  private async takeUp(file: LeftoverFile): Promise<boolean> {
    const arrival = await this.understand(serverCaller(file.tenant), file);
    if ('fault' in arrival) await this.storage.quarantine(file);
    else if (await this.wasDeleted(arrival)) {
      await this.storage.keep([file]); // it can still be restored
      await this.storage.settle([file]);
    } else return (await this.commit(arrival, new Set())).kind !== 'refused';
    return false;
  }

  /** A file that was stored and then deleted, before its name on the way in was gone: a crash does not bring it back. */
  private wasDeleted({ index: { instance } }: ArrivedInstance): Promise<boolean> {
    return this.database.statement((tx) => isDeleted(tx, instance));
  }

  private async receive(caller: Caller, body: IncomingInstance, options: StoreOptions): Promise<ArrivedInstance | RefusedInstance> {
    const file = this.storage.receive();
    const reader = new Part10Reader();
    let unreadable: Fault | undefined;
    try {
      // A body is read to its end even when it is refused: its neighbours come after it.
      for await (const piece of body) {
        try {
          if (!unreadable) await reader.push(piece);
        } catch (error) {
          unreadable = asFault(error);
        }
        const taken = unreadable ? file.pass(piece) : file.write(piece);
        if (taken) await taken;
      }
      if (!unreadable) {
        const instance = await reader.end();
        if (options.onlyStudy !== undefined && instance.studyInstanceUID !== options.onlyStudy)
          return { ...refusal(new StudyMismatch()), ...uidsOf(instance), arrived: await file.abandon().catch(() => undefined) };
        const derived = options.derived ?? false;
        const received = await file.finish(this.storage.receivedName(caller.tenant, derived));
        return arrived(caller, received, instance, derived, body.warnings);
      }
    } catch (error) {
      unreadable = asFault(error);
    }
    return { ...refusal(unreadable), ...reader.known, arrived: await file.abandon().catch(() => undefined) };
  }

  private async understand(caller: Caller, file: ReceivedFile & { derived: boolean }): Promise<ArrivedInstance | RefusedInstance> {
    const reader = new Part10Reader();
    try {
      const blob = await openAsBlob(file.path);
      const hash = createHash('sha256');
      for await (const piece of blob.stream()) {
        hash.update(piece);
        await reader.push(piece);
      }
      if (hash.digest('hex') !== file.sha256) throw new Truncated({}); // named before its bytes were durable
      const instance = await reader.end();
      return arrived(caller, { ...file, bytes: blob.size }, instance, file.derived);
    } catch (error) {
      return refusal(asFault(error));
    }
  }

  private async commit(arrival: ArrivedInstance, studies: Set<number>): Promise<StoreOutcome> {
    const { uids: at, instance } = arrival.index;
    const uids = { sopInstanceUID: instance.sopInstanceUID, sopClassUID: instance.sopClassUID };
    try {
      const verdict = await this.commits.add(arrival);
      if (verdict instanceof Fault) return { ...refusal(verdict), ...uids };
      if (verdict.kind === 'stored') studies.add(verdict.studyRow);
      return {
        kind: verdict.kind,
        ...uids,
        ...at,
        warnings: arrival.warnings,
      };
    } catch (error) {
      // The file stays in `incoming/`: the next start takes it up.
      return { ...refusal(asFault(error)), ...uids };
    }
  }

  /** A sender that is told to come again brings the bytes again: kept here too, each try would take its room until the next start. */
  private async letGo({ file }: ArrivedInstance, outcome: StoreOutcome): Promise<StoreOutcome> {
    if (outcome.kind === 'refused' && isOfTheServer(outcome.fault)) await this.storage.settle([file]);
    return outcome;
  }

  private async refuse(caller: Caller, outcome: RefusedInstance): Promise<RefusedInstance> {
    const { fault, arrived: received } = outcome;
    await this.refusals.add({
      actor: caller.id,
      action: 'instance.refused',
      entity: { type: 'file', id: received?.sha256 ?? 'unknown' },
      changes: { ...received },
      reason: fault.code,
    });
    event('instance.refused', { ...thrownFields(fault), bytes: received?.bytes });
    return outcome;
  }
}

/** The database or the store is away, or there is no room: nothing was wrong with what was sent. */
const isOfTheServer = ({ status }: Fault): boolean => status === 503 || status === 507;

/** Where nothing at all was stored for want of the server's own means, the request as a whole fails with that. */
function requireServed(outcomes: StoreOutcome[]): StoreOutcome[] {
  const faults = outcomes.map((one) => (one.kind === 'refused' ? one.fault : undefined));
  if (faults[0] !== undefined && faults.every((fault) => fault !== undefined && isOfTheServer(fault))) throw faults[0];
  return outcomes;
}

const refusal = (fault: Fault): RefusedInstance => ({ kind: 'refused', fault });

const uidsOf = ({ sopInstanceUID, sopClassUID }: Part10Instance) => ({ sopInstanceUID, sopClassUID });

function arrived(
  caller: Caller,
  file: ReceivedFile,
  instance: Part10Instance,
  derived: boolean,
  before: readonly string[] = [],
): ArrivedInstance {
  return {
    file,
    storedBy: caller.id,
    warnings: [...new Set([...before, ...instance.warnings.map(({ code }) => code)])],
    index: indexAttributes(
      instance.dataset,
      {
        sopInstanceUID: instance.sopInstanceUID,
        sopClassUID: instance.sopClassUID,
        transferSyntaxUID: instance.transferSyntaxUID,
        sha256: file.sha256,
        bytes: file.bytes,
        derived,
        dataSetOffset: instance.dataSetOffset,
        frameTable: instance.frameTable === undefined ? null : JSON.stringify(instance.frameTable),
        bulkData: JSON.stringify(instance.bulkData),
      },
      instance,
    ),
  };
}
