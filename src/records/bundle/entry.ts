import type { Caller } from '../../access/caller.js';
import { isServed } from '../served-types.js';
import { isObject, type JsonObject } from '../validation/json-object.js';
import { BundleRefused } from './faults.js';

/** What one entry of a batch or transaction asks for (R4 http.html#transaction). */
export interface EntryRequest {
  readonly index: number;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly type: string;
  readonly id: string | undefined;
  /** A version's number, where one is read. */
  readonly version: number | undefined;
  /** Of a search, or a condition. */
  readonly query: readonly (readonly [string, string])[] | undefined;
  readonly fullUrl: string | undefined;
  readonly resource: JsonObject | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifNoneExist: string | undefined;
}

/** More in one Bundle would hold its locks for too long; who has more sends several. */
const MOST_ENTRIES = 2_000;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const URL_FORM =
  /^(?<type>[A-Z][A-Za-z]+)(?:\/(?<id>[A-Za-z0-9\-.]{1,64})(?:\/_history\/(?<version>[1-9]\d{0,8}))?)?\/?(?:\?(?<query>.*))?$/s;
const WITH_RESOURCE: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** @param base  the server's own FHIR address, which a url may begin with. @throws BundleRefused */
export function entryRequest(entry: JsonObject, index: number, base: string): EntryRequest {
  const at = `Bundle.entry[${index}]`;
  const { request, resource, fullUrl } = entry;
  if (!isObject(request)) throw new BundleRefused('has an entry without a request', at);
  const { method, url } = request;
  if (typeof method !== 'string' || !METHODS.has(method))
    throw new BundleRefused('asks for a method that there is not', `${at}.request.method`);
  const asked = text(url) ?? '';
  const { type, id, version, query } =
    URL_FORM.exec(asked.startsWith(`${base}/`) ? asked.slice(base.length + 1) : asked.replace(/^\//, ''))?.groups ?? {};
  if (type === undefined || !isServed(type))
    throw new BundleRefused('asks for an address that this server does not have', `${at}.request.url`);
  if (WITH_RESOURCE.has(method) && !isObject(resource)) throw new BundleRefused('has an entry that lacks its resource', `${at}.resource`);
  const read = {
    index,
    method: method as EntryRequest['method'],
    type,
    id,
    version: version === undefined ? undefined : Number(version),
    query: query === undefined ? undefined : [...new URLSearchParams(query)],
    fullUrl: text(fullUrl),
    resource: isObject(resource) ? resource : undefined,
    ifMatch: text(request['ifMatch']),
    ifNoneMatch: text(request['ifNoneMatch']),
    ifNoneExist: text(request['ifNoneExist']),
  };
  if (!makesSense(read)) throw new BundleRefused('asks for what its method cannot do', `${at}.request`);
  return read;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function makesSense({ method, id, query, version }: EntryRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  if (version !== undefined) return false;
  if (method === 'POST') return id === undefined && query === undefined;
  return (id === undefined) !== (query === undefined);
}

/** Where a Bundle came from. */
export interface BundleContext {
  readonly caller: Caller;
  /** The server's own FHIR address. */
  readonly base: string;
  readonly now: number;
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
