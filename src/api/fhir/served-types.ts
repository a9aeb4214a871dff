import { Fault } from '../../faults.js';

/** The resource types of this server, and the search parameters each has beside _id, _lastUpdated and _count. */
export const SERVED_TYPES: Readonly<Record<string, readonly string[]>> = {
  DiagnosticReport: ['patient', 'subject', 'identifier', 'status', 'imagingStudy'],
  Observation: ['patient', 'subject', 'status'],
  ImagingStudy: ['patient', 'subject', 'identifier', 'status'],
  Patient: ['identifier'],
  Device: ['identifier', 'status', 'patient'],
  Endpoint: ['identifier', 'status'],
  Provenance: ['patient', 'target'],
};

/** This server has no resources of that type. */
export class TypeNotServed extends Fault {
  readonly code = 'type-not-served';
  readonly status = 404;

  constructor() {
    super(`This server has ${Object.keys(SERVED_TYPES).join(', ')}.`);
  }
}

/** The id is none (R4 datatypes.html#id). */
export class MalformedId extends Fault {
  readonly code = 'malformed-id';
  readonly status = 400;

  constructor() {
    super('An id is 1 to 64 letters, digits, hyphens and dots.');
  }
}

export function checkedType(type: string): string {
  if (!Object.hasOwn(SERVED_TYPES, type)) throw new TypeNotServed();
  return type;
}

export const isId = (text: string): boolean => /^[A-Za-z0-9\-.]{1,64}$/.test(text);

export function checkedId(id: string): string {
  if (!isId(id)) throw new MalformedId();
  return id;
}
