import type { Transaction } from '../../database/transaction.js';
import { MOST_PAGE_BYTES } from '../search/search.sql.js';
import type { Method, VersionRow } from './versions.sql.js';

export interface HistoryRow extends VersionRow {
  readonly method: Method;
  /** How many were there for the page, one more than asked for among them; fewer are given where they would be too many bytes. */
  readonly found: number;
}

/** Versions of one resource, of a type, or of all; newest first. */
export interface HistoryAsked {
  readonly type: string | undefined;
  readonly id: string | undefined;
  /** Made at or after this. */
  readonly since: Date | undefined;
  /** That were current at some time in this span (R4 http.html#history, `_at`). */
  readonly at: { readonly from: Date; readonly before: Date } | undefined;
  readonly count: number;
  readonly cursor: HistoryCursor | undefined;
}

/** Where a page ended. */
export interface HistoryCursor {
  readonly lastUpdated: string;
  readonly type: string;
  readonly id: string;
  readonly version: number;
}

/** A page, one more than is asked for where others follow; of whom each is it says itself. */
export const historyPage = (tx: Transaction, { type, id, since, at, count, cursor }: HistoryAsked): Promise<HistoryRow[]> => {
  const values: unknown[] = [];
  const bind = (value: unknown, as: string): string => `$${values.push(value)}::${as}`;
  const where = ['true'];
  if (type !== undefined) where.push(`type = ${bind(type, 'text')}`);
  if (id !== undefined) where.push(`id = ${bind(id, 'text')}`);
  if (since !== undefined) where.push(`last_updated >= ${bind(since, 'timestamptz')}`);
  if (at !== undefined) where.push(`last_updated < ${bind(at.before, 'timestamptz')}`);
  // What was current until the next version, of which the current one has none.
  const upTo = at === undefined ? 'true' : `${NEXT} > ${bind(at.from, 'timestamptz')}`;
  if (cursor !== undefined)
    where.push(
      `(last_updated, type, id, version) < (${bind(cursor.lastUpdated, 'timestamptz')}, ${bind(cursor.type, 'text')}, ${bind(cursor.id, 'text')}, ${bind(cursor.version, 'int')})`,
    );
  const limit = bind(count + 1, 'int');
  const part = (table: string, more: string): string =>
    `(SELECT type, id, version, last_updated AS "lastUpdated", content, deleted, method FROM ${table} v WHERE ${where.join(' AND ')} AND ${more}
       ORDER BY last_updated DESC, type DESC, id DESC, version DESC LIMIT ${limit})`;
  const page = `SELECT * FROM (${part('resource', 'true')} UNION ALL ${part('resource_version', upTo)}) AS versions
      ORDER BY "lastUpdated" DESC, type DESC, id DESC, version DESC LIMIT ${limit}`;
  return tx.rows<HistoryRow & Record<string, unknown>>(
    `SELECT * FROM (SELECT p.*, sum(octet_length(content)) OVER page AS size, row_number() OVER page AS place, count(*) OVER () AS found
                      FROM (${page}) AS p WINDOW page AS (ROWS UNBOUNDED PRECEDING)) AS pages
      WHERE place = 1 OR size <= ${MOST_PAGE_BYTES}`,
    values,
  );
};

/** When the version after `v` was made. */
const NEXT = `coalesce((SELECT n.last_updated FROM resource_version n WHERE n.type = v.type AND n.id = v.id AND n.version = v.version + 1),
                       (SELECT r.last_updated FROM resource r WHERE r.type = v.type AND r.id = v.id))`;

/** How many versions a resource has; 0 where there never was one. */
export const countVersions = async (tx: Transaction, type: string, id: string): Promise<number> =>
  (await tx.rows<{ version: number }>(`SELECT version FROM resource WHERE type = $1 AND id = $2`, [type, id], 'records.count-versions'))[0]
    ?.version ?? 0;
