import { numberArray, textArray } from '../../database/array-text.js';
import type { Database } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import { patientsSql } from '../search/compartment-patients.js';
import type { Condition } from '../search/condition.js';
import { allSql, Bindings } from '../search/condition.sql.js';
import { indexRows } from '../search/extract.js';
import { indexInserts } from '../store/index-rows.sql.js';
import type { ExportPart } from './export.sql.js';

/** A resource as it was at a time. */
export interface AsOfRow {
  readonly no: number;
  readonly id: string;
  readonly lastUpdated: Date;
  readonly deleted: boolean;
  /** Its text at that time; of one that was deleted then, its last. Null where it was not there, or not changed since. */
  readonly content: string | null;
  /** Whom it is about as it is now. */
  readonly patients: readonly string[] | null;
  /** The index does not have it as it was then. */
  readonly isChanged: boolean;
}

/**
 * The next resources of a type, in the order of their ids, that meet conditions as they are and were the same at `at`, and those
 * that were not the same then, whatever they are: they were changed after it, or deleted. One statement, so that what changes
 * meanwhile is among the ones or the others.
 */
export function filteredBatch(tx: Transaction, { type, at, since, conditions }: ExportPart, after: string, most: number) {
  const bindings = new Bindings();
  const [time, from] = [bindings.bind(at, 'timestamptz'), bindings.bind(since ?? new Date(0), 'timestamptz')];
  const next = `r.type = ${bindings.bind(type, 'text')} AND r.id > ${bindings.bind(after, 'text')}`;
  const whose = patientsSql('r');
  const limit = `ORDER BY id LIMIT ${bindings.bind(most, 'int')}`;
  return tx.rows<AsOfRow & Record<string, unknown>>(
    `WITH same AS MATERIALIZED (
            SELECT r.no, r.id, r.last_updated, r.deleted, r.content, ${whose} AS patients, false AS changed FROM resource r
             WHERE ${next} AND r.last_updated <= ${time} AND r.last_updated > ${from} AND NOT r.deleted AND ${allSql(conditions, 'r', bindings)} ${limit}),
          bound AS (SELECT CASE WHEN count(*) = ${bindings.bind(most, 'int')} THEN max(id) ELSE '~' END AS last FROM same), -- no id has a ~
          changed AS (
            SELECT r.no, r.id, v.last_updated, v.deleted, CASE WHEN v.deleted THEN (
                     SELECT o.content FROM resource_version o WHERE o.type = r.type AND o.id = r.id AND NOT o.deleted AND o.version < v.version
                      ORDER BY o.version DESC LIMIT 1) ELSE v.content END AS content, ${whose} AS patients, true AS changed
              FROM resource r LEFT JOIN LATERAL (SELECT * FROM (
                     SELECT r.version, r.content, r.deleted, r.last_updated WHERE r.last_updated <= ${time}
                      UNION ALL
                     (SELECT o.version, o.content, o.deleted, o.last_updated FROM resource_version o
                       WHERE r.last_updated > ${time} AND o.type = r.type AND o.id = r.id AND o.last_updated <= ${time}
                       ORDER BY o.version DESC LIMIT 1)) AS versions WHERE last_updated > ${from}) v ON true
             WHERE ${next} AND r.id <= (SELECT last FROM bound) AND (r.last_updated > ${time} OR r.deleted) ${limit})
     SELECT no, id, last_updated AS "lastUpdated", deleted, content, patients, changed AS "isChanged"
       FROM (SELECT * FROM same UNION ALL SELECT * FROM changed) AS found ${limit}`,
    bindings.values,
  );
}

/** What was there at the time. */
type Was = Omit<AsOfRow, 'patients'> & { readonly content: string };

class Undone extends Error {}

/** Which of them meet conditions as they were: they are in the index as that for the length of a transaction that is taken back. */
export async function meetingAsOf(
  database: Database,
  type: string,
  changed: readonly Was[],
  conditions: readonly Condition[],
): Promise<ReadonlySet<number>> {
  if (changed.length === 0 || conditions.length === 0) return new Set(changed.map(({ no }) => no));
  let found: ReadonlySet<number> = new Set();
  await database
    .transaction(async (tx) => {
      // Numbers that no resource has.
      const resources = changed.map(({ no, content }) => ({ no: -no, rows: indexRows(JSON.parse(content) as { resourceType: string }) }));
      const { parts, values } = indexInserts(resources, 1);
      if (parts.length > 0) await tx.run(`WITH ${parts.join(', ')} SELECT 1`, values);
      found = new Set((await matching(tx, type, changed, conditions)).map(({ no }) => -no));
      throw new Undone();
    })
    .catch((error: unknown) => (error instanceof Undone ? undefined : Promise.reject(error)));
  return found;
}

/** Which of some versions met conditions as they were, told within a transaction that goes on: what was deleted met none. */
export async function metThen<
  Row extends { readonly id: string; readonly lastUpdated: Date; readonly deleted: boolean; readonly content: string },
>(tx: Transaction, type: string, versions: readonly Row[], conditions: readonly Condition[]): Promise<ReadonlySet<Row>> {
  const then = versions
    .filter(({ deleted }) => !deleted)
    .map((row, i) => ({ no: i + 1, id: row.id, lastUpdated: row.lastUpdated, deleted: false, content: row.content, isChanged: true, row }));
  if (then.length === 0) return new Set();
  await tx.run('SAVEPOINT met_then');
  const resources = then.map(({ no, content }) => ({ no: -no, rows: indexRows(JSON.parse(content) as { resourceType: string }) }));
  const { parts, values } = indexInserts(resources, 1);
  if (parts.length > 0) await tx.run(`WITH ${parts.join(', ')} SELECT 1`, values);
  const met = new Set((await matching(tx, type, then, conditions)).map(({ no }) => -no));
  await tx.run('ROLLBACK TO SAVEPOINT met_then');
  return new Set(then.filter(({ no }) => met.has(no)).map(({ row }) => row));
}

function matching(tx: Transaction, type: string, changed: readonly Was[], conditions: readonly Condition[]) {
  const bindings = new Bindings();
  const columns = [
    bindings.bind(numberArray(changed.map(({ no }) => -no)), 'bigint[]'),
    bindings.bind(textArray(changed.map(({ id }) => id)), 'text[]'),
    bindings.bind(textArray(changed.map(({ lastUpdated }) => lastUpdated.toISOString())), 'timestamptz[]'),
    bindings.bind(textArray(changed.map(({ content }) => content)), 'text[]'),
  ];
  const asOf = `SELECT u.*, ${bindings.bind(type, 'text')} AS type, false AS deleted FROM unnest(${columns.join(', ')}) AS u (no, id, last_updated, content)`;
  return tx.rows<{ no: number }>(`SELECT r.no FROM (${asOf}) AS r WHERE ${allSql(conditions, 'r', bindings)}`, bindings.values);
}
