import type { FhirResource } from 'fhir/r4.js';
import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import { GroupCommit } from '../database/group-commit.js';
import type { Transaction } from '../database/transaction.js';
import type { AccessLog, Look } from '../ledger/access-log.js';
import { onRecord } from '../ledger/told-faults.js';
import { lookerOf } from '../ledger/on-record.sql.js';
import { RecordAbsent, RecordGone, VersionAbsent } from './faults.js';
import { NotPermitted, permitOf } from '../access/permits.js';
import { historyLook } from './history.js';
import { differing, digestOf, keysOf, newVersion, type Identified } from './own-versions.js';
import { versionOpenTo, versionsOpenTo } from './open-versions.js';
import { permittedCondition, readsAll } from './search/permitted.js';
import { patientsAmong } from './patients-among.js';
import { patientsSaid } from './patients-said.js';
import { openVersions } from './search/open-among.sql.js';
import { parseSearch } from './search/parse-search.js';
import { countMatches } from './search/search.sql.js';
import type { HistoryAsked, HistoryRow } from './store/history.sql.js';
import type { Numbers } from './store/numbers.js';
import {
  currentVersion,
  lockKeys,
  oneVersion,
  currentVersions,
  readCurrent,
  readSeveral,
  readWithReferred,
  type Asked,
  type AskedWithReferred,
  type VersionRow,
} from './store/versions.sql.js';
import { writeVersions } from './store/write.sql.js';
import { sought } from './search/sought.js';

/** Reads that share a statement. */
const READ_GROUP = 64;
/** Those that bring along what they refer to. */
const REFERRING_GROUP = 16;

/** The FHIR store as the server's rooms use it: what they write, no client edits. Every resource is served from its stored text. */
export class Records {
  /** Reads of one moment share a statement. */
  private readonly reads: GroupCommit<readonly Asked[], readonly (VersionRow | undefined)[]>;
  /** So do those that bring along what they refer to. */
  private readonly referringReads: GroupCommit<AskedWithReferred, readonly (VersionRow & { isReferred: boolean })[]>;

  constructor(
    private readonly database: Database,
    private readonly accessLog: AccessLog,
    private readonly numbers: Numbers,
  ) {
    this.reads = new GroupCommit<readonly Asked[], readonly (VersionRow | undefined)[]>(
      async (group) => {
        const rows = await database.lookStatement((tx) => readCurrent(tx, group.flat()));
        const byPlace = new Map<number, VersionRow>(rows.map((row) => [row.n, row]));
        let place = 0;
        return group.map((asked) => asked.map(() => byPlace.get(++place)));
      },
      { items: READ_GROUP, weight: { most: READ_GROUP, of: ({ length }) => length } },
    );
    this.referringReads = new GroupCommit<AskedWithReferred, readonly (VersionRow & { isReferred: boolean })[]>(
      async (group) => {
        const rows = await database.lookStatement((tx) => readWithReferred(tx, group));
        const byPlace = Map.groupBy(rows, ({ n }) => n);
        return group.map((_, i) => byPlace.get(i + 1) ?? []);
      },
      { items: REFERRING_GROUP },
    );
  }

  /**
   * Writes resources (each with its id) as new versions, in the caller's transaction. One that says the same as its
   * current version stays as it is, so that work done twice leaves no trace. Gives the versions that were written.
   */
  async write(tx: Transaction, resources: readonly Identified[], now: Date): Promise<readonly VersionRow[]> {
    const given = resources.map((resource) => ({ resource, digest: digestOf(resource) }));
    // Most are unchanged (every study writes the same Endpoint): they need no lock, so nobody waits for them.
    const changed = await differing(tx, given);
    if (changed.length === 0) return [];
    await lockKeys(tx, ...keysOf(changed));
    const fresh = await differing(tx, changed);
    if (fresh.length === 0) return [];
    const numbers = await this.numbers.take(fresh.filter(({ no }) => no === undefined).length);
    const written = fresh.map((one) => newVersion(one, one.no ?? (numbers.pop() as number), now));
    await writeVersions(tx, written);
    return written;
  }

  /** The current version as it was written last, for the room that writes it, in its own transaction: nobody looks at it. */
  async current<T extends FhirResource>(tx: Transaction, type: T['resourceType'], id: string): Promise<(T & { id: string }) | undefined> {
    const row = await currentVersion(tx, type, id);
    return row && !row.deleted ? (JSON.parse(row.content) as T & { id: string }) : undefined; // this class wrote it
  }

