import type { Interaction } from './grant.js';

/** What people and systems are here; each account and client has one or more. */
export const ROLES = [
  'radiologist',
  'reviewer',
  'validation-lead',
  'study-member',
  'regulatory',
  'model-admin',
  'administrator',
  'patient',
  'system',
] as const;
export type Role = (typeof ROLES)[number];

export const isRole = (text: unknown): text is Role => (ROLES as readonly unknown[]).includes(text);

/** What may be done beyond reading and writing resources of a type. */
export const OPERATIONS = [
  /** Take studies, series and instances out of the archive, and bring them back. */
  'archive.delete',
  /** Change attributes of stored instances (PS3.18 10.8 and corrections). */
  'archive.edit',
  /** Accept, amend or reject a report: `DiagnosticReport/$review`. */
  'report.review',
  /** Ask for a study to be read (again). */
  'reading.request',
  /** Bring, retire and configure models. */
  'model.manage',
  /** Plan, lock, run and close validation studies. */
  'evidence.plan',
  /** Write what the regulatory file holds: devices, intended uses, classification decisions. */
  'evidence.regulate',
  /** Take the part in a study that one was given there: read, label, sign, unblind, analyse. */
  'evidence.take-part',
  /** See what studies are, without their truth, and the regulatory file. */
  'evidence.look',
  /** Export evidence packages. */
  'evidence.export',
  /** See how the server itself does: metrics. */
  'server.observe',
  /** Manage accounts and clients of the built-in issuer. */
  'accounts.manage',
  /** Look at a patient whom the rules would keep from one's eyes, with a reason that goes on record. */
  'access.break-glass',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What a role may do: a line of the table. */
export interface RolePermits {
  /** By FHIR type, `*` for every other one; studies of DICOMweb are ImagingStudy, workitems are Task. */
  readonly resources: Readonly<Record<string, readonly Interaction[]>>;
  readonly operations: readonly Operation[];
  /** Types of which only those resources are meant that are of no patient: what is said of models and machines. */
  readonly nobodys?: readonly string[];
  /** Only what lies in the compartment of the account's own patient. */
  readonly ownCompartmentOnly?: true;
}

const ALL: readonly Interaction[] = ['c', 'r', 'u', 'd', 's'];
const LOOK: readonly Interaction[] = ['r', 's'];
const NOTHING: readonly Interaction[] = [];
/** The record of accesses is for auditors: nobody writes it by hand. */
const NO_AUDIT = { AuditEvent: NOTHING } as const;
/** Resources that say what the server is and how it speaks, no patient's. */
const DEFINITIONS = {
  CodeSystem: LOOK,
  SearchParameter: LOOK,
  StructureDefinition: LOOK,
  SubscriptionTopic: LOOK,
  ValueSet: LOOK,
} as const;
const DEVICES = { Device: LOOK, DeviceDefinition: LOOK, DocumentReference: LOOK } as const;

/**
 * Who may do what: the whole of it. What a caller may do is what one of its roles permits **and** one of its token's scopes grants;
 * printed in docs/access.md and tested row by row.
 */
export const ROLE_PERMITS: Readonly<Record<Role, RolePermits>> = {
  radiologist: {
    resources: { ...NO_AUDIT, '*': ['c', 'r', 'u', 's'] },
    operations: ['report.review', 'reading.request', 'archive.edit', 'access.break-glass'],
  },
  reviewer: { resources: { ...NO_AUDIT, '*': LOOK }, operations: ['report.review', 'reading.request'] },
  'validation-lead': {
    resources: { ...NO_AUDIT, Evidence: ALL, MeasureReport: ALL, ResearchStudy: ALL, ResearchSubject: ALL, Group: ALL, '*': LOOK },
    operations: ['evidence.plan', 'evidence.regulate', 'evidence.take-part', 'evidence.look', 'evidence.export', 'reading.request'],
  },
  // Who reads for a study must see no answer of a model before its time: nothing but what the study shows.
  'study-member': { resources: { ...NO_AUDIT, '*': NOTHING }, operations: ['evidence.take-part', 'evidence.look'] },
  regulatory: {
    resources: {
      ...DEFINITIONS,
      ...DEVICES,
      AuditEvent: LOOK,
      Provenance: LOOK,
      Evidence: LOOK,
      MeasureReport: LOOK,
      ResearchStudy: LOOK,
      '*': NOTHING,
    },
    nobodys: ['Device', 'DocumentReference', 'Provenance', 'MeasureReport'],
    operations: ['evidence.regulate', 'evidence.take-part', 'evidence.look', 'evidence.export'],
  },
  'model-admin': {
    resources: { ...DEFINITIONS, ...DEVICES, '*': NOTHING },
    nobodys: ['Device', 'DocumentReference'],
    operations: ['model.manage', 'server.observe'],
  },
  administrator: {
    resources: {
      ...DEFINITIONS,
      Organization: ALL,
      Practitioner: ALL,
      PractitionerRole: ALL,
      Endpoint: ALL,
      AuditEvent: LOOK,
      '*': NOTHING,
    },
    operations: ['accounts.manage', 'server.observe'],
  },
  patient: { resources: { ...NO_AUDIT, '*': LOOK }, operations: [], ownCompartmentOnly: true },
  system: {
    resources: { AuditEvent: LOOK, '*': ALL },
    operations: ['archive.delete', 'archive.edit', 'reading.request', 'evidence.look', 'evidence.export', 'server.observe'],
  },
};

/** Whether a role's line has an interaction with a type. */
export function rolePermits(role: Role, type: string, interaction: Interaction): boolean {
  const { resources } = ROLE_PERMITS[role];
  return (Object.hasOwn(resources, type) ? resources[type] : resources['*']).includes(interaction);
}
