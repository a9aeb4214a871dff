import type { Transaction } from '../database/transaction.js';
import type { SearchValue } from './search-index.js';

export interface VersionRow {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: Date;
  readonly content: string;
}

/**
 * Serialises the writers of each resource, whether it is there yet or not (a row lock would lock nothing of a new one).
 * In one order everywhere, so that no two writers wait for each other crosswise; free at the transaction's end.
 */
export const lockKeys = (tx: Transaction, types: readonly string[], ids: readonly string[]) =>
  tx.rows(
    `SELECT pg_advisory_xact_lock(k) FROM (SELECT hashtextextended(type || '/' || id, 7337103) AS k
       FROM unnest($1::text[], $2::text[]) AS w (type, id) ORDER BY 1) AS keys`,
    [types, ids],
    'records.lock-keys',
  );

/** What decides if resources changed. */
export const currentDigests = (tx: Transaction, types: readonly string[], ids: readonly string[]) =>
  tx.rows<{ type: string; id: string; version: number; digest: Buffer }>(
    `SELECT r.type, r.id, r.version, r.digest FROM resource r JOIN unnest($1::text[], $2::text[]) AS w (type, id)
         ON r.type = w.type AND r.id = w.id`,
    [types, ids],
    'records.digests',
  );

export interface NewVersion extends VersionRow {
  readonly digest: string;
  readonly search: readonly SearchValue[];
}

/** Writes new versions: current text, history and search values. */
export const writeVersions = async (tx: Transaction, rows: readonly NewVersion[]): Promise<void> => {
  const column = <T>(pick: (row: NewVersion) => T): T[] => rows.map(pick);
  await tx.run(
    `WITH fresh AS (SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::text[], $6::text[])
                      AS f (type, id, version, last_updated, content, digest)),
          history AS (INSERT INTO resource_version (type, id, version, last_updated, content)
                      SELECT type, id, version, last_updated, content FROM fresh)
     INSERT INTO resource (type, id, version, last_updated, content, digest)
     SELECT type, id, version, last_updated, content, decode(digest, 'hex') FROM fresh ORDER BY type, id
         ON CONFLICT (type, id) DO UPDATE SET version = excluded.version, last_updated = excluded.last_updated,
                                              content = excluded.content, digest = excluded.digest`,
    [
      column((r) => r.type),
      column((r) => r.id),
      column((r) => r.version),
      column((r) => r.lastUpdated),
      column((r) => r.content),
      column((r) => r.digest),
    ],
    'records.write',
  );
  const search = rows.flatMap((row) => row.search.map((value) => ({ ...value, type: row.type, id: row.id })));
  await tx.run(
    `DELETE FROM resource_search s USING unnest($1::text[], $2::text[]) AS w (type, id) WHERE s.type = w.type AND s.id = w.id`,
    [column((r) => r.type), column((r) => r.id)],
    'records.unindex',
  );
  await tx.run(
    `INSERT INTO resource_search (type, parameter, value, system, id) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])`,
    [
      search.map((s) => s.type),
      search.map((s) => s.parameter),
      search.map((s) => s.value),
      search.map((s) => s.system),
      search.map((s) => s.id),
    ],
    'records.index',
  );
};

/** The current version of a resource, as text. */
export const currentVersion = async (tx: Transaction, type: string, id: string): Promise<VersionRow | undefined> =>
  (
    await tx.rows<VersionRow & Record<string, unknown>>(
      `SELECT type, id, version, last_updated AS "lastUpdated", content FROM resource WHERE type = $1 AND id = $2`,
      [type, id],
      'records.read',
    )
  )[0];

/** One condition of a search: any of the values. A missing system matches every system, a missing value every value. */
export interface TokenCondition {
  readonly parameter: string;
  readonly values: readonly { readonly system: string | undefined; readonly value: string | undefined }[];
}

/** Bounds on `_lastUpdated`, both exclusive or inclusive as given. */
export interface TimeBound {
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly at: Date;
}

export interface SearchPage {
  readonly type: string;
  readonly ids: readonly string[] | undefined;
  readonly tokens: readonly TokenCondition[];
  readonly lastUpdated: readonly TimeBound[];
  readonly limit: number;
  /** Where the last page ended; the first page has none. */
  readonly after: { readonly lastUpdated: Date; readonly id: string } | undefined;
}

export interface FoundPage {
  readonly rows: readonly VersionRow[];
  /** How many match in all. */
  readonly total: number;
  /** Whether others follow these. */
  readonly more: boolean;
}

/** A page of current versions, newest first. */
export const searchPage = async (tx: Transaction, page: SearchPage): Promise<FoundPage> => {
  const values: unknown[] = [page.type];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ['r.type = $1'];
  if (page.ids) where.push(`r.id = ANY(${bind(page.ids)})`);
  for (const { parameter, values: any } of page.tokens) {
    const either = any.map(
      ({ system, value }) =>
        `(${[...(value === undefined ? [] : [`s.value = ${bind(value)}`]), ...(system === undefined ? [] : [`s.system = ${bind(system)}`])].join(' AND ')})`,
    );
    where.push(
      `EXISTS (SELECT 1 FROM resource_search s WHERE s.type = r.type AND s.id = r.id AND s.parameter = ${bind(parameter)} AND (${either.join(' OR ')}))`,
    );
  }
  // Times are kept to the microsecond and served to the millisecond: what is compared is what is served.
  for (const { operator, at } of page.lastUpdated) where.push(`r.last_updated ${operator} ${bind(at)}::timestamptz`);
  const [{ total }] = await tx.rows<{ total: number }>(
    `SELECT count(*)::int AS total FROM resource r WHERE ${where.join(' AND ')}`,
    values,
  );
  if (page.after) where.push(`(r.last_updated, r.id) < (${bind(page.after.lastUpdated)}::timestamptz, ${bind(page.after.id)})`);
  const rows = await tx.rows<VersionRow & Record<string, unknown>>(
    `SELECT r.type, r.id, r.version, r.last_updated AS "lastUpdated", r.content FROM resource r WHERE ${where.join(' AND ')}
      ORDER BY r.last_updated DESC, r.id DESC LIMIT ${bind(page.limit + 1)}`,
    values,
  );
  return { rows: rows.slice(0, page.limit), total, more: rows.length > page.limit };
};
