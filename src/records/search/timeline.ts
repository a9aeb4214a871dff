import type { Condition } from './condition.js';
import type { IndexRows } from './index-rows.js';
import type { Search } from './search.js';
import { searchParameters } from './search-parameters.js';

/** A resource's place among those of its patient: beside its text, so that "the patient's latest" is one walk along one index. */
export interface TimelinePlace {
  /** As patientKey names the Patient. */
  readonly patient: string;
  readonly status: string;
  /** The end of its date in milliseconds since 1970; -Infinity where it has none. */
  readonly dated: number;
}

/** All that a resource is found by. */
export interface Indexed extends IndexRows {
  readonly place?: TimelinePlace;
}

/** The date parameter of each type that has one subject, one status and one date. */
const DATE_OF: Readonly<Record<string, string>> = {
  Composition: 'date',
  DiagnosticReport: 'date',
  DocumentReference: 'date',
  Encounter: 'date',
  ImagingStudy: 'started',
  Media: 'created',
  Observation: 'date',
  ServiceRequest: 'authored',
};

/** Numbers of the parameters that a type's timeline is made of. */
interface Timeline {
  readonly patient: number;
  readonly subject: number;
  readonly status: number;
  readonly date: number;
}

const timelines: ReadonlyMap<string, Timeline> = new Map(
  Object.entries(DATE_OF).map(([type, date]) => {
    const numberOf = (name: string): number => searchParameters(type).get(name)?.numbers.own ?? NaN;
    return [type, { patient: numberOf('patient'), subject: numberOf('subject'), status: numberOf('status'), date: numberOf(date) }];
  }),
);

/** The dates that timelines are in the order of, of every type. */
export const timelineDates: readonly number[] = [...timelines.values()].map(({ date }) => date);

/** A Patient of this server by its id; one that is referred to by an address, by @ and that: no id has one. */
const patientKey = (type: string, id: string): string => (type === 'Patient' ? id : `@${id}`);

/** Undefined for what is of no patient, or of a type without such a timeline. */
export function timelinePlace(type: string, { references, tokens, dates }: IndexRows): TimelinePlace | undefined {
  const timeline = timelines.get(type);
  const patient = timeline && references.find(({ parameter }) => parameter === timeline.patient);
  if (patient === undefined) return undefined;
  return {
    patient: patientKey(patient.targetType, patient.targetId),
    status: tokens.find(({ parameter }) => parameter === timeline?.status)?.value ?? '',
    dated: Math.max(-Infinity, ...dates.flatMap(({ parameter, high }) => (parameter === timeline?.date ? [high] : []))),
  };
}

/** What a search asks that a walk along timelines answers. */
export interface Walk {
  /** As TimelinePlace has them: the matches are of any of these. */
  readonly patients: readonly string[];
  /** Undefined: of whatever status. */
  readonly statuses: readonly string[] | undefined;
  /** What else it asks. */
  readonly others: readonly Condition[];
}

/** More would be slower than what the index of each parameter gives. */
const MOST_STATUSES = 4;
const MOST_OF_A_SHORT = 100;

/** Whether a walk is a few steps whatever is there: along statuses that are in order, with nothing else to ask of each resource. */
export const isShort = (search: Search): boolean => {
  const walk = isByDate(search) ? walkOf(search) : undefined;
  return walk?.statuses !== undefined && walk.others.length === 0 && search.count <= MOST_OF_A_SHORT;
};

/** Whether a search asks for the latest first. */
export function isByDate({ types, sort: [key, ...further] }: Search): boolean {
  if (key === undefined || further.length > 0 || !key.descending || typeof key.by === 'string') return false;
  return key.by.parameters.length === 1 && key.by.parameters[0] === timelines.get(types[0])?.date;
}

/** A search of one type by one patient; undefined where it asks something else. */
export function walkOf({ types, conditions }: Pick<Search, 'types' | 'conditions'>): Walk | undefined {
  const timeline = types.length === 1 ? timelines.get(types[0]) : undefined;
  if (timeline === undefined) return undefined;
  const whose = conditions.find((one) => isOfPatients(one, timeline));
  if (whose === undefined) return undefined;
  const status = conditions.find((one) => isOfStatuses(one, timeline));
  return {
    patients: [...new Set(whose.any.map(({ type, id }) => patientKey(type, id)))],
    statuses: status && [...new Set(status.any.map(({ value }) => value as string))],
    others: conditions.filter((one) => one !== whose && one !== status),
  };
}

type Of<Kind extends Condition['kind']> = Extract<Condition, { kind: Kind }>;

/** An address that says by itself that it is a Patient's: what refers to it by `subject` does so by `patient`. */
const PATIENT_ADDRESS = /\/Patient\/[A-Za-z0-9\-.]{1,64}$/;

const isOfPatients = (one: Condition, { patient, subject }: Timeline): one is Of<'reference'> =>
  one.kind === 'reference' &&
  !one.not &&
  one.parameters.length === 1 &&
  [patient, subject].includes(one.parameters[0]) &&
  one.any.length <= 2 &&
  one.any.every(({ type, id, prefix }) => prefix !== true && (type === 'Patient' || (type === '' && PATIENT_ADDRESS.test(id))));

const isOfStatuses = (one: Condition, { status }: Timeline): one is Of<'token'> =>
  one.kind === 'token' &&
  !one.not &&
  one.parameters.length === 1 &&
  one.parameters[0] === status &&
  one.any.length <= MOST_STATUSES &&
  one.any.every(({ system, value, prefix }) => prefix !== true && system === undefined && value !== undefined);
