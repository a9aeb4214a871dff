/** The resource types of this server: what an imaging report is made of, who is named in it, and what defines it. */
export const SERVED_TYPES = [
  'AuditEvent',
  'Binary',
  'Bundle',
  'CapabilityStatement',
  'CodeSystem',
  'Composition',
  'Device',
  'DeviceDefinition',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'Endpoint',
  'Group',
  'ImagingStudy',
  'Location',
  'Measure',
  'MeasureReport',
  'Media',
  'Observation',
  'OperationOutcome',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Provenance',
  'SearchParameter',
  'ServiceRequest',
  'Specimen',
  'StructureDefinition',
  'Subscription',
  'Task',
  'ValueSet',
] as const;

export type ServedType = (typeof SERVED_TYPES)[number];

const SERVED: ReadonlySet<string> = new Set(SERVED_TYPES);

/** The record of accesses is made of the ledger: it is read, and nobody writes it. */
export const READ_ONLY_TYPE = 'AuditEvent';

/** The types of the FHIR store. */
export const STORED_TYPES: readonly string[] = SERVED_TYPES.filter((type) => type !== READ_ONLY_TYPE);

export const isServed = (type: string): type is ServedType => SERVED.has(type);
