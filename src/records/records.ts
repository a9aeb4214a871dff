import { createHash } from 'node:crypto';
import type { FhirResource } from 'fhir/r4.js';
import type { Caller } from '../access/caller.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { Fault } from '../faults.js';
import { appendRecords } from '../ledger/ledger.sql.js';
import {
  currentVersion,
  lockCurrent,
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
    const sorted = [...resources].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    const current = new Map(
      (
        await lockCurrent(
          tx,
          sorted.map((one) => one.resourceType),
          sorted.map((one) => one.id),
        )
      ).map((row) => [`${row.type}/${row.id}`, row]),
    );
    const fresh: NewVersion[] = [];
    for (const resource of sorted) {
      const before = current.get(key(resource));
      const digest = createHash('sha256').update(JSON.stringify(resource)).digest();
      if (before?.digest.equals(digest)) continue;
      const version = (before?.version ?? 0) + 1;
      const meta = { ...resource.meta, versionId: String(version), lastUpdated: now.toISOString() };
      fresh.push({
        type: resource.resourceType,
        id: resource.id,
        version,
        lastUpdated: now,
        digest: digest.toString('hex'),
        content: JSON.stringify({ ...resource, meta }),
        search: searchValues(resource),
      });
    }
    if (fresh.length > 0) await writeVersions(tx, fresh);
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

const key = (resource: FhirResource & { id: string }): string => `${resource.resourceType}/${resource.id}`;

const recordFetch = (tx: Transaction, caller: Caller, type: string, id: string, changes: Record<string, unknown>): Promise<void> =>
  appendRecords(tx, [{ actor: caller.id, action: 'data.fetched', entity: { type, id }, changes, reason: '' }]);
