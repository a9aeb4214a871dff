import type { Caller } from '../../access/caller.js';
import { parameterPairs } from '../parameter-pairs.js';
import { isObject, type JsonObject } from '../validation/json-object.js';
import { addressOf, type Address } from './entry-address.js';
import { TypeReadOnly } from '../edit/faults.js';
import { READ_ONLY_TYPE } from '../served-types.js';
import { BundleRefused } from './faults.js';

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a reading entry is of. */
export type Reading = Extract<Address, { kind: 'resource' | 'search' | 'history' }>;

/** What one entry of a batch or transaction asks for (R4 http.html#transaction). */
export interface EntryRequest {
  readonly index: number;
  /** GET also of a search that is posted. */
  readonly method: Method;
  /** What GET and HEAD read; undefined where the entry edits, or asks what the server's own routes answer. */
  readonly reading: Reading | undefined;
  /** What the server's own routes answer: an operation, or the capabilities; relative to its FHIR address, with the query. */
  readonly route: { readonly address: string; readonly isOperation: boolean } | undefined;
  /** Of an edit. */
  readonly type: string;
  readonly id: string | undefined;
  /** Of a search, or a condition. */
  readonly query: readonly (readonly [string, string])[] | undefined;
  readonly fullUrl: string | undefined;
  readonly resource: JsonObject | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: string | undefined;
  readonly ifNoneExist: string | undefined;
}

/** More in one Bundle would hold its locks for too long; who has more sends several. */
const MOST_ENTRIES = 2_000;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const WITH_RESOURCE: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** @param base  the server's own FHIR address, which a url may begin with. @throws BundleRefused */
export function entryRequest(entry: JsonObject, index: number, base: string): EntryRequest {
  const at = `Bundle.entry[${index}]`;
  const { request, resource, fullUrl } = entry;
  if (!isObject(request)) throw new BundleRefused('has an entry without a request', at);
  const { method, url } = request;
  if (typeof method !== 'string' || !METHODS.has(method))
    throw new BundleRefused('asks for a method that there is not', `${at}.request.method`);
  const asked = relative(text(url), base);
  const [path, query] = (asked ?? '').split(/\?(.*)/s, 2);
  const address = asked === undefined ? undefined : addressOf(path);
  if (address === undefined) throw new BundleRefused('asks for an address that this server does not have', `${at}.request.url`);
  refuseNonsense(address, method as Method, query, at);
  if (isAudit(address) && !READING.has(method) && address.kind !== 'search' && address.kind !== 'operation') throw new TypeReadOnly();
  const body = isObject(resource) ? resource : undefined;
  const isRead = READING.has(method) || address.kind === 'search';
  const isEdit = !isRead && address.kind !== 'operation';
  if (isEdit && WITH_RESOURCE.has(method) && body === undefined)
    throw new BundleRefused('has an entry that lacks its resource', `${at}.resource`);
  const isRouted = address.kind === 'operation' || address.kind === 'capabilities' || isAudit(address);
  return {
    index,
    method: method === 'POST' && address.kind === 'search' ? 'GET' : (method as Method),
    reading: isRead && !isRouted ? readingOf(address) : undefined,
    route: isRouted ? { address: asked ?? '', isOperation: address.kind !== 'capabilities' } : undefined,
    type: 'type' in address ? (address.type ?? '') : '',
    id: address.kind === 'resource' ? address.id : undefined,
    query: queryOf(query, address.kind === 'search' ? body : undefined),
    fullUrl: text(fullUrl),
    resource: body,
    ifMatch: text(request['ifMatch']),
    ifNoneMatch: text(request['ifNoneMatch']),
    ifModifiedSince: text(request['ifModifiedSince']),
    ifNoneExist: text(request['ifNoneExist']),
  };
}

