import type { Caller, Rights } from '../../access/caller.js';
import type { Interaction } from '../../access/grant.js';
import { grantedOf, NotPermitted, permitOf, requireAll, requirePermit, type Permit, type Restriction } from '../../access/permits.js';
import type { Condition } from './condition.js';
import { parseSearch } from './parse-search.js';
import type { Search } from './search.js';
import { STORED_TYPES } from '../served-types.js';
import { compartmentParameters, searchParameters } from './search-parameters.js';

/** Types that are no patient's: who may look at one patient's data may look at who made it, and at what it is made by. */
const NOBODYS: ReadonlySet<string> = new Set([
  'ActivityDefinition',
  'CapabilityStatement',
  'CodeSystem',
  'CompartmentDefinition',
  'ConceptMap',
  'DeviceDefinition',
  'Endpoint',
  'HealthcareService',
  'ImplementationGuide',
  'Library',
  'Location',
  'Measure',
  'Medication',
  'NamingSystem',
  'OperationDefinition',
  'Organization',
  'OrganizationAffiliation',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'SearchParameter',
  'StructureDefinition',
  'Substance',
  'ValueSet',
]);
/** Types of which one resource may be about several patients. */
const SEVERAL: ReadonlySet<string> = new Set(['Group', 'Provenance', 'Composition', 'Bundle', 'List']);
/** Parameters that tell whom such a resource is about, not who made it. */
const ABOUT: ReadonlySet<string> = new Set(['patient', 'subject', 'member', 'target']);
/** Parameters that tell what such a resource shows of others. */
const PARTS: ReadonlySet<string> = new Set(['entry']);
const NOTHING: Condition = { kind: 'any', any: [] };

/** What a resource of the type must be for a caller to do this with it; undefined: all are open. Throws NotPermitted. */
export function permittedCondition(caller: Caller, type: string, interaction: Interaction): Condition | undefined {
  return conditionOf(requirePermit(caller, type, interaction), type, interaction);
}

/** The same by the token's grants alone (grantedOf). Throws NotPermitted. */
export function grantedCondition(caller: Caller, type: string, interaction: Interaction): Condition | undefined {
  const permit = grantedOf(caller, type, interaction);
  if (permit === undefined) throw new NotPermitted(type, interaction);
  return conditionOf(permit, type, interaction);
}

function conditionOf(permit: Permit, type: string, interaction: Interaction): Condition | undefined {
  if (permit === 'all') return undefined;
  const any = permit.map((one) => restricted(one, type, interaction));
  return any.some((all) => all.length === 0) ? undefined : { kind: 'any', any };
}

/**
 * For what has no FHIR form of its own, such as readings, that are a study's as Observations are: which studies those are. Of restrictions
 * with a query nobody could say whether it is met. Undefined where all are. Throws NotPermitted.
 */
export function studiesByPatient(caller: Caller, type: string, interaction: Interaction): Condition | undefined {
  const permit = requirePermit(caller, type, interaction);
  if (permit === 'all') return undefined;
  const patients = permit.flatMap(({ patient, query }) => (query === undefined && patient !== undefined ? [patient] : []));
  return { kind: 'any', any: patients.map((patient) => ofPatient('ImagingStudy', patient, 'r')) };
}

/** All of what one restriction asks. */
function restricted({ patient, isNobodys, query }: Restriction, type: string, interaction: Interaction): Condition[] {
  return [
    ...(patient === undefined ? [] : ofPatient(type, patient, interaction)),
    ...(isNobodys === true ? [noOther(type, undefined)] : []),
    ...(query === undefined ? [] : asked(query, type)),
  ];
}

/**
 * That a resource is of no patient but this one; undefined: of none. By every parameter that may lead to a Patient, of one's own by what it
 * is about, and by whose that is.
 */
function noOther(type: string, patient: string | undefined): Condition {
  const all = [...searchParameters(type).values()].filter(({ type: kind }) => kind === 'reference');
  const leading = all.filter(({ targets }) => targets.length === 0 || targets.includes('Patient'));
  if (patient === undefined) return { kind: 'noOther', parameters: leading.map(({ numbers }) => numbers.own), patient };
  const about = leading.filter(({ name }) => ABOUT.has(name)).map(({ numbers }) => numbers.own);
  const through = all.filter(({ name }) => ABOUT.has(name) || PARTS.has(name)).map(({ numbers }) => numbers.own);
  return { kind: 'noOther', parameters: about, patient, through };
}

/**
 * A scope's query (SMART App Launch 2.2, "Finer-grained resource constraints using search parameters"). One that cannot be read, or looks
 * through other resources, opens nothing: a filter that is left out would open what it was to keep shut.
 */
function asked(query: string, type: string): readonly Condition[] {
  try {
    const parameters = [...new URLSearchParams(query)];
    const { search } = parseSearch({ type, parameters, lenient: false }, { base: '', now: Date.now() });
    const { conditions } = search;
    return conditions.length === 0 || [...throughTypes(conditions)].length > 0 ? [NOTHING] : conditions;
  } catch {
    return [NOTHING];
  }
}

