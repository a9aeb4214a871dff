import type { Caller } from '../access/caller.js';
import { andOfOpenStudy, nameUnless } from '../records/search/open-ids.sql.js';
import { GivenConditions } from '../database/given-conditions.js';
import { inOrder, type Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import type { Decision } from './decision-record.js';
import type { ReadingState } from './inference.entity.js';
import type { AttentionMap, ImageReading } from './reading.js';
import type { LoadedModel } from './registry.js';
import type { SharpnessSource } from './sharpness-history.js';

/** What is written of one instance and one model version. */
export interface NewReading {
  readonly studyRow: number;
  readonly instanceRow: number;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly modelSha256: string;
  readonly state: ReadingState;
  /** Where its sharpness counts; of what was read. */
  readonly source?: SharpnessSource;
  readonly why?: { readonly code: string; readonly text: string };
  readonly reading?: ImageReading;
}

/** The same before it is written, with what its record in the ledger tells of how it was decided. */
export interface MadeReading extends NewReading, Pick<Decision, 'files'> {
  /** Absent where the server has none. */
  readonly model?: LoadedModel;
}

export interface ReadingRow {
  readonly id: number;
  readonly studyRow: number;
  readonly instanceRow: number;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly modelSha256: string;
  readonly state: ReadingState;
  readonly reasonCode: string | null;
  readonly reason: string | null;
  readonly reading: ImageReading | null;
  readonly madeAt: Date;
}

/** Writes readings; one that is there already stays. Answers the instances whose reading is new. */
export const insertReadings = (tx: Transaction, readings: readonly NewReading[]) => {
  const column = <T>(pick: (one: NewReading) => T): T[] => readings.map(pick);
  return tx.rows<{ instanceRow: number; modelSha256: string }>(
    `INSERT INTO reading (study_row, instance_row, model_name, model_version, model_sha256, state, reason_code, reason, result, map_rows, map_columns, map_values)
     SELECT study_row, instance_row, name, version, sha256, state, code, reason, result::jsonb, map_rows, map_columns, decode(map_values, 'hex')
       FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[], $11::int[], $12::text[])
         AS r (study_row, instance_row, name, version, sha256, state, code, reason, result, map_rows, map_columns, map_values)
      ORDER BY instance_row ON CONFLICT (instance_row, model_name, model_version, model_sha256) DO NOTHING
  RETURNING instance_row AS "instanceRow", model_sha256 AS "modelSha256"`,
    [
      column((r) => r.studyRow),
      column((r) => r.instanceRow),
      column((r) => r.modelName),
      column((r) => r.modelVersion),
      column((r) => r.modelSha256),
      column((r) => r.state),
      column((r) => r.why?.code ?? null),
      column((r) => r.why?.text ?? null),
      column((r) => (r.reading ? JSON.stringify({ ...r.reading, attentionMap: undefined }) : null)),
      column((r) => r.reading?.attentionMap?.rows ?? null),
      column((r) => r.reading?.attentionMap?.columns ?? null),
      column((r) => (r.reading?.attentionMap ? mapBytes(r.reading.attentionMap).toString('hex') : null)),
    ],
    'inference.insert-readings',
  );
};

/** Which instances of a study a model's bytes have read, or said why not. */
export const readInstances = (tx: Transaction, studyRow: number) =>
  tx.rows<{ instanceRow: number; modelSha256: string; state: ReadingState }>(
    `SELECT instance_row AS "instanceRow", model_sha256 AS "modelSha256", state FROM reading WHERE study_row = $1`,
    [studyRow],
    'inference.read-instances',
  );

interface StoredReading extends Omit<ReadingRow, 'reading'> {
  readonly result: Omit<ImageReading, 'attentionMap'> | null;
  readonly mapRows: number | null;
  readonly mapColumns: number | null;
  readonly mapValues: Buffer | null;
}

const COLUMNS = `id, study_row AS "studyRow", instance_row AS "instanceRow", model_name AS "modelName", model_version AS "modelVersion",
  model_sha256 AS "modelSha256", state, reason_code AS "reasonCode", reason, result, map_rows AS "mapRows",
  map_columns AS "mapColumns", map_values AS "mapValues", made_at AS "madeAt"`;

/** Readings of studies that are open to the caller, oldest first. */
export async function readingsOfStudies(tx: Transaction, caller: Caller, studyRows: readonly number[]): Promise<ReadingRow[]> {
  const values: unknown[] = [studyRows];
  const open = andOfOpenStudy(caller, 'Observation', 'r', 'study_row', values);
  const rows = await tx.rows<StoredReading & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM reading WHERE study_row = ANY($1)${open} ORDER BY instance_row, id`,
    values,
    nameUnless(open, 'inference.readings-of-studies'),
  );
  return rows.map(readingRow);
}

/** The same of instances. */
export async function readingsOfInstances(
  tx: Transaction,
  caller: Caller,
  instanceRows: readonly number[],
  most: number,
): Promise<ReadingRow[]> {
  const values: unknown[] = [instanceRows, most];
  const open = andOfOpenStudy(caller, 'Observation', 'r', 'study_row', values);
  const rows = await tx.rows<StoredReading & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM reading WHERE instance_row = ANY($1)${open} ORDER BY instance_row, id LIMIT $2`,
    values,
    nameUnless(open, 'inference.readings-of-instances'),
  );
  return rows.map(readingRow);
}

