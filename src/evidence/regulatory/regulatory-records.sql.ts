import { inOrder, type Slice } from '../../database/slice.js';
import { GivenConditions } from '../../database/given-conditions.js';
import type { Transaction } from '../../database/transaction.js';
import type { RecordReference } from '../studies/protocol.js';

/** A version of a record as it is kept. */
export interface StoredRecord extends RecordReference {
  readonly type: string;
  /** Canonical (RFC 8785); `sha256` is of its bytes in UTF-8. */
  readonly content: string;
  readonly reason: string;
  readonly createdAt: Date;
  readonly createdBy: string;
}

type Row = StoredRecord & Record<string, unknown>;

const COLUMNS = `type, id, version, content, encode(sha256, 'hex') AS sha256, reason, created_at AS "createdAt", created_by AS "createdBy"`;

export type NewVersion = Omit<StoredRecord, 'createdAt'>;

/** Undefined where the version is there: somebody else wrote it first. The database refuses a gap. */
export const insertVersion = async (
  tx: Transaction,
  { type, id, version, content, sha256, reason, createdBy }: NewVersion,
): Promise<StoredRecord | undefined> =>
  (
    await tx.rows<Row>(
      `INSERT INTO regulatory_record (type, id, version, content, sha256, reason, created_by)
       VALUES ($1, $2, $3, $4, decode($5, 'hex'), $6, $7) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
      [type, id, version, content, sha256, reason, createdBy],
      'regulatory.insert',
    )
  )[0];

/** @param version  the newest where undefined */
export const recordVersion = async (tx: Transaction, type: string, id: string, version?: number): Promise<StoredRecord | undefined> =>
  (
    await tx.rows<Row>(
      `SELECT ${COLUMNS} FROM regulatory_record WHERE type = $1 AND id = $2 AND ($3::int IS NULL OR version = $3)
        ORDER BY version DESC LIMIT 1`,
      [type, id, version ?? null],
      'regulatory.version',
    )
  )[0];

/** The newest version of each record of a type, by id. */
export async function newestPage(tx: Transaction, type: string, slice: Slice<string>): Promise<StoredRecord[]> {
  const where = new GivenConditions();
  const { bind } = where;
  where
    .and(type, (one) => `type = ${bind(one)}`)
    .and(slice.after, (id) => `id > ${bind(id)}`)
    .and(slice.before, (id) => `id < ${bind(id)}`);
  const order = slice.backwards ? 'DESC' : 'ASC';
  const rows = await tx.rows<Row>(
    `SELECT DISTINCT ON (id) ${COLUMNS} FROM regulatory_record WHERE ${where.sql} ORDER BY id ${order}, version DESC LIMIT ${bind(slice.limit)}`,
    where.values,
  );
  return inOrder(rows, slice);
}

/** Of those that are there with that very content; in any order. */
export const recordsAt = (tx: Transaction, references: readonly RecordReference[]): Promise<StoredRecord[]> =>
  tx.rows<Row>(
    `SELECT ${COLUMNS} FROM regulatory_record WHERE (id, version, sha256) IN (
       SELECT asked.id, asked.version, decode(asked.sha256, 'hex')
         FROM unnest($1::text[], $2::int[], $3::text[]) AS asked (id, version, sha256))`,
    [references.map(({ id }) => id), references.map(({ version }) => version), references.map(({ sha256 }) => sha256)],
    'regulatory.references',
  );

/** The first version of a type with that content. */
export const recordOfHash = async (tx: Transaction, type: string, sha256: string): Promise<StoredRecord | undefined> =>
  (
    await tx.rows<Row>(
      `SELECT ${COLUMNS} FROM regulatory_record WHERE type = $1 AND sha256 = decode($2, 'hex') ORDER BY created_at, id, version LIMIT 1`,
      [type, sha256],
      'regulatory.by-hash',
    )
  )[0];

/** What the file has of what a study is about: the intended use that its protocol names, the model and its card by their bytes, and what was decided of that use, with the devices. */
export const recordsAbout = (
  tx: Transaction,
  {
    intendedUse,
    onnxSha256,
    cardSha256,
  }: { readonly intendedUse: RecordReference; readonly onnxSha256: string; readonly cardSha256: string },
): Promise<StoredRecord[]> =>
  tx.rows<Row>(
    `WITH decided AS (SELECT * FROM regulatory_record WHERE type = 'classification-decision' AND content::jsonb #>> '{intendedUse,sha256}' = $3)
     SELECT ${COLUMNS} FROM regulatory_record r
      WHERE (type = 'intended-use' AND id = $1 AND version = $2 AND encode(sha256, 'hex') = $3)
         OR (type = 'model-card' AND encode(sha256, 'hex') = $5)
         OR (type = 'model-version' AND content::jsonb ->> 'onnxSha256' = $4)
         OR (type = 'classification-decision' AND (id, version) IN (SELECT id, version FROM decided))
         OR (type = 'device' AND encode(sha256, 'hex') IN (SELECT content::jsonb #>> '{device,sha256}' FROM decided))
      ORDER BY type, id, version`,
    [intendedUse.id, intendedUse.version, intendedUse.sha256, onnxSha256, cardSha256],
  );
