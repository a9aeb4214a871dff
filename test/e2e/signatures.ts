import type { Signature } from 'fhir/r4.js';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { Wetread } from './wetread.js';

/** The JWS of a FHIR signature (R4 datatypes.html#Signature: base64 of it). */
export const jwsOf = (signature: Signature | undefined): string => Buffer.from(signature?.data ?? '', 'base64').toString();

/** What a JWS says, checked by the keys that the server gives out. */
export async function verified<T>(wetread: Wetread, jws: string): Promise<T> {
  const keys = createLocalJWKSet(await wetread.json<JSONWebKeySet>('/signing-keys', 'application/jwk-set+json'));
  return JSON.parse(new TextDecoder().decode((await compactVerify(jws, keys)).payload)) as T;
}
