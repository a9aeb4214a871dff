import type { FastifyReply, FastifyRequest } from 'fastify';
import { namesVersion } from '../../records/edit/conditions.js';
import { exactJson } from '../../records/edit/exact-json.js';
import { jsonToXml } from '../../records/xml/to-xml.js';
import { negotiate, NotAcceptable, parseMediaType } from '../media-types.js';

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
  const ours = acceptable(asked);
  return negotiate(ours, [FHIR_JSON, 'application/json', ...XML_TYPES]);
}

/** FHIR's version as a media type names it (R4 http.html#version-parameter): this server's is 4.0. */
export const isOtherVersion = (parameters: Readonly<Record<string, string>>): boolean =>
  parameters['fhirversion'] !== undefined && !/^4\.0(?:\.1)?$/.test(parameters['fhirversion']);

/** What is asked for without what is FHIR of another version. @throws NotAcceptable where that was all */
function acceptable(asked: string | undefined): string | undefined {
  if (asked === undefined || !/fhirversion/i.test(asked)) return asked;
  const ours = asked.split(',').filter((one) => !isOtherVersion(parseMediaType(one).parameters));
  if (ours.length === 0) throw new NotAcceptable([`${FHIR_JSON}; fhirVersion=4.0`, `${FHIR_XML}; fhirVersion=4.0`]);
  return ours.map((one) => one.replace(/;\s*fhirversion\s*=[^;]*/i, '')).join(',');
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

/** Whether the caller has the version already (R4 http.html#cread; RFC 9110 13.1.2, 13.1.3). */
export const isKnown = ({ headers }: FastifyRequest, row: Dated): boolean =>
  isKnownBy(headers['if-none-match'], headers['if-modified-since'], row);

interface Dated {
  readonly version: number;
  readonly lastUpdated: Date;
}

/** The same by what says it: tags go before a time, which is looked at in whole seconds. */
export function isKnownBy(tags: string | undefined, since: string | undefined, { version, lastUpdated }: Dated): boolean {
  if (tags !== undefined) return namesVersion(tags, version);
  const time = since === undefined ? NaN : Date.parse(since);
  return Math.floor(lastUpdated.getTime() / 1000) * 1000 <= time;
}
