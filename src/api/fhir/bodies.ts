import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FrameworkFault } from '../../faults.js';
import { xmlToJson } from '../../records/xml/from-xml.js';
import { parseMediaType } from '../media-types.js';
import { FHIR_JSON, FHIR_XML, isOtherVersion, XML_TYPES } from './answer.js';
import { sendFhirFault } from './fhir-faults.js';
import { bringsRawBinary, RAW_BINARY } from './raw-binary.js';

const JSON_PATCH = 'application/json-patch+json';
/** The longest body: a Bundle of a whole department's day, or of all resources that R4 defines; more is sent in parts. */
const MOST_BYTES = 36 * 1024 * 1024;
/** Of a Binary's content, which is kept as base64: as long then. */
const MOST_RAW_BYTES = (MOST_BYTES * 3) / 4;
/**
 * Forms of `_search`, which reads: Nest's parser would make an object of them and lose the order and the repeated ones. Nothing
 * else below /fhir takes a form: a browser lets any page send one without asking.
 */
const FORM = 'application/x-www-form-urlencoded';
const SEARCH = /^\/fhir\/(?:[A-Za-z]+\/)?_search(?:\?|$)/;
const READING = ['GET', 'HEAD', 'OPTIONS'];
/** A query alone, for `$graphql` (R4 graphql.html). */
export const GRAPHQL = 'application/graphql';
const ASKS_GRAPH = /^\/fhir\/(?:[A-Za-z]+\/[A-Za-z0-9\-.]+\/)?(?:\$|%24)graphql\/?(?:\?|$)/;
const MOST_GRAPHQL_BYTES = 2 ** 20;
/** Others may name a type, though they bring nothing. */
const BRINGING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
const TAKEN: ReadonlySet<string> = new Set([FHIR_JSON, FHIR_XML, JSON_PATCH, RAW_BINARY]);

/**
 * Bodies below /fhir are handed on as text, so that nothing of them is lost before they are validated: a member given twice,
 * the digits of a decimal; XML as the JSON that says the same; what is not FHIR, to be a Binary, as bytes. application/json is what
 * some clients call FHIR's JSON (R4 http.html#mime-type).
 */
export function takeBodies(server: FastifyInstance): void {
  for (const type of [FHIR_JSON, JSON_PATCH])
    server.addContentTypeParser(type, { parseAs: 'string', bodyLimit: MOST_BYTES }, (_request, body, done) =>
      // A byte order mark says nothing of the resource (RFC 8259 8.1).
      done(null, (body as string).replace(/^\uFEFF/, '')),
    );
  server.addContentTypeParser(GRAPHQL, { parseAs: 'string', bodyLimit: MOST_GRAPHQL_BYTES }, (_request, body, done) => done(null, body));
  server.addContentTypeParser(FHIR_XML, { parseAs: 'string', bodyLimit: MOST_BYTES }, (_request, body, done) => {
    try {
      done(null, xmlToJson(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser(RAW_BINARY, { parseAs: 'buffer', bodyLimit: MOST_RAW_BYTES }, (_request, body, done) => done(null, body));
  server.addHook('onRequest', (request, reply, done) => {
    if (!/^\/fhir(?:[/?]|$)/.test(request.url)) return done();
    const fault = refused(request);
    if (fault === undefined) return done();
    sendFhirFault(fault, fault.status === 405 ? reply.header('Allow', READING.join(', ')) : reply);
  });
}

/** Names the body's type as FHIR does; a request that can't be taken is refused before its body is read. */
function refused(request: FastifyRequest): FrameworkFault | undefined {
  const { headers, url, method } = request;
  // It has the form of a type's address, which takes more.
  if (/^\/fhir\/metadata(?:[/?]|$)/.test(url) && !READING.includes(method))
    return new FrameworkFault(405, 'method-not-allowed', 'This address does not take this method.');
  const { 'content-type': given, 'content-encoding': coding = 'identity' } = headers;
  if (given === undefined || !BRINGING.has(method)) return undefined;
  if (coding.toLowerCase() !== 'identity')
    return new FrameworkFault(415, 'unsupported-content-coding', 'A body below /fhir must come as it is, without a content coding.');
  const name = bringsRawBinary(request) ? RAW_BINARY : ownName(given, url);
  headers['content-type'] = name;
  const { mediaType, parameters } = parseMediaType(name);
  if ((TAKEN.has(mediaType) || (mediaType === GRAPHQL && ASKS_GRAPH.test(url))) && !isOtherVersion(parameters)) return undefined;
  return new FrameworkFault(415, 'unsupported-media-type', 'The media type of the request is not taken here.');
}

/** A body's media type by the name that FHIR has for it; other parts of the server know the general names as other things. */
function ownName(type: string, url: string): string {
  const { mediaType, parameters } = parseMediaType(type);
  const version = parameters['fhirversion'] === undefined ? '' : `; fhirVersion=${parameters['fhirversion']}`;
  if (mediaType === 'application/json' || (mediaType === FORM && SEARCH.test(url))) return `${FHIR_JSON}${version}`;
  return XML_TYPES.some((one) => one === mediaType) ? `${FHIR_XML}${version}` : type;
}
