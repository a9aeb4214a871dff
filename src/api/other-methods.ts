import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../faults.js';
import type { RouteTable } from './route-table.js';

/** The resource is there and does not take this method (RFC 9110 15.5.6); the answer's Allow header names those it takes. */
export class MethodNotAllowed extends Fault {
  readonly code = 'method-not-allowed';
  readonly status = 405;

  constructor(allowed: string) {
    super(`This resource does not take that method. It takes ${allowed}.`);
  }
}

/**
 * A check for every request that no route takes, before its body is looked at: OPTIONS is told what a resource takes
 * (RFC 9110 9.3.7), other methods are refused. True where it has answered; an unknown path is left to be 404.
 * Throws MethodNotAllowed.
 */
export function otherMethods(routes: RouteTable): (request: FastifyRequest, reply: FastifyReply) => boolean {
  return (request, reply) => {
    if (!request.is404) return false;
    const methods = routes.methodsAt(request.url);
    if (methods.length === 0) return false;
    const allowed = [...new Set([...methods, 'OPTIONS'])].sort().join(', ');
    reply.header('Allow', allowed);
    if (request.method !== 'OPTIONS') throw new MethodNotAllowed(allowed);
    void reply.code(204).send();
    return true;
  };
}
