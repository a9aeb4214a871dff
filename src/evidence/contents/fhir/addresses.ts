import type { FhirResource } from 'fhir/r4.js';

/** Where resources of the bundle stand: UUIDs that follow from the study, so that the same study gives the same bundle. */
export interface Addresses {
  readonly of: (name: string) => string;
  readonly study: string;
  readonly cases: string;
  readonly organisation: string;
}

export type Entry = readonly [fullUrl: string, resource: FhirResource];

/** An instant (R4 datatypes.html#instant). */
export const instantOf = (at: string): string => new Date(at).toISOString();

/** R4 takes no empty string, and none but white space. */
export const nonEmpty = (text: string): string => (/\S/.test(text) ? text : 'not stated');