/** What puts a resource with a patient (R4 compartmentdefinition-patient.html); for types that it leaves out, whom they are about or belong to. */
function ofPatient(type: string, id: string, interaction: Interaction): Condition[] {
  if (type === 'Patient') return [{ kind: 'ids', ids: [id], not: false }];
  const parameters = searchParameters(type);
  const named = compartmentParameters('Patient', type);
  const whose = ['patient', 'subject', 'securityContext'].filter((name) => parameters.get(name)?.targets.includes('Patient') === true);
  const isLook = interaction === 'r' || interaction === 's';
  // What is written lies in the chart of whom it is about, not of who made it; what may be about several is not for one to write.
  if (!isLook && SEVERAL.has(type)) return [NOTHING];
  const names = !isLook && whose.length > 0 ? whose : named.length > 0 ? named : whose;
  const numbers = names.flatMap((name) => parameters.get(name)?.numbers.own ?? []);
  const refers: Condition = { kind: 'reference', parameters: numbers, any: [{ type: 'Patient', id }], not: false };
  if (numbers.length === 0) return isLook && NOBODYS.has(type) ? [] : [NOTHING];
  if (isLook && (type === 'Device' || type === 'DocumentReference')) {
    const ofNobody: Condition = { kind: 'missing', parameters: numbers, table: 'search_reference', missing: true };
    // The software and machines that made something are nobody's, and what the server says of its models; an implant is somebody's.
    return [{ kind: 'any', any: [[refers], type === 'Device' ? [ofNobody] : [ofNobody, { kind: 'own' }]] }];
  }
  // What the server itself says of how a report was made goes with the report, though it names no Patient.
  if (isLook && type === 'Provenance')
    return [
      {
        kind: 'any',
        any: [
          [refers, noOther(type, id)],
          [{ kind: 'own' }, ofReports(id)],
        ],
      },
    ];
  return SEVERAL.has(type) ? [refers, noOther(type, id)] : [refers];
}

/** Whose target is one of a patient's reports. */
function ofReports(patient: string): Condition {
  const [subject, target] = [numberOf('DiagnosticReport', 'subject'), numberOf('Provenance', 'target')];
  const where: Condition = { kind: 'reference', parameters: [subject], any: [{ type: 'Patient', id: patient }], not: false };
  return { kind: 'chain', parameter: target, any: [{ type: 'DiagnosticReport', where }] };
}

/** What the index knows a parameter by that R4 has. */
function numberOf(type: string, name: string): number {
  const own = searchParameters(type).get(name)?.numbers.own;
  if (own === undefined) throw new Error(`${type} has no search parameter ${name}`);
  return own;
}

const allOpen = new WeakMap<Rights, boolean>();

/** Whether all that is stored may be read by a caller; found out once for each token. */
export function readsAll(caller: Caller): boolean {
  const { rights } = caller;
  if (rights === undefined) return true;
  const known = allOpen.get(rights);
  if (known !== undefined) return known;
  const is = STORED_TYPES.every((type) => permitOf(caller, type, 'r') === 'all');
  allOpen.set(rights, is);
  return is;
}

/** Whether all of a type are open to a caller to read: whose a Binary is says its security context, which may be of any type. */
export const readsWhole = (caller: Caller, type: string): boolean =>
  permitOf(caller, type, 'r') === 'all' && (type !== 'Binary' || readsAll(caller));

/** For what is given of a type, whosever it is: its history, an export. Throws NotPermitted. */
export function requireWhole(caller: Caller, types: Iterable<string>): void {
  for (const type of types) if (!readsWhole(caller, type)) throw new NotPermitted(type, 'r');
}

/**
 * A search as it may be asked: of the types that are open to the caller, and of what of them is. Chains and `_has` look through
 * resources that the answer does not show, and so ask for all of their types. Throws NotPermitted.
 */
export function narrowed(caller: Caller, search: Search): Search {
  if (caller.rights === undefined) return search;
  requireAll(caller, throughTypes(search.conditions), 's');
  const { types: wanted, conditions } = search;
  // Whose a Binary is says its security context, which may be of any type: they are searched by who may read all.
  const types = readsAll(caller) ? wanted : wanted.filter((type) => type !== 'Binary');
  if (types.length === 0) throw new NotPermitted('Binary', 's');
  if (types.length === 1) {
    const own = permittedCondition(caller, types[0], 's');
    return own === undefined ? { ...search, types } : { ...search, conditions: [...conditions, own] };
  }
  const open = types.flatMap((type) => {
    const permit = permitOf(caller, type, 's');
    return permit === undefined ? [] : [{ type, own: conditionOf(permit, type, 's') }];
  });
  if (open.length === 0) throw new NotPermitted('resources of these types', 's');
  const any = open.map(({ type, own }): Condition[] => [{ kind: 'type', type }, ...(own === undefined ? [] : [own])]);
  const isWhole = open.every(({ own }) => own === undefined);
  return { ...search, types: open.map(({ type }) => type), conditions: isWhole ? conditions : [...conditions, { kind: 'any', any }] };
}

/** Types of resources that conditions look at on their way. */
export function* throughTypes(conditions: readonly Condition[]): Generator<string> {
  for (const one of conditions)
    if (one.kind === 'chain')
      for (const { type, where } of one.any) {
        yield type;
        yield* throughTypes([where]);
      }
    else if (one.kind === 'has') {
      yield one.type;
      yield* throughTypes([one.where]);
    } else if (one.kind === 'any') for (const all of one.any) yield* throughTypes(all);
}
