import type { FastifyReply, FastifyRequest } from 'fastify';
import { exactJson } from '../../records/edit/exact-json.js';
import { jsonToXml } from '../../records/xml/to-xml.js';
import { negotiate } from '../media-types.js';

export const FHIR_JSON = 'application/fhir+json';
export const FHIR_XML = 'application/fhir+xml';
/** What clients call FHIR's XML (R4 http.html#mime-type). */
export const XML_TYPES = [FHIR_XML, 'application/xml', 'text/xml'] as const;
const FORMATS: Readonly<Record<string, string>> = { json: FHIR_JSON, 'text/json': FHIR_JSON, xml: FHIR_XML };

/** The query's parameters in the order they stand there, repeated ones too. */
export const queryPairs = (request: FastifyRequest): [string, string][] => [
  ...new URLSearchParams(request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : ''),
];

/** An address with a query, as the links of Bundles have it. */
export function withQuery(address: string, pairs: readonly (readonly [string, string])[]): string {
  const query = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
  return query === '' ? address : `${address}?${query}`;
}

/**
 * The media type that was asked for (R4 http.html#mime-type, #parameters). What changes something asks before it does: nothing is
 * done and then not told. Throws NotAcceptable.
 */
export function formAsked(request: FastifyRequest): string {
  const format = queryPairs(request).find(([name]) => name === '_format')?.[1];
  // An unescaped + arrives as a blank.
  const asked = format === undefined ? request.headers.accept : Object.hasOwn(FORMATS, format) ? FORMATS[format] : format.replace(' ', '+');
  return negotiate(asked, [FHIR_JSON, 'application/json', ...XML_TYPES]);
}

/** Sends a resource's JSON text in the form that was asked for. Throws NotAcceptable. */
export async function answer(request: FastifyRequest, reply: FastifyReply, text: string): Promise<void> {
  const form = formAsked(request);
  const isXml = XML_TYPES.some((one) => one === form);
  const isPretty = queryPairs(request).some(([name, value]) => name === '_pretty' && value === 'true');
  const sent = isXml ? jsonToXml(text) : isPretty ? JSON.stringify(exactJson(text, JSON.parse(text)), undefined, 2) : text;
  await reply.type(`${form}; charset=utf-8; fhirVersion=4.0`).send(sent);
}

/** An ETag of FHIR's is weak: the same version may be written in several forms (R4 http.html#versioning). */
export const etagOf = (version: number): string => `W/"${version}"`;

/** The version that If-Match names. A malformed one is one that no resource has. */
export function matchedVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^(?:W\/)?"([1-9]\d{0,8})"$/.exec(header.trim())?.[1];
  return version === undefined ? 0 : Number(version);
}

/** Whether the caller has the version already (R4 http.html#cread; RFC 9110 13.1.2, 13.1.3). */
export function isKnown(request: FastifyRequest, { version, lastUpdated }: { version: number; lastUpdated: Date }): boolean {
  const { 'if-none-match': tags, 'if-modified-since': since } = request.headers;
  const etag = etagOf(version);
  if (tags !== undefined) return tags.split(',').some((one) => ['*', etag, etag.slice(2)].includes(one.trim()));
  const time = since === undefined ? NaN : Date.parse(since);
  return Math.floor(lastUpdated.getTime() / 1000) * 1000 <= time;
}
