import { inOrder, type Slice } from '../database/slice.js';
import type { Transaction } from '../database/transaction.js';
import type { DicomJson } from '../dicom/dicom-json.js';
import type { WorkitemState } from './workitem-attributes.js';
import { keyCondition, type WorkitemKey } from './workitem-keys.js';

export interface WorkitemRow {
  readonly id: number;
  readonly workitemUID: string;
  readonly state: WorkitemState;
  readonly transactionUID: string | null;
  readonly attributes: DicomJson;
}
type Row = WorkitemRow & Record<string, unknown>;

const COLUMNS = 'id, workitem_uid AS "workitemUID", state, transaction_uid AS "transactionUID", attributes';

/** The new row's id; undefined where the UID is taken. */
export const insertWorkitem = async (tx: Transaction, workitemUID: string, attributes: DicomJson): Promise<number | undefined> =>
  (
    await tx.rows<{ id: number }>(
      `INSERT INTO workitem (workitem_uid, state, attributes) VALUES ($1, 'SCHEDULED', $2::jsonb)
       ON CONFLICT (workitem_uid, tenant) DO NOTHING RETURNING id`,
      [workitemUID, JSON.stringify(attributes)],
      'worklist.insert',
    )
  )[0]?.id;

export const workitemOf = async (tx: Transaction, workitemUID: string): Promise<WorkitemRow | undefined> =>
  (await tx.rows<Row>(`SELECT ${COLUMNS} FROM workitem WHERE workitem_uid = $1`, [workitemUID], 'worklist.read'))[0];

/** The same, held for this transaction: of two that want to take a workitem, one waits and finds it taken. */
export const lockWorkitem = async (tx: Transaction, workitemUID: string): Promise<WorkitemRow | undefined> =>
  (await tx.rows<Row>(`SELECT ${COLUMNS} FROM workitem WHERE workitem_uid = $1 FOR UPDATE`, [workitemUID], 'worklist.lock'))[0];

export const writeWorkitem = (tx: Transaction, { id, state, transactionUID, attributes }: WorkitemRow) =>
  tx.run(
    `UPDATE workitem SET state = $2, transaction_uid = $3, attributes = $4::jsonb WHERE id = $1`,
    [id, state, transactionUID, JSON.stringify(attributes)],
    'worklist.write',
  );

/** A workitem was made or changed; the payload is its UID. */
export const WORKLIST_CHANGED = 'worklist_changed';

export const tellChanged = (tx: Transaction, workitemUID: string) =>
  tx.rows(`SELECT pg_notify('${WORKLIST_CHANGED}', $1)`, [workitemUID], 'worklist.tell-changed');

/** Workitems by their UIDs, in any order. */
export const workitemsOf = (tx: Transaction, workitemUIDs: readonly string[]) =>
  tx.rows<Row>(`SELECT ${COLUMNS} FROM workitem WHERE workitem_uid = ANY($1)`, [workitemUIDs], 'worklist.of');

/** A stretch of the workitems that match every key, in the order of their creation; places are their rows. */
export async function workitemPage(tx: Transaction, keys: readonly WorkitemKey[], slice: Slice<number>): Promise<WorkitemRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = keys.map((key) => keyCondition(key, bind)).filter((one) => one !== undefined);
  if (slice.after !== undefined) conditions.push(`id > ${bind(slice.after)}`);
  if (slice.before !== undefined) conditions.push(`id < ${bind(slice.before)}`);
  const rows = await tx.rows<Row>(
    `SELECT ${COLUMNS} FROM workitem ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
      ORDER BY id ${slice.backwards ? 'DESC' : 'ASC'} LIMIT ${bind(slice.limit)}`,
    values,
  );
  return inOrder(rows, slice);
}

/** Workitems that match every key, in the order of their creation. */
export function matchingWorkitems(tx: Transaction, keys: readonly WorkitemKey[], limit: number, offset: number): Promise<WorkitemRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = conditionsOf(keys, bind);
  return tx.rows<Row>(`SELECT ${COLUMNS} FROM workitem ${conditions} ORDER BY id LIMIT ${bind(limit)} OFFSET ${bind(offset)}`, values);
}

/** `WHERE …`, or nothing. */
export function conditionsOf(keys: readonly WorkitemKey[], bind: (value: unknown) => string): string {
  const conditions = keys.map((key) => keyCondition(key, bind)).filter((one) => one !== undefined);
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}
