import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../../faults.js';
import type { VersionRow } from '../../records/store/versions.sql.js';
import { xmlToJson } from '../../records/xml/from-xml.js';
import { acceptEntries, NotAcceptable } from '../media-types.js';
import { FHIR_JSON, FHIR_XML, queryPairs, XML_TYPES } from './answer.js';
import { BodyAbsent } from './validate-faults.js';

/** What is not FHIR comes in as bytes under this name, which is the server's own. */
export const RAW_BINARY = 'application/vnd.wetread.raw';
const ADDRESS = /^\/fhir\/Binary(?:\/[^/?$_]+)?(?:\?|$)/;
/** Forms that any page may send without its browser asking: taken from pages of this server alone. */
const SIMPLE: ReadonlySet<string> = new Set(['text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded']);

/** A page of elsewhere sends what a browser lets any page send. */
export class PageElsewhere extends Fault {
  readonly code = 'page-elsewhere';
  readonly status = 403;

  constructor() {
    super('A page of another origin may not send this media type.');
  }
}

/** A header of what is to be a Binary says nothing that can be kept. */
export class BadBinaryHeader extends Fault {
  readonly code = 'bad-header';
  readonly status = 400;

  constructor(
    readonly header: string,
    words: string,
  ) {
    super(`${header} ${words}.`);
  }
}

/** The media type of a body that is to be kept as it is, by its request. */
const givenTypes = new WeakMap<FastifyRequest['raw'], string>();

/** Whether a request brings the content of a Binary in its own form (R4 binary.html#rest); its media type is remembered then. */
export function bringsRawBinary({ method, url, headers, raw }: FastifyRequest): boolean {
  const given = headers['content-type'];
  if (given === undefined || !['POST', 'PUT'].includes(method) || !ADDRESS.test(url)) return false;
  if ([FHIR_JSON, FHIR_XML].includes(nameOf(given))) return false;
  givenTypes.set(raw, given.trim().replaceAll(/\s+/g, ' '));
  return true;
}

const nameOf = (type: string): string => type.split(';', 1)[0].trim().toLowerCase();

/**
 * The Binary that a body of another media type is (R4 binary.html#rest), as FHIR's JSON; X-Security-Context says what its access
 * follows. What is called JSON or XML in general and is a FHIR resource is taken as one. @param isOwnPage  whether the request comes
 * from no page, or one of this server's. @throws BodyAbsent, PageElsewhere, BadBinaryHeader, MalformedXml
 */
export function binaryText(request: FastifyRequest, bytes: Buffer, isOwnPage: boolean): string {
  const contentType = givenTypes.get(request.raw);
  if (contentType === undefined) throw new BodyAbsent(); // the server's own name of such bodies, used by a client
  const name = nameOf(contentType);
  if (SIMPLE.has(name) && !isOwnPage) throw new PageElsewhere();
  if (name === 'application/json' && isResource(bytes.toString())) return bytes.toString();
  if (XML_TYPES.some((one) => one === name) && ROOT_OF_FHIR.test(bytes.toString('utf8', 0, HEAD))) return xmlToJson(bytes.toString());
  if (!MEDIA_TYPE.test(contentType)) throw new BadBinaryHeader('Content-Type', 'must be one media type');
  const id = request.method === 'PUT' ? (request.params as { id?: string }).id : undefined;
  const context = request.headers['x-security-context'];
  if (context !== undefined && !REFERENCE.test(String(context)))
    throw new BadBinaryHeader('X-Security-Context', 'must be a reference, Type/ID or an address');
  return JSON.stringify({
    resourceType: 'Binary',
    id,
    contentType,
    ...(context !== undefined && { securityContext: { reference: String(context) } }),
    data: bytes.toString('base64'),
  });
}

/** RFC 9110 8.3.1: one type with its parameters. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: ?; ?[\w!#$&^.+-]+=(?:[\w!#$&^.+:/-]+|"[ !#-[\]-~]*"))*$/;
const REFERENCE = /^(?:[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?|https?:\/\/[!-~]+)$/;
const HEAD = 4_096;
const ROOT_OF_FHIR = /^\uFEFF?\s*(?:<[?!][^>]*>\s*)*<[^>]*\sxmlns(?::[\w.-]+)?\s*=\s*["']http:\/\/hl7\.org\/fhir["']/;

/** What can't be read is taken for a resource: the client is told where it breaks off, rather than that it was kept. */
function isResource(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'resourceType' in value;
  } catch {
    return true;
  }
}

/**
 * Whether a read of a Binary asks for its content rather than the resource: all that doesn't name FHIR's forms (R4 binary.html#rest).
 * @throws NotAcceptable where neither the content's media type nor FHIR's is asked for
 */
export function asksForContent(request: FastifyRequest, { contentType }: { contentType: string }): boolean {
  if (queryPairs(request).some(([name]) => ['_format', '_summary', '_elements', '_pretty'].includes(name))) return false;
  const asked = acceptEntries(request.headers.accept ?? '*/*').filter(({ quality }) => quality > 0);
  const name = nameOf(contentType);
  if (asked.some(({ mediaType }) => [FHIR_JSON, FHIR_XML].includes(mediaType))) return false;
  if (asked.some(({ mediaType }) => ['*/*', name, `${name.split('/')[0]}/*`].includes(mediaType))) return true;
  if (asked.some(({ mediaType }) => ['application/json', ...XML_TYPES].includes(mediaType))) return false;
  throw new NotAcceptable([name, FHIR_JSON, FHIR_XML]);
}

/** Sends the content as it is. Whatever it holds, a browser neither runs it nor takes it for something else. */
export async function sendContent(reply: FastifyReply, { contentType, data = '', securityContext }: StoredBinary): Promise<void> {
  const context = securityContext?.reference;
  if (context !== undefined && REFERENCE.test(context)) reply.header('X-Security-Context', context);
  await reply
    .type(MEDIA_TYPE.test(contentType) ? contentType : 'application/octet-stream') // a resource may say anything
    .header('Content-Security-Policy', "default-src 'none'; sandbox")
    .send(Buffer.from(data, 'base64'));
}

/** What a Binary says of its content. */
interface StoredBinary {
  readonly contentType: string;
  readonly data?: string;
  readonly securityContext?: { readonly reference?: string };
}

export const contentOf = ({ content }: VersionRow): StoredBinary => JSON.parse(content) as StoredBinary; // it is valid