/** The record of accesses is no part of the store: the server's own routes read it. */
const isAudit = (address: Address): boolean => 'type' in address && address.type === READ_ONLY_TYPE;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** An address relative to the server's own, with or without which it is written. */
function relative(url: string | undefined, base: string): string | undefined {
  if (url === undefined) return undefined;
  if (url === base || url.startsWith(`${base}?`)) return url.slice(base.length);
  return url.startsWith(`${base}/`) ? url.slice(base.length + 1) : url.replace(/^\//, '');
}

const readingOf = (address: Exclude<Address, { kind: 'operation' | 'capabilities' }>): Reading =>
  address.kind === 'type' ? { kind: 'search', type: address.type, by: 'GET' } : address;

/** The query's parameters; of a search that is posted those of its Parameters, too, each with its value as text. */
function queryOf(query: string | undefined, posted: JsonObject | undefined): [string, string][] | undefined {
  const given = parameterPairs(posted);
  return query === undefined && given.length === 0 ? undefined : [...new URLSearchParams(query ?? ''), ...given];
}

/** @throws BundleRefused  what no request of that method is, or is none of a Bundle */
function refuseNonsense(address: Address, method: Method, query: string | undefined, at: string): void {
  if (address.kind === 'search' && address.type === undefined && method === 'POST' && address.by === 'GET')
    throw new BundleRefused('holds another one to be done, which must be sent by itself', `${at}.request`);
  if (address.kind === 'operation' && address.name === '$export')
    throw new BundleRefused('asks for an export, which must be asked for by itself', `${at}.request`);
  if (!makesSense(address, method, query)) throw new BundleRefused('asks for what its method cannot do', `${at}.request`);
}

function makesSense(address: Address, method: Method, query: string | undefined): boolean {
  switch (address.kind) {
    case 'operation':
      return READING.has(method) || method === 'POST';
    case 'search':
      return address.by === 'POST' ? method === 'POST' : READING.has(method);
    case 'history':
    case 'capabilities':
      return READING.has(method);
    case 'type':
      return READING.has(method) || (method === 'POST') === (query === undefined);
    case 'resource':
      return READING.has(method) || (method !== 'POST' && query === undefined && address.version === undefined);
  }
}

/** Where a Bundle came from. */
export interface BundleContext {
  readonly caller: Caller;
  /** The server's own FHIR address. */
  readonly base: string;
  readonly now: number;
  /** Whether a search leaves out what it does not know, and says so (`Prefer: handling`). */
  readonly lenient: boolean;
  /** Asks the server's own routes, as the one who sent the Bundle. */
  readonly ask: (asked: RouteAsked) => Promise<RouteAnswer>;
}

export interface RouteAsked {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Relative to the server's FHIR address. */
  readonly address: string;
  /** A resource's text. */
  readonly body: string | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** What a route answered: the resource's text, or of an error its outcome's. */
export interface RouteAnswer {
  readonly status: number;
  readonly content: string | undefined;
  readonly etag: string | undefined;
  readonly location: string | undefined;
  readonly lastModified: Date | undefined;
}

/** An entry with its resource in both forms (Draft). */
export interface Entry {
  readonly request: EntryRequest;
  readonly exact: JsonObject | undefined;
}

/** The entries of a Bundle that was found valid. @throws BundleRefused */
export function entriesOf(value: unknown, exact: unknown, base: string): Entry[] {
  return rawEntries(value, exact).map(([plain, precise], i) => entryOf(plain, precise, i, base));
}

/** The entries as they are written, in both forms, the same in the same place. @throws BundleRefused */
export function rawEntries(value: unknown, exact: unknown): (readonly [plain: unknown, exact: unknown])[] {
  const [plain, precise] = [value, exact].map((bundle) =>
    isObject(bundle) && Array.isArray(bundle['entry']) ? (bundle['entry'] as unknown[]) : [],
  );
  if (plain.length > MOST_ENTRIES) throw new BundleRefused(`has more than ${MOST_ENTRIES} entries`);
  return plain.map((one, i) => [one, precise[i]]);
}

/** @throws BundleRefused */
export function entryOf(plain: unknown, exact: unknown, index: number, base: string): Entry {
  if (!isObject(plain) || !isObject(exact)) throw new BundleRefused('has an entry that is no object', `Bundle.entry[${index}]`);
  return { request: entryRequest(plain, index, base), exact: exact['resource'] as JsonObject | undefined };
}
