import type { Caller } from '../access/caller.js';
import { andOpen, nameUnless } from '../records/search/open-ids.sql.js';
import { ownPatientSql } from '../records/search/compartment-patients.js';
import { patientIdSql } from '../archive/study-patient.js';
import type { Transaction } from '../database/transaction.js';
import type { ReportStatus } from './report-status.js';

/** A finding as the report's row keeps it. */
export interface StoredFinding {
  readonly label: string;
  readonly code: string;
  readonly system: string;
  readonly probability: number;
  readonly confidence: number | null;
  readonly uncertainty: number | null;
  readonly operatingThreshold: number;
  readonly verdict: 'present' | 'second-look' | 'absent';
  readonly sopInstanceUID: string;
  readonly provider: string;
}

export interface ReportRow {
  readonly id: string;
  readonly studyRow: number;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly modelSha256: string;
  /** 1 for the first report; one more for the report of what was read after the last was reviewed. */
  readonly cycle: number;
  readonly status: ReportStatus;
  /** Of what the model says; reviews do not count. */
  readonly version: number;
  readonly issued: Date;
  /** When a person last reviewed it. */
  readonly reviewed: Date | null;
  readonly readingsDigest: string;
  readonly conclusion: string;
  readonly findings: readonly StoredFinding[];
}

/** A report as it is listed: with the id of the FHIR Patient whom it is about. */
export interface ListedReport extends ReportRow {
  readonly patientId: string | null;
}

/** A version of a report was issued; the payload is its id. */
export const REPORT_ISSUED = 'report_issued';

/** A report has another status than before, the first one included; the payload is its id. */
export const REPORT_STATUS = 'report_status';

/** Of the table report, as ReportRow names them. */
export const REPORT_COLUMNS = `id, study_row AS "studyRow", model_name AS "modelName", model_version AS "modelVersion", model_sha256 AS "modelSha256",
  cycle, status, version, issued, reviewed, readings_digest AS "readingsDigest", conclusion, findings`;

/** Of the table report as `r`, as ListedReport names them. */
export const LISTED_COLUMNS = `${REPORT_COLUMNS}, coalesce(
    ${patientIdSql('w', 'w.id = r.study_row')},
    (SELECT (${ownPatientSql('d')})[1] FROM resource d WHERE d.type = 'DiagnosticReport' AND d.id = r.id)) AS "patientId"`;

type Row = ReportRow & Record<string, unknown>;
export type ListedRow = ListedReport & Record<string, unknown>;

/** The last report of a study by a model version, locked against a second writer. */
export const lockReport = async (
  tx: Transaction,
  studyRow: number,
  modelName: string,
  modelVersion: string,
): Promise<ReportRow | undefined> =>
  (
    await tx.rows<Row>(
      `SELECT ${REPORT_COLUMNS} FROM report WHERE study_row = $1 AND model_name = $2 AND model_version = $3
        ORDER BY cycle DESC LIMIT 1 FOR UPDATE`,
      [studyRow, modelName, modelVersion],
      'reporting.lock-report',
    )
  )[0];

/** A report, locked against a second writer. */
export const lockReportOf = async (tx: Transaction, id: string): Promise<ReportRow | undefined> =>
  (await tx.rows<Row>(`SELECT ${REPORT_COLUMNS} FROM report WHERE id = $1 FOR UPDATE`, [id], 'reporting.lock-report-of'))[0];

/** Gives a report that is locked to a study's new row. */
export const moveReport = (tx: Transaction, id: string, studyRow: number): Promise<number> =>
  tx.run('UPDATE report SET study_row = $2 WHERE id = $1', [id, studyRow]);

/** What a review made of a report that is locked. */
export const writeReview = async (tx: Transaction, { id, status, reviewed, conclusion, findings }: ReportRow): Promise<void> => {
  await tx.run(
    'UPDATE report SET status = $2, reviewed = $3, conclusion = $4, findings = $5 WHERE id = $1',
    [id, status, reviewed, conclusion, JSON.stringify(findings)],
    'reporting.write-review',
  );
  await tx.rows(`SELECT pg_notify('${REPORT_STATUS}', $1)`, [id], 'reporting.notify-status');
};

/**
 * Writes a version of a report. The unique key decides: of two writers of the same first version one waits, then finds
 * that its version is not the next one and writes nothing. Answers whether this one was written.
 */
export const writeReport = async (tx: Transaction, report: ReportRow): Promise<boolean> => {
  const written = await tx.run(
    `INSERT INTO report (id, study_row, model_name, model_version, model_sha256, cycle, status, version, issued, readings_digest, conclusion, findings)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (study_row, model_name, model_version, cycle) DO UPDATE
        SET model_sha256 = excluded.model_sha256, version = excluded.version, issued = excluded.issued, readings_digest = excluded.readings_digest,
            conclusion = excluded.conclusion, findings = excluded.findings
      WHERE report.version = excluded.version - 1 AND report.status = 'preliminary'`,
    [
      report.id,
      report.studyRow,
      report.modelName,
      report.modelVersion,
      report.modelSha256,
      report.cycle,
      report.status,
      report.version,
      report.issued,
      report.readingsDigest,
      report.conclusion,
      JSON.stringify(report.findings),
    ],
    'reporting.write-report',
  );
  if (written === 1) await tx.rows(`SELECT pg_notify('${REPORT_ISSUED}', $1)`, [report.id], 'reporting.notify');
  if (written === 1 && report.version === 1)
    await tx.rows(`SELECT pg_notify('${REPORT_STATUS}', $1)`, [report.id], 'reporting.notify-status');
  return written === 1;
};

export async function reportsByIds(tx: Transaction, caller: Caller, ids: readonly string[]): Promise<ListedReport[]> {
  const values: unknown[] = [ids];
  const open = andOpen(caller, 'DiagnosticReport', 'r', 'id', values);
  return tx.rows<ListedRow>(
    `SELECT ${LISTED_COLUMNS} FROM report r WHERE id = ANY($1)${open}`,
    values,
    nameUnless(open, 'reporting.by-ids'),
  );
}

/** @param most  rows at most; all unless given */
export async function reportsOfStudies(
  tx: Transaction,
  caller: Caller,
  studyRows: readonly number[],
  most?: number,
): Promise<ListedReport[]> {
  const values: unknown[] = [studyRows, most ?? null];
  const open = andOpen(caller, 'DiagnosticReport', 'r', 'id', values);
  return tx.rows<ListedRow>(
    `SELECT ${LISTED_COLUMNS} FROM report r WHERE study_row = ANY($1)${open} ORDER BY issued DESC, id LIMIT $2`,
    values,
    nameUnless(open, 'reporting.of-studies'),
  );
}