/** What a model version made of a study. */
export interface ModelOfStudy {
  readonly studyRow: number;
  readonly modelName: string;
  readonly modelVersion: string;
}

/** Readings of studies by one model version each, where the study is open to the caller, oldest first. */
export async function readingsByModel(
  tx: Transaction,
  caller: Caller,
  asked: readonly ModelOfStudy[],
  most: number,
): Promise<ReadingRow[]> {
  const values: unknown[] = [
    asked.map(({ studyRow }) => studyRow),
    asked.map(({ modelName }) => modelName),
    asked.map(({ modelVersion }) => modelVersion),
    most,
  ];
  const open = andOfOpenStudy(caller, 'Observation', 'r', 'study_row', values);
  const rows = await tx.rows<StoredReading & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM reading
      WHERE (study_row, model_name, model_version) IN (SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[]))${open}
      ORDER BY instance_row, id LIMIT $4`,
    values,
    nameUnless(open, 'inference.readings-by-model'),
  );
  return rows.map(readingRow);
}

/** Readings by their rows, where the study is open to the caller. */
export async function readingsByRow(tx: Transaction, caller: Caller, readingRows: readonly number[]): Promise<ReadingRow[]> {
  const values: unknown[] = [readingRows];
  const open = andOfOpenStudy(caller, 'Observation', 'r', 'study_row', values);
  const rows = await tx.rows<StoredReading & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM reading WHERE id = ANY($1)${open}`,
    values,
    nameUnless(open, 'inference.readings-by-row'),
  );
  return rows.map(readingRow);
}

export interface ReadingFilter {
  readonly studyInstanceUID?: string | null;
  readonly modelName?: string | null;
  readonly modelVersion?: string | null;
  readonly state?: ReadingState | null;
}

/** Of studies that are open to the caller, newest first. */
export async function readingPage(tx: Transaction, caller: Caller, filter: ReadingFilter, slice: Slice<number>): Promise<ReadingRow[]> {
  const where = new GivenConditions();
  const { bind } = where;
  where
    .and(filter.studyInstanceUID, (uid) => `study_row = (SELECT s.id FROM study s WHERE s.study_instance_uid = ${bind(uid)})`)
    .and(filter.modelName, (name) => `model_name = ${bind(name)}`)
    .and(filter.modelVersion, (version) => `model_version = ${bind(version)}`)
    .and(filter.state, (state) => `state = ${bind(state)}`)
    .and(slice.after, (row) => `id < ${bind(row)}`)
    .and(slice.before, (row) => `id > ${bind(row)}`);
  const open = andOfOpenStudy(caller, 'Observation', 's', 'study_row', where.values);
  const name = nameUnless(open, slice.backwards ? 'inference.reading-page-back' : 'inference.reading-page');
  const rows = await tx.rows<StoredReading & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM reading WHERE ${where.sql}${open} ORDER BY id ${slice.backwards ? 'ASC' : 'DESC'} LIMIT ${bind(slice.limit)}`,
    where.values,
    name && where.nameUnlessGiven(name),
  );
  return inOrder(rows, slice).map(readingRow);
}

/** Takes away what a study's images were not read for, or failed by, so that it is tried again: of one model, or of all. */
export const dropUnread = (tx: Transaction, studyRow: number, modelName: string | null) =>
  tx.run(
    `DELETE FROM reading WHERE study_row = $1 AND state <> 'read' AND ($2::text IS NULL OR model_name IN ($2, 'none'))`,
    [studyRow, modelName],
    'inference.drop-unread',
  );

function readingRow({ result, mapRows, mapColumns, mapValues, ...row }: StoredReading): ReadingRow {
  const attentionMap =
    mapRows !== null && mapColumns !== null && mapValues !== null
      ? { rows: mapRows, columns: mapColumns, values: new Float32Array(new Uint8Array(mapValues).buffer) }
      : undefined;
  return { ...row, reading: result === null ? null : { ...result, attentionMap } };
}

/** float32 little endian, as every platform we run on holds it. */
const mapBytes = ({ values }: AttentionMap): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
