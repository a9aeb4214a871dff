import type { Role } from '../../src/access/roles.js';

/** Types of which things are compared, each a name in a path. */
export const COMPARED = [
  'Patient',
  'Observation',
  'Encounter',
  'ImagingStudy',
  'DiagnosticReport',
  'Binary',
  'Subscription',
  'AuditEvent',
] as const;

/** Who looks at a patient's data, at the record of accesses: in words of docs/access.md, and not by the table that the server goes by. */
export const LOOKING: readonly Role[] = ['radiologist', 'reviewer', 'validation-lead', 'patient', 'system'];
export const EVIDENCE: readonly Role[] = ['validation-lead', 'study-member', 'regulatory', 'system'];
export const AUDITING: readonly Role[] = ['regulatory', 'administrator', 'system'];

export const lookersAt = (url: string): readonly Role[] => (url.startsWith('/evidence') ? EVIDENCE : LOOKING);
/** Types of what a path names. */
export const typesAt = (url: string): readonly string[] =>
  url.startsWith('/evidence')
    ? ['intended-use']
    : url.includes(':type') && !url.includes(':compartment')
      ? COMPARED
      : (['Patient'] as const);
