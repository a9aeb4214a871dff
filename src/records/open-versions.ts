import type { Binary } from 'fhir/r4.js';
import type { Caller } from '../access/caller.js';
import { permitOf, requireAll } from '../access/permits.js';
import type { Transaction } from '../database/transaction.js';
import { RecordAbsent } from './faults.js';
import { withPatients } from './patients-said.js';
import { metThen } from './export/as-of.sql.js';
import { openVersion } from './search/open-among.sql.js';
import { permittedCondition } from './search/permitted.js';
import { isServed, SERVED_TYPES } from './served-types.js';
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
  if (caller.rights === undefined || type !== 'Binary' || row === undefined || row.deleted) return row;
  // R4 binary.html: whoever may read what it belongs to may read it.
  const { securityContext } = JSON.parse(row.content) as Binary;
  if (securityContext?.reference === undefined) return row;
  const [, of, to] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(securityContext.reference) ?? [];
  if (of === undefined || !isServed(of) || of === 'Binary' || permitOf(caller, of, 'r') === undefined) return undefined;
  return (await versionOpenTo(tx, caller, { type: of, id: to })) === undefined ? undefined : row;
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
  const condition = caller.rights && type !== undefined && id !== undefined ? permittedCondition(caller, type, 'r') : undefined;
  if (type === undefined || id === undefined) requireAll(caller, type === undefined ? SERVED_TYPES : [type], 'r');
  if (type !== undefined && id !== undefined && condition !== undefined) {
    if ((await openVersion(tx, type, id, [condition])) === undefined) throw new RecordAbsent(type);
    const page = await historyPage(tx, asked);
    const open = await metThen(tx, type, page, [condition]);
    return { rows: page.filter((row) => open.has(row)).map(withPatients), total: undefined };
  }
  const [rows, total] = await Promise.all([
    historyPage(tx, asked),
    type === undefined || id === undefined ? undefined : countVersions(tx, type, id),
  ]);
  if (total === 0) throw new RecordAbsent(type ?? '');
  return { rows: rows.map(withPatients), total };
}
