import { COMPARTMENTS } from '../search/search-parameters.js';
import { isServed } from '../served-types.js';

/** What an entry's address, without its query, is of (R4 http.html#summary). */
export type Address =
  | { readonly kind: 'resource'; readonly type: string; readonly id: string; readonly version: number | undefined }
  | { readonly kind: 'type'; readonly type: string }
  /** Of all types where there is none. */
  | { readonly kind: 'search'; readonly type: string | undefined; readonly by: 'GET' | 'POST'; readonly compartment?: Compartment }
  | { readonly kind: 'history'; readonly type: string | undefined; readonly id: string | undefined }
  | { readonly kind: 'capabilities' }
  | { readonly kind: 'operation'; readonly name: string };

interface Compartment {
  readonly type: string;
  readonly id: string;
}

const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const VERSION = /^[1-9]\d{0,8}$/;
const OPERATION = /^\$[a-z][a-z-]{0,63}$/;

/** Undefined where this server has nothing there. @param path  relative to the server's FHIR address */
export function addressOf(path: string): Address | undefined {
  const [first, ...rest] = path.replace(/\/$/, '').split('/');
  if (!isServed(first)) return rest.length === 0 ? wholeServer(first) : undefined;
  const [second, ...more] = rest;
  if (second === undefined) return { kind: 'type', type: first };
  if (!ID.test(second)) return more.length === 0 ? ofType(first, second) : undefined;
  return ofResource(first, second, more);
}

function wholeServer(name: string): Address | undefined {
  if (name === 'metadata') return { kind: 'capabilities' };
  if (name === '_history') return { kind: 'history', type: undefined, id: undefined };
  if (name === '' || name === '_search') return { kind: 'search', type: undefined, by: name === '' ? 'GET' : 'POST' };
  return operation(name);
}

function ofType(type: string, name: string): Address | undefined {
  if (name === '_history') return { kind: 'history', type, id: undefined };
  return name === '_search' ? { kind: 'search', type, by: 'POST' } : operation(name);
}

function ofResource(type: string, id: string, [third, version, ...others]: readonly string[]): Address | undefined {
  if (third === undefined) return { kind: 'resource', type, id, version: undefined };
  if (others.length > 0) return undefined;
  if (third === '_history' && version === undefined) return { kind: 'history', type, id };
  if (third === '_history') return VERSION.test(version) ? { kind: 'resource', type, id, version: Number(version) } : undefined;
  if (version !== undefined) return undefined;
  // A whole compartment is answered by what reads its resource, too: the server's own routes.
  if (COMPARTMENTS.has(type) && third === '*') return { kind: 'operation', name: third };
  if (COMPARTMENTS.has(type) && isServed(third)) return { kind: 'search', type: third, by: 'GET', compartment: { type, id } };
  return operation(third);
}

const operation = (name: string): Address | undefined => (OPERATION.test(name) ? { kind: 'operation', name } : undefined);
