import type { Caller } from '../../access/caller.js';
import type { Interaction } from '../../access/grant.js';
import { Bindings, conditionSql } from './condition.sql.js';
import type { Condition } from './condition.js';
import { permittedCondition, studiesByPatient } from './permitted.js';
import { searchParameters } from './search-parameters.js';

/**
 * SQL of the ids of the resources of a type that are open to a caller, for rooms whose rows have a FHIR form; undefined where all are.
 * Throws NotPermitted.
 */
export function openIdsSql(caller: Caller, type: string, interaction: Interaction, bindings: Bindings): string | undefined {
  const condition = permittedCondition(caller, type, interaction);
  if (condition === undefined) return undefined;
  const r = bindings.alias();
  return `SELECT ${r}.id FROM resource ${r} WHERE ${r}.type = ${bindings.bind(type, 'text')} AND NOT ${r}.deleted AND ${conditionSql(condition, r, bindings)}`;
}

const [STUDY_UID] =
  searchParameters('ImagingStudy')
    .get('identifier')
    ?.searched.map(({ numbers }) => numbers.own) ?? [];
/** An ImagingStudy's identifier of its Study Instance UID: `urn:oid:` before it. */
const BEFORE_UID = 'urn:oid:'.length;

/**
 * SQL of the Study Instance UIDs whose ImagingStudy is open to a caller; undefined where all are. Of the archive's own ImagingStudies
 * alone: what clients write of a study opens none. Throws NotPermitted.
 */
export function openStudiesSql(caller: Caller, interaction: Interaction, bindings: Bindings): string | undefined {
  const condition = permittedCondition(caller, 'ImagingStudy', interaction);
  return condition === undefined ? undefined : studiesSql(condition, bindings);
}

function studiesSql(condition: Condition, bindings: Bindings): string {
  const [r, t] = [bindings.alias(), bindings.alias()];
  return `SELECT substr(${t}.value, ${BEFORE_UID + 1}) FROM resource ${r} JOIN search_token ${t} ON ${t}.resource = ${r}.no
           WHERE ${t}.parameter = ${STUDY_UID} AND ${t}.system = 'urn:dicom:uid' AND starts_with(${t}.value, 'urn:oid:')
             AND ${r}.type = 'ImagingStudy' AND ${r}.owned AND NOT ${r}.deleted
             AND ${conditionSql(condition, r, bindings)}`;
}

/** ` AND …`: only rows of studies that are open, by the column of their UID; empty where all are. @param values  of the statement: what it binds is added */
export function andOpenStudy(caller: Caller, interaction: Interaction, column: string, values: unknown[]): string {
  const open = openStudiesSql(caller, interaction, new Bindings(values));
  return open === undefined ? '' : ` AND ${column} IN (${open})`;
}

/** The same of rows whose FHIR form has their id. */
export function andOpen(caller: Caller, type: string, interaction: Interaction, column: string, values: unknown[]): string {
  const open = openIdsSql(caller, type, interaction, new Bindings(values));
  return open === undefined ? '' : ` AND ${column} IN (${open})`;
}

/** A statement's name, which stands for one text alone: what is narrowed to a caller has none. */
export const nameUnless = (narrowing: string, name: string): string | undefined => (narrowing === '' ? name : undefined);

/**
 * ` AND …`: only rows of studies that are open, and of which what has the type's nature is (studiesByPatient); empty where all are.
 * @param column  of the study's row
 */
export function andOfOpenStudy(caller: Caller, type: string, interaction: Interaction, column: string, values: unknown[]): string {
  const bindings = new Bindings(values);
  const byType = studiesByPatient(caller, type, interaction);
  const all = [openStudiesSql(caller, interaction, bindings), byType && studiesSql(byType, bindings)].filter((one) => one !== undefined);
  return all.map((uids) => ` AND ${column} IN (SELECT o.id FROM study o WHERE o.study_instance_uid IN (${uids}))`).join('');
}
