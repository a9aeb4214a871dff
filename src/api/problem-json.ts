import type { FastifyReply } from 'fastify';
import type { Fault } from '../faults.js';
import { NotAcceptable } from './media-types.js';

/** A fault as RFC 9457 problem details: the form of every wire that has none of its own. */
export function sendProblem(fault: Fault, reply: FastifyReply): void {
  const problem = {
    type: `urn:wetread:fault:${fault.code}`,
    title: fault.code,
    status: fault.status,
    detail: fault.message,
    code: fault.code,
    // What would do, for a program to choose from.
    ...(fault instanceof NotAcceptable ? { acceptable: fault.offered } : {}),
  };
  void reply.code(fault.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
}
