import { SERVED_TYPES } from '../served-types.js';
import type { IndexRows } from './index-rows.js';
import { compartmentParameters, searchParameters } from './search-parameters.js';

/** Names of the parameters that tell whom a resource is about: R4 has no compartment for a Binary, which says itself whose it is. */
const namesOf = (type: string): readonly string[] => (type === 'Binary' ? ['securityContext'] : compartmentParameters('Patient', type));

/** Numbers of the parameters that put resources in a patient's compartment, by their type (R4 compartmentdefinition-patient.html). */
const PARAMETERS: ReadonlyMap<string, readonly number[]> = new Map(
  SERVED_TYPES.map((type) => [type, namesOf(type).flatMap((name) => searchParameters(type).get(name)?.numbers.own ?? [])]),
);

/** Ids of the Patients whom a resource is about, by what it is found by. */
export function patientsOf(type: string, id: string, { references }: Pick<IndexRows, 'references'>): string[] {
  if (type === 'Patient') return [id];
  const numbers = PARAMETERS.get(type) ?? [];
  const found = references.filter(({ parameter, targetType }) => targetType === 'Patient' && numbers.includes(parameter));
  return [...new Set(found.map(({ targetId }) => targetId))];
}

/** Of a row that is found by its patient: its own column tells (TimelinePlace). */
export const ownPatientSql = (r: string): string => `CASE WHEN NOT starts_with(${r}.patient, '@') THEN ARRAY[${r}.patient] END`;

/** The same of a row of `resource` as an expression, null or empty for what is of nobody: mostly its own column tells (TimelinePlace). */
export const patientsSql = (r: string): string =>
  `CASE WHEN ${r}.type = 'Patient' THEN ARRAY[${r}.id]
        WHEN ${r}.patient IS NOT NULL THEN ${ownPatientSql(r)}
        ELSE ARRAY(SELECT DISTINCT s.target_id FROM search_reference s
                    WHERE s.resource = ${r}.no AND s.parameter IN (${IN_COMPARTMENT.join(', ')}) AND s.target_type = 'Patient') END`;

/** Numbers of all parameters that put a resource of whatever type in a patient's compartment. */
export const IN_COMPARTMENT: readonly number[] = [...new Set([...PARAMETERS.values()].flat())];
