import { createHash } from 'node:crypto';
import type { FhirResource } from 'fhir/r4.js';
import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { Fault } from '../faults.js';
import { fetched } from '../ledger/ledger-event.js';
import { appendRecords } from '../ledger/ledger.sql.js';
import {
  currentVersion,
  currentDigests,
  lockKeys,
  searchPage,
  writeVersions,
  type FoundPage,
  type NewVersion,
  type SearchPage,
  type VersionRow,
} from './records.sql.js';
import { searchValues } from './search-index.js';

/** There is no such resource, or the caller may not know of it. */
export class RecordAbsent extends Fault {
  readonly code = 'record-absent';
  readonly status = 404;

  constructor(type: string) {
    super(`There is no ${type} of this id.`);
  }
}

/** The FHIR store: every resource with its versions, served from its stored text. */
export class Records {
  constructor(private readonly database: Database) {}

  /**
   * Writes resources (each with its id) as new versions, in the caller's transaction. One that says the same as its
   * current version stays as it is, so that work done twice leaves no trace.
   */
  async write(tx: Transaction, resources: readonly (FhirResource & { id: string })[], now: Date): Promise<void> {
    const given = resources.map((resource) => ({ resource, digest: createHash('sha256').update(JSON.stringify(resource)).digest() }));
    // Most are unchanged (every study writes the same Endpoint): they need no lock, so nobody waits for them.
    const changed = await differing(tx, given);
    if (changed.length === 0) return;
    await lockKeys(tx, ...keysOf(changed));
    const fresh = await differing(tx, changed);
    if (fresh.length > 0)
      await writeVersions(
        tx,
        fresh.map((one) => newVersion(one, now)),
      );
  }

  /** The current version as it was written last, for the room that writes it, in its own transaction: nobody looks at it. */
  async current<T extends FhirResource>(tx: Transaction, type: T['resourceType'], id: string): Promise<(T & { id: string }) | undefined> {
    const row = await currentVersion(tx, type, id);
    return row && (JSON.parse(row.content) as T & { id: string }); // this class wrote it
  }

  /** How many resources of a type refer to something by a search parameter, in the caller's transaction. */
  async referring(tx: Transaction, type: string, parameter: string, reference: string): Promise<number> {
    const tokens = [{ parameter, values: [{ system: undefined, value: reference }] }];
    return (await searchPage(tx, { type, ids: undefined, tokens, lastUpdated: [], limit: 1, after: undefined })).total;
  }

  /** The current version; the access is on record before it is given. Throws RecordAbsent. */
  async read(caller: Caller, type: string, id: string): Promise<VersionRow> {
    return this.database.transaction(async (tx) => {
      const row = await currentVersion(tx, type, id);
      if (!row) throw new RecordAbsent(type);
      await recordFetch(tx, caller, type, id, { version: row.version });
      return row;
    });
  }

  /** A page of resources, newest first. */
  async search(caller: Caller, page: SearchPage): Promise<FoundPage> {
    return this.database.transaction(async (tx) => {
      const found = await searchPage(tx, page);
      await recordFetch(tx, caller, page.type, 'search', {
        parameters: page.tokens.map(({ parameter }) => parameter),
        matches: found.rows.length,
      });
      return found;
    });
  }
}

interface Digested {
  readonly resource: FhirResource & { id: string };
  /** SHA-256 of the resource as it is given. */
  readonly digest: Buffer;
}

const keysOf = (given: readonly Digested[]): [types: string[], ids: string[]] => [
  given.map(({ resource }) => resource.resourceType),
  given.map(({ resource }) => resource.id),
];

/** Those that are not there yet or say something else than their current version, with the version they follow. */
async function differing(tx: Transaction, given: readonly Digested[]): Promise<(Digested & { before: number })[]> {
  const current = new Map((await currentDigests(tx, ...keysOf(given))).map((row) => [`${row.type}/${row.id}`, row]));
  return given.flatMap(({ resource, digest }) => {
    const row = current.get(`${resource.resourceType}/${resource.id}`);
    return row?.digest.equals(digest) ? [] : [{ resource, digest, before: row?.version ?? 0 }];
  });
}

function newVersion({ resource, digest, before }: Digested & { before: number }, now: Date): NewVersion {
  const version = before + 1;
  const meta = { ...resource.meta, versionId: String(version), lastUpdated: now.toISOString() };
  return {
    type: resource.resourceType,
    id: resource.id,
    version,
    lastUpdated: now,
    digest: digest.toString('hex'),
    content: JSON.stringify({ ...resource, meta }),
    search: searchValues(resource),
  };
}

const recordFetch = (tx: Transaction, caller: Caller, type: string, id: string, changes: Record<string, unknown>): Promise<void> =>
  appendRecords(tx, [fetched(caller, { type, id }, changes)]);
