import { createHash } from 'node:crypto';
import type { FhirResource } from 'fhir/r4.js';
import type { Transaction } from '../database/transaction.js';
import { indexRows } from './search/extract.js';
import { currentDigests } from './store/versions.sql.js';
import type { NewVersion } from './store/write.sql.js';

export type Identified = FhirResource & { id: string };

/** What a resource says, apart from the version and time that the store gives it. */
export function digestOf(resource: Identified): Buffer {
  const { versionId, lastUpdated, ...meta } = resource.meta ?? {};
  const said = versionId === undefined && lastUpdated === undefined ? resource : { ...resource, meta };
  return createHash('sha256').update(JSON.stringify(said)).digest();
}

export interface Digested {
  readonly resource: Identified;
  /** SHA-256 of the resource as it is given. */
  readonly digest: Buffer;
}

export const keysOf = (given: readonly Digested[]): [types: string[], ids: string[]] => [
  given.map(({ resource }) => resource.resourceType),
  given.map(({ resource }) => resource.id),
];

/** Those that are not there yet or say something else than their current version, with the version they follow. */
export async function differing(
  tx: Transaction,
  given: readonly Digested[],
): Promise<(Digested & { before: number; no: number | undefined })[]> {
  const current = new Map((await currentDigests(tx, ...keysOf(given))).map((row) => [`${row.type}/${row.id}`, row]));
  return given.flatMap(({ resource, digest }) => {
    const row = current.get(`${resource.resourceType}/${resource.id}`);
    return row?.digest.equals(digest) ? [] : [{ resource, digest, before: row?.version ?? 0, no: row?.no }];
  });
}

export function newVersion({ resource, digest, before }: Digested & { before: number }, no: number, now: Date): NewVersion {
  const version = before + 1;
  const meta = { ...resource.meta, versionId: String(version), lastUpdated: now.toISOString() };
  const written = { ...resource, meta };
  return {
    type: resource.resourceType,
    id: resource.id,
    no,
    version,
    lastUpdated: now,
    method: before === 0 ? 'POST' : 'PUT',
    deleted: false,
    digest: digest.toString('hex'),
    content: JSON.stringify(written),
    owned: true,
    rows: indexRows(written),
  };
}