  /**
   * The text of a version and the Patients whom it is about; undefined where there is none. For notifications, whose looks are put on
   * record by who sends them.
   */
  async versionText(tx: Transaction, type: string, id: string, version: number): Promise<{ text: string; patients: string[] } | undefined> {
    const row = await oneVersion(tx, type, id, version);
    return row && !row.deleted ? { text: row.content, patients: patientsSaid(row) } : undefined;
  }

  /** Ids of the Patients whom resources (`Type/id`) are about, for who puts a look at them on record. */
  async patientsOf(tx: Transaction, references: readonly string[]): Promise<string[]> {
    const keys = references.map((reference) => reference.split('/'));
    return patientsAmong(
      await currentVersions(
        tx,
        keys.map(([type]) => type),
        keys.map(([, id]) => id),
      ),
    );
  }

  /** Any version, for the server's own work; undefined where there is none, or it says that the resource was deleted. */
  async version(tx: Transaction, type: string, id: string, version: number): Promise<FhirResource | undefined> {
    const row = await oneVersion(tx, type, id, version);
    return row && !row.deleted ? (JSON.parse(row.content) as FhirResource) : undefined; // it is valid
  }

  /** How many resources of a type refer to another (`Type/id`) by a search parameter, in the caller's transaction. */
  async referring(tx: Transaction, type: string, parameter: string, reference: string): Promise<number> {
    const { search } = parseSearch({ type, parameters: [[parameter, reference]], lenient: false }, { base: '', now: 0 });
    return (await countMatches(tx, search, undefined)) ?? 0;
  }

  /**
   * The current version; the access is on record before it is given. Throws RecordAbsent, RecordGone.
   * @param fits  throws where it cannot be given as it was asked for: then it was not
   */
  async read(caller: Caller, type: string, id: string, fits?: (row: VersionRow) => void): Promise<VersionRow> {
    const isNarrow = caller.rights && (type === 'Binary' || permittedCondition(caller, type, 'r') !== undefined);
    if (isNarrow || fits !== undefined) {
      const row = await this.there(caller, type, id);
      fits?.(row);
      await this.accessLog.record(lookAt(caller, row));
      return row;
    }
    const row = (await this.reads.add([{ looker: lookerOf(caller), type, id }]))[0];
    if (!row) throw new RecordAbsent(type);
    if (row.deleted) throw onRecord(new RecordGone(type, row.version)); // by the statement that read it, as refused
    return row;
  }

  /**
   * The current version, for who gives more than it and puts that on record: a request leaves one record. Throws RecordAbsent,
   * RecordGone, NotPermitted.
   */
  async there(caller: Caller, type: string, id: string): Promise<VersionRow> {
    const row = await this.database.statement((tx) => versionOpenTo(tx, caller, { type, id }));
    if (!row) throw new RecordAbsent(type);
    if (row.deleted) throw new RecordGone(type, row.version);
    return row;
  }

  /**
   * The current version, and of what it refers to by these parameters the first hundred that are there, in one statement; all are on
   * record before they are given. Throws RecordAbsent, RecordGone.
   */
  async readWithReferred(
    caller: Caller,
    type: string,
    id: string,
    parameters: readonly number[],
  ): Promise<{ row: VersionRow; referred: readonly VersionRow[] }> {
    // What it refers to is of whatever types: where one of them is not open, each is asked for by itself.
    if (!readsAll(caller)) return { row: await this.read(caller, type, id), referred: [] };
    const rows = await this.referringReads.add({ looker: lookerOf(caller), type, id, parameters });
    const row = rows.find(({ isReferred }) => !isReferred);
    if (!row) throw new RecordAbsent(type);
    if (row.deleted) throw new RecordGone(type, row.version);
    return { row, referred: rows.filter(({ isReferred }) => isReferred) };
  }

  /**
   * The current versions of several, on record before they are given, in one statement for each type; undefined where there is none or
   * the caller may not know of it. One that says that the resource was deleted is among them, where all of its type are open.
   */
  async readAll(
    caller: Caller,
    asked: readonly { readonly type: string; readonly id: string }[],
  ): Promise<readonly (VersionRow | undefined)[]> {
    if (caller.rights === undefined) return this.readOpen(caller, asked);
    const types = Map.groupBy(asked, ({ type }) => type);
    const rows = await Promise.all([...types].map(([type, some]) => this.readNarrowed(caller, type, some)));
    const found = new Map(rows.flat().flatMap((row) => (row === undefined ? [] : [[`${row.type}/${row.id}`, row] as const])));
    return asked.map(({ type, id }) => found.get(`${type}/${id}`));
  }

