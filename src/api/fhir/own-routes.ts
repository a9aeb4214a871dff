import type { FastifyRequest } from 'fastify';
import type { BundleContext, RouteAnswer } from '../../records/bundle/entry.js';
import { callerOf } from '../called-by.js';
import { reachedAt } from '../base-url.js';
import { FHIR_JSON } from './answer.js';

/**
 * Asks the server's own routes what an entry of a Bundle asks for, as who sent the Bundle: by the same rights, to the same host,
 * with the same preferences; for JSON, which is put into the answer as it comes.
 * @param base  the server's FHIR address, as the caller reaches it
 */
export const ownRoutes =
  (request: FastifyRequest, base: string): BundleContext['ask'] =>
  async ({ method, address, body, ifMatch, ifNoneMatch }) => {
    const { authorization, prefer, host = request.headers[':authority'] } = request.headers;
    const own = callerOf(request).asking?.id;
    const { 'x-break-glass': glass, 'x-purpose-of-use': purpose } = request.headers;
    const given = {
      host,
      authorization,
      prefer,
      'x-break-glass': glass,
      'x-purpose-of-use': purpose,
      'x-request-id': own,
      'if-match': ifMatch,
      'if-none-match': ifNoneMatch,
    };
    const headers = Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    return reachedAt(base.replace(/\/fhir$/, ''), async () => {
      const answer = await request.server.inject({
        method,
        url: `/fhir/${withoutForm(address)}`,
        headers: { ...headers, accept: FHIR_JSON, ...(body !== undefined && { 'content-type': FHIR_JSON }) },
        ...(body !== undefined && { payload: body }),
      });
      const { statusCode, headers: own, payload } = answer;
      return routeAnswer(statusCode, own, ASKS_GRAPH.test(address) && statusCode === 200 ? graphBinary(payload) : payload);
    });
  };

const ASKS_GRAPH = /(?:^|\/)(?:\$|%24)graphql(?:\?|$)/;

/** What `$graphql` gives is no resource: an entry has it as what the operation's definition says it is (R4 resource-operation-graphql.html). */
const graphBinary = (payload: string): string =>
  JSON.stringify({ resourceType: 'Binary', contentType: 'application/json', data: Buffer.from(payload).toString('base64') });

/** The form of the answer is not an entry's to say. */
function withoutForm(address: string): string {
  const [path, query] = address.split(/\?(.*)/s, 2);
  if (query === undefined) return path;
  const kept = [...new URLSearchParams(query)].filter(([name]) => name !== '_format' && name !== '_pretty');
  return `${path}?${new URLSearchParams(kept).toString()}`;
}

function routeAnswer(status: number, headers: Readonly<Record<string, unknown>>, payload: string): RouteAnswer {
  const text = (name: string): string | undefined => (typeof headers[name] === 'string' ? headers[name] : undefined);
  const isResource = /^application\/(?:fhir\+)?json\b/.test(text('content-type') ?? '') && payload !== '';
  const modified = text('last-modified');
  return {
    status,
    content: isResource ? payload : undefined,
    etag: text('etag'),
    location: text('location'),
    lastModified: modified === undefined ? undefined : new Date(modified),
  };
}
