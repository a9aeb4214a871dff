import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteTable } from './route-table.js';
import { addVary } from './vary.js';

/** What a page may send beside what it may send anyway (Fetch standard: CORS-safelisted request-headers). */
const REQUEST_HEADERS =
  'Accept, Accept-Charset, Apollo-Require-Preflight, Authorization, Content-Encoding, Content-Type, If-Match, If-Modified-Since, If-None-Exist, If-None-Match, If-Range, Prefer, Range, X-Break-Glass, X-Purpose-Of-Use, X-Request-Id, X-Requested-With';
/** What a page may read of an answer beside what it may read anyway (CORS-safelisted response-headers). */
const ANSWER_HEADERS =
  'Accept-Ranges, Allow, Content-Encoding, Content-Location, Content-Range, ETag, Link, Location, Retry-After, WWW-Authenticate, Warning, X-Progress, X-Request-Id';
const PREFLIGHT_SECONDS = '600';
/** What a page may do whose origin nobody named. */
const READING = ['GET', 'HEAD'];

/**
 * Lets pages of other origins read answers, and those named alone: a server that trusts its machine would else give a whole
 * archive to whatever page its user opens. Never with credentials of the browser's own.
 * @param origins  as in a page's Origin header, or `*`
 * @returns a step for every request; true where it has answered a preflight (Fetch standard, 3.3.2)
 */
export function crossOrigin(origins: readonly string[], routes: RouteTable): (request: FastifyRequest, reply: FastifyReply) => boolean {
  const any = origins.includes('*');
  const allowed = new Set(origins.map((one) => one.toLowerCase()));
  return ({ headers, method, url }, reply) => {
    if (allowed.size === 0) return false;
    const { origin } = headers;
    if (!any) addVary(reply, 'Origin');
    if (origin === undefined || !(any || allowed.has(origin.toLowerCase()))) return false;
    reply.header('Access-Control-Allow-Origin', any ? '*' : origin);
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) {
      reply.header('Access-Control-Expose-Headers', ANSWER_HEADERS);
      return false;
    }
    addVary(reply, 'Access-Control-Request-Method', 'Access-Control-Request-Headers');
    reply
      .header('Access-Control-Allow-Methods', (any ? READING : routes.methodsAt(url)).join(', '))
      .header('Access-Control-Allow-Headers', REQUEST_HEADERS)
      .header('Access-Control-Max-Age', PREFLIGHT_SECONDS);
    void reply.code(204).send();
    return true;
  };
}