  /** Those of one type that are open to the caller. */
  private async readNarrowed(
    caller: Caller,
    type: string,
    asked: readonly { readonly type: string; readonly id: string }[],
  ): Promise<readonly (VersionRow | undefined)[]> {
    // Whose a Binary is, each says itself.
    if (type === 'Binary') return Promise.all(asked.map(({ id }) => this.read(caller, type, id).catch(absence)));
    if (permitOf(caller, type, 'r') === undefined) return [];
    const condition = permittedCondition(caller, type, 'r');
    if (condition === undefined) return this.readOpen(caller, asked);
    const ids = [...new Set(asked.map(({ id }) => id))];
    const rows = await this.database.lookStatement((tx) => openVersions(tx, type, ids, [condition]));
    await Promise.all(rows.map((row) => this.accessLog.record(lookAt(caller, row))));
    return rows;
  }

  private readOpen(
    caller: Caller,
    asked: readonly { readonly type: string; readonly id: string }[],
  ): Promise<readonly (VersionRow | undefined)[]> {
    return this.reads.add(asked.map(({ type, id }) => ({ looker: lookerOf(caller), type, id })));
  }

  /** Which resources of a type, by their ids, the caller may look at: for what is a part of something else here. Throws NotPermitted. */
  openIds(caller: Caller, type: string, ids: readonly string[]): ReadonlySet<string> | Promise<ReadonlySet<string>> {
    const condition = permittedCondition(caller, type, 'r');
    if (condition === undefined) return new Set(ids);
    return this.database.lookStatement(async (tx) => {
      const rows = await openVersions(tx, type, ids, [condition]);
      return new Set(rows.map(({ id }) => id));
    });
  }

  /**
   * Current versions of resources of a type, by id, on record before they are given: as a read, or of several as a search by `_id`.
   * What is absent, deleted or not theirs is left out.
   */
  async readSeveral(caller: Caller, type: string, ids: readonly string[]): Promise<ReadonlyMap<string, VersionRow>> {
    const rows = ids.length === 1 ? await this.readAll(caller, [{ type, id: ids[0] }]) : await this.readTogether(caller, type, ids);
    return new Map(rows.flatMap((row) => (row === undefined || row.deleted ? [] : [[row.id, row] as const])));
  }

  private async readTogether(caller: Caller, type: string, ids: readonly string[]): Promise<readonly VersionRow[]> {
    if (caller.rights !== undefined && permitOf(caller, type, 'r') === undefined) return [];
    const condition = permittedCondition(caller, type, 'r');
    const { names: parameters, query } = sought({ type }, [['_id', ids.join(',')]]);
    if (condition === undefined) return this.database.lookStatement((tx) => readSeveral(tx, lookerOf(caller, query), type, ids));
    const rows = await this.database.lookStatement((tx) => openVersions(tx, type, ids, [condition]));
    const details = { parameters, matches: rows.length, included: 0 };
    const patients = patientsAmong(rows);
    await this.accessLog.record({ caller, entity: { type, id: 'search' }, what: 'search', details, patients, query });
    return rows;
  }

  /** Any version (R4 http.html#vread), as `read`. Throws RecordAbsent, VersionAbsent, RecordGone where the version is a deletion. */
  async readVersion(caller: Caller, type: string, id: string, version: number, fits?: (row: VersionRow) => void): Promise<VersionRow> {
    const [row, current] = await this.database.transaction((tx) =>
      Promise.all([versionOpenTo(tx, caller, { type, id, version }), versionOpenTo(tx, caller, { type, id })]),
    );
    if (!current) throw new RecordAbsent(type);
    if (!row) throw new VersionAbsent(type);
    return this.looked(caller, row, fits);
  }

  /** Versions of one resource, of a type or of all, newest first, one more than asked for where others follow. Throws RecordAbsent. */
  async history(caller: Caller, asked: HistoryAsked): Promise<{ rows: HistoryRow[]; total: number | undefined }> {
    const found = await this.database.transaction((tx) => versionsOpenTo(tx, caller, asked));
    await this.accessLog.record({ caller, what: 'history', ...historyLook(asked, found.rows) });
    return found;
  }

  private async looked(caller: Caller, row: VersionRow, fits?: (row: VersionRow) => void): Promise<VersionRow> {
    const { type, id, version, patients } = row;
    if (row.deleted) throw new RecordGone(type, version);
    fits?.(row);
    await this.accessLog.record({ caller, entity: { type, id }, what: 'version', details: { version }, patients: patients ?? [] });
    return row;
  }
}

const lookAt = (caller: Caller, { type, id, version, patients }: VersionRow): Look => ({
  caller,
  entity: { type, id },
  what: 'resource',
  details: { version },
  patients: patients ?? [],
});

/** What is not there, or not the caller's, is none of several: the others are given. */
function absence(error: unknown): undefined {
  if (error instanceof RecordAbsent || error instanceof RecordGone || error instanceof NotPermitted) return undefined;
  throw error;
}
