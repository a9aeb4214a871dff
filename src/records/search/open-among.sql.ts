import type { Caller } from '../../access/caller.js';
import { NotPermitted, permitOf } from '../../access/permits.js';
import type { Transaction } from '../../database/transaction.js';
import type { VersionRow } from '../store/versions.sql.js';
import { patientsSql } from './compartment-patients.js';
import type { Condition } from './condition.js';
import { allSql, Bindings } from './condition.sql.js';
import { permittedCondition, readsAll } from './permitted.js';

/** Those of some resources, by what the index knows them by, that meet conditions as they are now. */
export async function openNumbers(tx: Transaction, numbers: readonly number[], conditions: readonly Condition[]): Promise<Set<number>> {
  const bindings = new Bindings();
  const rows = await tx.rows<{ no: number }>(
    `SELECT r.no FROM resource r WHERE r.no = ANY(${bindings.bind(numbers, 'bigint[]')}) AND ${allSql(conditions, 'r', bindings)}`,
    bindings.values,
  );
  return new Set(rows.map(({ no }) => no));
}

/** The current versions of resources of a type that meet conditions, by their ids, in any order. */
export async function openVersions(
  tx: Transaction,
  type: string,
  ids: readonly string[],
  conditions: readonly Condition[],
): Promise<VersionRow[]> {
  const bindings = new Bindings();
  return tx.rows<VersionRow & Record<string, unknown>>(
    `SELECT r.type, r.id, r.version, r.last_updated AS "lastUpdated", r.content, r.deleted, ${patientsSql('r')} AS patients
       FROM resource r WHERE r.type = ${bindings.bind(type, 'text')} AND r.id = ANY(${bindings.bind(ids, 'text[]')}) AND NOT r.deleted
        AND ${allSql(conditions, 'r', bindings)}`,
    bindings.values,
  );
}

/** Of resources that others brought along, those that the caller may look at. */
export async function openAmong<Row extends { readonly no: number; readonly type: string }>(
  tx: Transaction,
  caller: Caller,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (caller.rights === undefined || rows.length === 0) return rows;
  const open = new Set<number>();
  for (const [type, some] of Map.groupBy(rows, (row) => row.type)) {
    const interaction = (['r', 's'] as const).find((one) => permitOf(caller, type, one) !== undefined);
    if (interaction === undefined) continue;
    const condition = permittedCondition(caller, type, interaction);
    // Whose a Binary is may say a context of any type (versionOpenTo): it is not brought along where only some of them are open.
    if (type === 'Binary' && condition === undefined && !readsAll(caller)) continue;
    const numbers = some.map(({ no }) => no);
    for (const no of condition === undefined ? numbers : await openNumbers(tx, numbers, [condition])) open.add(no);
  }
  return rows.filter(({ no }) => open.has(no));
}

/** The current version of a resource that meets conditions; undefined where it does not, is deleted or is not there. */
export async function openVersion(
  tx: Transaction,
  type: string,
  id: string,
  conditions: readonly Condition[],
  whose: 'anybody’s' | 'the server’s' = 'anybody’s',
): Promise<(VersionRow & { readonly no: number }) | undefined> {
  const bindings = new Bindings();
  const rows = await tx.rows<VersionRow & { no: number }>(
    `SELECT r.no, r.type, r.id, r.version, r.last_updated AS "lastUpdated", r.content, r.deleted, ${patientsSql('r')} AS patients
       FROM resource r WHERE r.type = ${bindings.bind(type, 'text')} AND r.id = ${bindings.bind(id, 'text')} AND NOT r.deleted AND ${whose === 'anybody’s' ? 'true' : 'r.owned'}
        AND ${allSql(conditions, 'r', bindings)}`,
    bindings.values,
  );
  return rows[0];
}

/** For what is given whole or not at all. Throws NotPermitted where something of it is not open to the caller. */
export async function requireOpen(
  tx: Transaction,
  caller: Caller,
  rows: readonly { readonly no: number; readonly type: string }[],
): Promise<void> {
  const open = new Set((await openAmong(tx, caller, rows)).map(({ no }) => no));
  const shut = rows.find(({ no }) => !open.has(no));
  if (shut !== undefined) throw new NotPermitted(shut.type, 'r');
}
