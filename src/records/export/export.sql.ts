import type { Transaction } from '../../database/transaction.js';
import type { Condition } from '../search/condition.js';
import { patientsSql } from '../search/compartment-patients.js';
import { Bindings } from '../search/condition.sql.js';

export interface ExportJob {
  readonly id: string;
  readonly request: string;
  readonly asked: ExportAsked;
  readonly transactionTime: Date;
  readonly output: ExportOutput | null;
  /** Id of the caller that asked for it. */
  readonly requestedBy: string;
}

/** What is exported. */
export interface ExportAsked {
  readonly types: readonly string[];
  /** An ISO 8601 instant: only what was changed after it. */
  readonly since: string | null;
  /** `Type?query`: of the type only what meets one of its filters. */
  readonly filters: readonly string[];
  /** Of these patients' compartments; of all patients' where it is empty. */
  readonly patients: readonly string[] | null;
}

/** Counts by type; `deleted` is what was deleted since. */
export interface ExportOutput {
  readonly counts: Readonly<Record<string, number>>;
  readonly deleted: number;
}

/**
 * The latest time of which nothing can come to be known any more: before the begin of every transaction that writes now. A
 * second less, as a version's time is taken by the server just before its transaction begins.
 */
export const settledTime = async (tx: Transaction): Promise<Date> =>
  (
    await tx.rows<{ at: Date }>(
      `SELECT least(now(), (SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL))
                - interval '1 second' AS at`,
    )
  )[0].at;

export const insertJob = (tx: Transaction, job: Omit<ExportJob, 'output'>): Promise<number> =>
  tx.run(`INSERT INTO export_job (id, request, asked, transaction_time, requested_by, requested_at) VALUES ($1, $2, $3, $4, $5, now())`, [
    job.id,
    job.request,
    JSON.stringify(job.asked),
    job.transactionTime,
    job.requestedBy,
  ]);

/** Undefined where there is none, or it is older than a day: then it is forgotten. */
export const oneJob = async (tx: Transaction, id: string): Promise<ExportJob | undefined> =>
  (
    await tx.rows<ExportJob & Record<string, unknown>>(
      `SELECT id, request, asked, transaction_time AS "transactionTime", output, requested_by AS "requestedBy" FROM export_job WHERE id = $1 AND requested_at > now() - interval '1 day'`,
      [id],
    )
  )[0];

export const keepOutput = (tx: Transaction, id: string, output: ExportOutput): Promise<number> =>
  tx.run(`UPDATE export_job SET output = $2 WHERE id = $1`, [id, JSON.stringify(output)]);

export const deleteJob = (tx: Transaction, id: string): Promise<number> =>
  tx.run(`DELETE FROM export_job WHERE id = $1 OR requested_at < now() - interval '1 day'`, [id]);

export interface ExportPart {
  readonly type: string;
  readonly at: Date;
  readonly since: Date | undefined;
  readonly conditions: readonly Condition[];
}

/**
 * A resource as it was at a time: its text, of one that was deleted then its last where that is asked for, else empty; null where there
 * was none, or no change since.
 */
export interface ExportedRow {
  readonly id: string;
  readonly content: string | null;
  readonly deleted: boolean | null;
  /** Whom it is about as it is now. */
  readonly patients: readonly string[] | null;
  /** What it is now need not be what it was. */
  readonly isChanged: boolean;
}

/**
 * The next resources of a type in the order of their ids, each as it was at `at`. Each is given once, whatever changes meanwhile:
 * one statement looks at its current version and at those before.
 */
export function exportBatch(tx: Transaction, { type, at, since }: ExportPart, after: string, most: number): Promise<ExportedRow[]> {
  const bindings = new Bindings();
  const [time, from] = [bindings.bind(at, 'timestamptz'), bindings.bind(since ?? new Date(0), 'timestamptz')];
  const last = `SELECT o.content FROM resource_version o WHERE o.type = r.type AND o.id = r.id AND NOT o.deleted AND o.version < v.version
                 ORDER BY o.version DESC LIMIT 1`;
  const content = since === undefined ? 'v.content' : `CASE WHEN v.deleted THEN (${last}) ELSE v.content END`;
  return tx.rows<ExportedRow & Record<string, unknown>>(
    `SELECT r.id, ${content} AS content, v.deleted, ${patientsSql('r')} AS patients, r.last_updated > ${time} OR r.deleted AS "isChanged" FROM resource r
       LEFT JOIN LATERAL (SELECT * FROM (
              SELECT r.version, r.content, r.deleted, r.last_updated WHERE r.last_updated <= ${time}
               UNION ALL
              (SELECT o.version, o.content, o.deleted, o.last_updated FROM resource_version o
                WHERE r.last_updated > ${time} AND o.type = r.type AND o.id = r.id AND o.last_updated <= ${time}
                ORDER BY o.version DESC LIMIT 1)) AS versions WHERE last_updated > ${from}) v ON true
      WHERE r.type = ${bindings.bind(type, 'text')} AND r.id > ${bindings.bind(after, 'text')}
      ORDER BY r.id LIMIT ${bindings.bind(most, 'int')}`,
    bindings.values,
  );
}
