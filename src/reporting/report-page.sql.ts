import type { Caller } from '../access/caller.js';
import { andOpen, nameUnless } from '../records/search/open-ids.sql.js';
import { GivenConditions } from '../database/given-conditions.js';
import { inOrder, type Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import type { Verdict } from './preliminary-report.js';
import type { ReportStatus } from './report-status.js';
import { LISTED_COLUMNS, type ListedReport } from './reports.sql.js';

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

/** A report as a page lists it; with its Patient where that was asked for. */
export interface PagedReport extends ListedReport {
  /** As the FHIR Patient is served; null where there is none. */
  readonly patientContent?: string | null;
}

/** Those that are open to the caller, newest first. @param withPatients  where all Patients are open to the caller */
export async function reportPage(
  tx: Transaction,
  caller: Caller,
  filter: ReportFilter,
  slice: Slice<ReportPlace>,
  withPatients: boolean,
): Promise<PagedReport[]> {
  const { after, before, limit, backwards } = slice;
  const where = new GivenConditions();
  const { bind } = where;
  where
    .and(filter.studyInstanceUID, (uid) => `study_row = (SELECT s.id FROM study s WHERE s.study_instance_uid = ${bind(uid)})`)
    .and(filter.patientID, (id) => `study_row IN (SELECT s.id FROM study s WHERE s.patient_id = ${bind(id)})`)
    .and(filter.modelName, (name) => `model_name = ${bind(name)}`)
    .and(filter.modelVersion, (version) => `model_version = ${bind(version)}`)
    .and(filter.issuedSince, (since) => `issued >= ${bind(since)}`)
    .and(filter.statuses, (statuses) => `status = ANY(${bind(statuses)})`)
    .and(filter.verdict, (verdict) => `findings @> ${bind(JSON.stringify([{ verdict }]))}`)
    .and(filter.refers, (refers) => (refers ? REFERS : `NOT ${REFERS}`))
    .and(after, (place) => `(issued, id) < (${bind(place.issued)}, ${bind(place.id)})`)
    .and(before, (place) => `(issued, id) > (${bind(place.issued)}, ${bind(place.id)})`);
  const open = andOpen(caller, 'DiagnosticReport', 's', 'id', where.values);
  const name = nameUnless(open, `reporting.page${backwards ? '-back' : ''}${withPatients ? '-patients' : ''}`);
  const order = backwards ? 'issued, id' : 'issued DESC, id DESC';
  const page = `SELECT ${LISTED_COLUMNS} FROM report r WHERE ${where.sql}${open} ORDER BY ${order} LIMIT ${bind(limit)}`;
  const text = withPatients
    ? `SELECT p.*, c.content AS "patientContent" FROM (${page}) AS p
         LEFT JOIN resource c ON c.type = 'Patient' AND c.id = p."patientId" AND NOT c.deleted ORDER BY ${order}`
    : page;
  return inOrder(await tx.rows<PagedReport & Record<string, unknown>>(text, where.values, name && where.nameUnlessGiven(name)), slice);
}

const REFERS = `EXISTS (
  SELECT FROM reading g WHERE g.study_row = r.study_row AND g.model_name = r.model_name AND g.model_version = r.model_version
     AND g.model_sha256 = r.model_sha256 AND (g.result -> 'referral' ->> 'refers')::boolean)`;
