import type { FastifyRequest } from 'fastify';
import { Fault } from '../../faults.js';
import type { PublicAddress } from '../../public-address.js';
import { isServed, SERVED_TYPES } from '../../records/served-types.js';
import { baseUrl } from '../base-url.js';

/** This server has no resources of that type. */
export class TypeNotServed extends Fault {
  readonly code = 'type-not-served';
  readonly status = 404;

  constructor() {
    super(`This server has ${SERVED_TYPES.join(', ')}.`);
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
  if (!isServed(type)) throw new TypeNotServed();
  return type;
}

export const isId = (text: string): boolean => /^[A-Za-z0-9\-.]{1,64}$/.test(text);

export function checkedId(id: string): string {
  if (!isId(id)) throw new MalformedId();
  return id;
}

/** The server's own FHIR address, as the caller reaches it; no slash at the end. */
export const fhirBase = (request: FastifyRequest, address: PublicAddress): string => `${baseUrl(request, address)}/fhir`;

/** A version's number; one that is none there is not. */
export const versionNumber = (text: string): number => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0);
