import { IN_COMPARTMENT } from './compartment-patients.js';
import type { Condition } from './condition.js';

/** Collects what a statement's `$1`, `$2` stand for, as Bindings. */
interface Binder {
  bind(value: unknown, type: string): string;
  alias(): string;
}

type NoOther = Extract<Condition, { kind: 'noOther' }>;

/** Elements that say whom a resource is about: who is named there without a reference, or by one to what it contains, is nobody that is known. */
const WHOSE = ['$.subject', '$.patient', '$.target', '$.member.entity'];
const UNKNOWN = WHOSE.map((path) => `${path} ? (!exists(@.reference) || @.reference starts with "#")`);

/**
 * That a resource is about no Patient but one, or about none: no reference by the parameters leads to another, here or elsewhere, and
 * nobody is named otherwise. Of what is nobody's nothing at all refers to a Patient; what is one patient's is of nothing here that is
 * another's.
 */
export function noOtherSql(condition: NoOther, r: string, bindings: Binder): string {
  const { parameters, patient } = condition;
  const found = [
    ...(parameters.length === 0 ? [] : [refersSql(parameters, patient, r, bindings)]),
    ...UNKNOWN.map((path) => has(r, path, bindings)),
    ...(patient === undefined
      ? [`strpos(${r}.content, 'Patient/') > 0`, has(r, '$.contained ? (@.resourceType == "Patient")', bindings)]
      : throughSql(condition.through, patient, r, bindings)),
  ];
  return `NOT (${found.join(' OR ')})`;
}

/** A reference by the parameters leads to another Patient, or to one elsewhere. */
function refersSql(parameters: readonly number[], patient: string | undefined, r: string, bindings: Binder): string {
  const s = bindings.alias();
  const isOther = patient === undefined ? 'true' : `${s}.target_id <> ${bindings.bind(patient, 'text')}`;
  const elsewhere = `strpos(${s}.target_id, '/Patient/') > 0 OR starts_with(${s}.target_id, 'urn:')`;
  const refers = `${s}.target_type = 'Patient' AND ${isOther} OR ${s}.target_type = '' AND (${elsewhere})`;
  return `EXISTS (SELECT FROM search_reference ${s} WHERE ${s}.resource = ${r}.no AND ${s}.parameter IN (${parameters.join(', ')}) AND (${refers}))`;
}

/**
 * A reference leads to something here that is in another's compartment: mostly its own column tells (TimelinePlace). Whose something was
 * that is deleted nobody can say any more.
 */
function throughSql(parameters: readonly number[], patient: string, r: string, bindings: Binder): string[] {
  if (parameters.length === 0) return [];
  const [s, t] = [bindings.alias(), bindings.alias()];
  const isOthers = `CASE WHEN ${t}.deleted THEN true
        WHEN ${t}.type = 'Patient' THEN ${t}.id <> ${bindings.bind(patient, 'text')}
        WHEN ${t}.patient IS NOT NULL THEN ${t}.patient <> ${bindings.bind(patient, 'text')}
        ELSE ${refersSql(IN_COMPARTMENT, patient, t, bindings)} END`;
  return [
    `EXISTS (SELECT FROM search_reference ${s} JOIN resource ${t} ON ${t}.type = ${s}.target_type AND ${t}.id = ${s}.target_id
       WHERE ${s}.resource = ${r}.no AND ${s}.parameter IN (${parameters.join(', ')}) AND ${isOthers})`,
  ];
}

const has = (r: string, path: string, bindings: Binder): string =>
  `jsonb_path_exists(${r}.content::jsonb, ${bindings.bind(path, 'jsonpath')})`;
