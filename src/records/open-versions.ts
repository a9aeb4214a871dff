import type { Binary } from 'fhir/r4.js';
import type { Caller } from '../access/caller.js';
import { permitOf } from '../access/permits.js';
import type { Transaction } from '../database/transaction.js';
import { RecordAbsent } from './faults.js';
import { withPatients } from './patients-said.js';
import { metThen } from './export/as-of.sql.js';
import { openVersion } from './search/open-among.sql.js';
import { permittedCondition, readsAll, readsWhole, requireWhole } from './search/permitted.js';
import { isServed, STORED_TYPES } from './served-types.js';
import { countVersions, historyPage, type HistoryAsked, type HistoryRow } from './store/history.sql.js';
import { currentVersion, oneVersion, type VersionRow } from './store/versions.sql.js';

/** A resource as it is, or as it was in a version. */
interface VersionAsked {
  readonly type: string;
  readonly id: string;
  readonly version?: number | undefined;
}

/**
 * A version, as far as the caller may read it: where only some of the type are open, the resource must be among them as it is, and as
 * it was then. Undefined where it is not there, or not theirs: nobody can tell which. Throws NotPermitted.
 */
export async function versionOpenTo(tx: Transaction, caller: Caller, { type, id, version }: VersionAsked): Promise<VersionRow | undefined> {
  const row = await openByItself(tx, caller, { type, id, version });
  return row === undefined || (await isOpenByContext(tx, caller, row)) ? row : undefined;
}

/** R4 binary.html: whoever may read what a Binary belongs to may read it. Whose a deleted one was nobody can say any more. */
async function isOpenByContext(tx: Transaction, caller: Caller, { type, content, deleted }: VersionRow): Promise<boolean> {
  if (type !== 'Binary' || readsAll(caller)) return true;
  if (deleted) return false;
  const { securityContext } = JSON.parse(content) as Binary;
  if (securityContext?.reference === undefined) return true;
  const [, of, to] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(securityContext.reference) ?? [];
  if (of === undefined || !isServed(of) || of === 'Binary' || permitOf(caller, of, 'r') === undefined) return false;
  return (await versionOpenTo(tx, caller, { type: of, id: to })) !== undefined;
}

async function openByItself(tx: Transaction, caller: Caller, { type, id, version }: VersionAsked): Promise<VersionRow | undefined> {
  const condition = caller.rights && permittedCondition(caller, type, 'r');
  if (condition === undefined) return version === undefined ? currentVersion(tx, type, id) : pastVersion(tx, type, id, version);
  const current = await openVersion(tx, type, id, [condition]);
  if (current === undefined || version === undefined || version === current.version) return current;
  const row = await pastVersion(tx, type, id, version);
  return row !== undefined && (await metThen(tx, type, [row], [condition])).has(row) ? row : undefined;
}

async function pastVersion(tx: Transaction, type: string, id: string, version: number): Promise<VersionRow | undefined> {
  const row = await oneVersion(tx, type, id, version);
  return row && withPatients(row);
}

/**
 * A page of versions that the caller may read, and of one resource how many there are. Where only some of a type are open, the history
 * of one resource is told, of the versions that were open as they were; that of the type is not. Throws RecordAbsent, NotPermitted.
 */
export async function versionsOpenTo(
  tx: Transaction,
  caller: Caller,
  asked: HistoryAsked,
): Promise<{ rows: HistoryRow[]; total: number | undefined }> {
  const { type, id } = asked;
  if (type === undefined || id === undefined) requireWhole(caller, type === undefined ? STORED_TYPES : [type]);
  else if (caller.rights !== undefined && (!readsWhole(caller, type) || permittedCondition(caller, type, 'r') !== undefined))
    return { rows: await openOfOne(tx, caller, asked, { type, id }), total: undefined };
  const [rows, total] = await Promise.all([
    historyPage(tx, asked),
    type === undefined || id === undefined ? undefined : countVersions(tx, type, id),
  ]);
  if (total === 0) throw new RecordAbsent(type ?? '');
  return { rows: rows.map(withPatients), total };
}

/** Of one resource that is open as it is, the versions that were. */
async function openOfOne(tx: Transaction, caller: Caller, asked: HistoryAsked, { type, id }: VersionAsked): Promise<HistoryRow[]> {
  const current = await versionOpenTo(tx, caller, { type, id });
  if (current === undefined || current.deleted) throw new RecordAbsent(type);
  const page = await historyPage(tx, asked);
  const condition = permittedCondition(caller, type, 'r');
  const met = condition === undefined ? new Set(page) : await metThen(tx, type, page, [condition]);
  const open: HistoryRow[] = [];
  for (const row of page) if (met.has(row) && (await isOpenByContext(tx, caller, row))) open.push(withPatients(row));
  return open;
}
