import type { Condition } from './condition.js';

/** Collects what a statement's `$1`, `$2` stand for, as Bindings. */
interface Binder {
  bind(value: unknown, type: string): string;
  alias(): string;
}

/** Elements that say whom a resource is about: who is named there without a reference, or by one to what it contains, is nobody that is known. */
const WHOSE = ['$.subject', '$.patient', '$.target', '$.member.entity'];
const UNKNOWN = WHOSE.map((path) => `${path} ? (!exists(@.reference) || @.reference starts with "#")`);

/**
 * That a resource is about no Patient but one, or about none: no reference by the parameters leads to another, here or elsewhere, and
 * nobody is named otherwise. Of what is nobody's nothing at all refers to a Patient.
 */
export function noOtherSql({ parameters, patient }: Extract<Condition, { kind: 'noOther' }>, r: string, bindings: Binder): string {
  const s = bindings.alias();
  const isOther = patient === undefined ? 'true' : `${s}.target_id <> ${bindings.bind(patient, 'text')}`;
  const elsewhere = `strpos(${s}.target_id, '/Patient/') > 0 OR starts_with(${s}.target_id, 'urn:')`;
  const refers = `${s}.target_type = 'Patient' AND ${isOther} OR ${s}.target_type = '' AND (${elsewhere})`;
  const others = `EXISTS (SELECT FROM search_reference ${s} WHERE ${s}.resource = ${r}.no AND ${s}.parameter IN (${parameters.join(', ')}) AND (${refers}))`;
  const found = [
    ...(parameters.length === 0 ? [] : [others]),
    ...UNKNOWN.map((path) => has(r, path, bindings)),
    ...(patient === undefined
      ? [`strpos(${r}.content, 'Patient/') > 0`, has(r, '$.contained ? (@.resourceType == "Patient")', bindings)]
      : []),
  ];
  return `NOT (${found.join(' OR ')})`;
}

const has = (r: string, path: string, bindings: Binder): string =>
  `jsonb_path_exists(${r}.content::jsonb, ${bindings.bind(path, 'jsonpath')})`;
