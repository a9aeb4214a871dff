import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { challengeOf } from '../access/faults.js';
import { asFault, InternalFault, type Fault } from '../faults.js';
import { event, thrownFields } from '../log.js';
import { breakOff } from './broken-answer.js';
import { noteFault } from './fault-told.js';

/** Words a fault for one wire. */
export type SendFault = (fault: Fault, reply: FastifyReply) => void;

/**
 * The one global filter: the path's prefix decides the form. A filter on a controller would never see an unknown route,
 * a body too large or a wrong media type.
 */
@Catch()
export class FaultsByPath implements ExceptionFilter {
  constructor(
    private readonly forms: readonly (readonly [prefix: string, send: SendFault])[],
    private readonly otherwise: SendFault,
  ) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    // GraphQL words its own errors.
    if (host.getType<'http' | 'graphql'>() === 'graphql') return error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    this.send(error, request, http.getResponse<FastifyReply>());
    return undefined;
  }

  /** For errors that Fastify meets before Nest does. */
  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const fault = asFault(error);
    if (fault instanceof InternalFault) event('request.failed', thrownFields(error));
    // Once the first byte is out, a clean end would pass for a whole answer: the connection is broken instead.
    if (reply.raw.headersSent) return breakOff(reply);
    noteFault(reply, fault);
    if (fault.status === 503) reply.header('Retry-After', '1');
    if (fault.status === 401) reply.header('WWW-Authenticate', challengeOf(fault)); // RFC 9110 15.5.2: always
    const [, send] = this.forms.find(([prefix]) => request.url.startsWith(prefix)) ?? ['', this.otherwise];
    send(fault, reply);
  }
}
