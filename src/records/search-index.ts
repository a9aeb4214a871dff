import type { FhirResource, Identifier, Reference } from 'fhir/r4.js';

/** One searchable value: a token (system may be empty), or a reference as `Type/id`. */
export interface SearchValue {
  readonly parameter: string;
  readonly system: string;
  readonly value: string;
}

/** The parts of our resources that search parameters look at, where a type has them. */
interface Searchable {
  readonly identifier?: Identifier | Identifier[];
  readonly status?: string;
  readonly subject?: Reference;
  readonly patient?: Reference | Reference[];
  readonly target?: Reference[];
  readonly imagingStudy?: Reference[];
}

/** The code system of `status`, a code whose system FHIR implies (R4 search.html#token). */
const STATUS_SYSTEM: Readonly<Partial<Record<FhirResource['resourceType'], string>>> = {
  DiagnosticReport: 'http://hl7.org/fhir/diagnostic-report-status',
  Observation: 'http://hl7.org/fhir/observation-status',
  ImagingStudy: 'http://hl7.org/fhir/imagingstudy-status',
  Device: 'http://hl7.org/fhir/device-status',
  Endpoint: 'http://hl7.org/fhir/endpoint-status',
};

/** What a resource is found by (FHIR R4 search parameters `identifier`, `status`, `patient`, `subject`, `target`, `imagingStudy`). */
export function searchValues(resource: FhirResource): SearchValue[] {
  const { identifier, status, subject, patient, target, imagingStudy } = resource as Searchable;
  const references = (parameter: string, given: Reference | readonly Reference[] | undefined): SearchValue[] =>
    [given ?? []].flat().flatMap(({ reference }) => (reference === undefined ? [] : [{ parameter, system: '', value: reference }]));
  return unique([
    ...[identifier ?? []].flat().map(({ system, value }) => ({ parameter: 'identifier', system: system ?? '', value: value ?? '' })),
    ...(status === undefined ? [] : [{ parameter: 'status', system: STATUS_SYSTEM[resource.resourceType] ?? '', value: status }]),
    ...references('subject', subject),
    ...references('patient', subject ?? patient),
    ...references('target', target),
    ...references('imagingStudy', imagingStudy),
  ]);
}

const unique = (values: readonly SearchValue[]): SearchValue[] => [
  ...new Map(values.map((one) => [JSON.stringify([one.parameter, one.system, one.value]), one])).values(),
];
