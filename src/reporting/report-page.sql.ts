import type { Caller } from '../access/caller.js';
import { andOpen, nameUnless } from '../records/search/open-ids.sql.js';
import { inOrder, type Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import type { Verdict } from './preliminary-report.js';
import type { ReportStatus } from './report-status.js';
import { REPORT_COLUMNS, type ReportRow } from './reports.sql.js';

export interface ReportFilter {
  readonly studyInstanceUID?: string | null;
  readonly patientID?: string | null;
  readonly modelName?: string | null;
  readonly modelVersion?: string | null;
  readonly issuedSince?: Date | null;
  readonly statuses?: readonly ReportStatus[] | null;
  /** Of one of its findings. */
  readonly verdict?: Verdict | null;
  /** Whether the measure of doubt of its model asks for a second look at one of its images. */
  readonly refers?: boolean | null;
}

/** A place in the order: when, and the id that makes it unique. */
export interface ReportPlace {
  readonly issued: Date;
  readonly id: string;
}

/** Those that are open to the caller, newest first. */
export async function reportPage(tx: Transaction, caller: Caller, filter: ReportFilter, slice: Slice<ReportPlace>): Promise<ReportRow[]> {
  const { after, before, limit, backwards } = slice;
  const values: unknown[] = [
    filter.studyInstanceUID ?? null,
    filter.patientID ?? null,
    filter.modelName ?? null,
    filter.modelVersion ?? null,
    filter.issuedSince ?? null,
    filter.statuses ?? null,
    filter.verdict == null ? null : JSON.stringify([{ verdict: filter.verdict }]),
    filter.refers ?? null,
    after?.issued ?? null,
    after?.id ?? null,
    before?.issued ?? null,
    before?.id ?? null,
    limit,
  ];
  const open = andOpen(caller, 'DiagnosticReport', 's', 'id', values);
  const rows = await tx.rows<ReportRow & Record<string, unknown>>(
    `SELECT ${REPORT_COLUMNS} FROM report r
      WHERE ($1::text IS NULL OR study_row = (SELECT s.id FROM study s WHERE s.study_instance_uid = $1))
        AND ($2::text IS NULL OR study_row IN (SELECT s.id FROM study s WHERE s.patient_id = $2))
        AND ($3::text IS NULL OR model_name = $3) AND ($4::text IS NULL OR model_version = $4)
        AND ($5::timestamptz IS NULL OR issued >= $5) AND ($6::text[] IS NULL OR status = ANY($6))
        AND ($7::jsonb IS NULL OR findings @> $7)
        AND ($8::boolean IS NULL OR $8 = EXISTS (
              SELECT FROM reading g WHERE g.study_row = r.study_row AND g.model_name = r.model_name AND g.model_version = r.model_version
                 AND g.model_sha256 = r.model_sha256 AND (g.result -> 'referral' ->> 'refers')::boolean))
        AND ($9::timestamptz IS NULL OR (issued, id) < ($9, $10)) AND ($11::timestamptz IS NULL OR (issued, id) > ($11, $12))${open}
      ORDER BY ${backwards ? 'issued, id' : 'issued DESC, id DESC'} LIMIT $13`,
    values,
    nameUnless(open, backwards ? 'reporting.page-back' : 'reporting.page'),
  );
  return inOrder(rows, slice);
}
