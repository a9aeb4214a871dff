import type { FastifyInstance } from 'fastify';
import { Fault } from '../../faults.js';
import { sendFhirFault } from './fhir-faults.js';
import { SERVED_TYPES } from './served-types.js';

/** The resource is there, but this server does not change it at a client's word (R4 http.html: 405). */
export class MethodNotAllowed extends Fault {
  readonly code = 'method-not-allowed';
  readonly status = 405;

  constructor() {
    super('This server gives resources and takes none: read and search by GET.');
  }
}

/** Refuses whatever would change a resource before its body is looked at, which would be found wanting in other ways first. */
export function refuseOtherMethods(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const [, type] = /^\/fhir\/([A-Za-z]+)(?:\/[^/?]*)?\/?(?:\?.*)?$/.exec(request.url) ?? [];
    if (request.method === 'POST' && /\/\$validate(?:\?.*)?$/.test(request.url)) return done(); // changes nothing
    if (type === undefined || ['GET', 'HEAD'].includes(request.method) || !Object.hasOwn(SERVED_TYPES, type)) return done();
    sendFhirFault(new MethodNotAllowed(), reply.header('Allow', 'GET, HEAD'));
  });
}
