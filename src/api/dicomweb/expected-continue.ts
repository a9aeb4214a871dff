import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NotDicomBody } from './store-faults.js';

const STORE = /^\/dicom-web\/studies(\/[^/?]+)?\/?(\?|$)/;
const STREAMED = /^\s*(multipart\/related|application\/dicom(\+json|\+xml)?)\s*(;|$)/i;
const isStore = ({ method, url }: Pick<IncomingMessage, 'method' | 'url'>): boolean => method === 'POST' && STORE.test(url ?? '');
const isExpecting = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean => headers.expect?.toLowerCase() === '100-continue';

/**
 * `Expect: 100-continue` (RFC 9110 10.1.1): a store request that will be refused by its header fields is refused before its
 * body is sent. Without this, Node asks for every body at once. An expectation other than this one is Node's 417.
 */
export function holdBodiesBack(fastify: FastifyInstance): void {
  fastify.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    if (!isStore(request)) response.writeContinue();
    fastify.server.emit('request', request, response);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    // A type that has a parser here, such as JSON, would be waited for.
    const refused = isStore(request.raw) && isExpecting(request) && !STREAMED.test(request.headers['content-type'] ?? '');
    done(refused ? new NotDicomBody() : undefined);
  });
}

/** Lets the body of a store request come, now that nothing in its header fields speaks against it. */
export function takeBody(request: FastifyRequest, reply: FastifyReply): void {
  if (isExpecting(request)) reply.raw.writeContinue();
}
