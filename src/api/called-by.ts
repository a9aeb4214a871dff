import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { Fault } from '../faults.js';
import type { Caller } from '../access/caller.js';
import { askingOf } from './asking.js';

/** Nobody was made out who calls: the server lacks a door's lock, and gives nothing. */
class CallerUnknown extends Fault {
  readonly code = 'unauthenticated';
  readonly status = 401;

  constructor() {
    super('This needs a valid access token.');
  }
}

const callers = new WeakMap<IncomingMessage, Caller>();

/** Notes who calls by a request: once, where its token was checked. What the request is by is added, for the record of the access. */
export const setCaller = (request: IncomingMessage, caller: Caller): void =>
  void callers.set(request, { ...caller, asking: askingOf(request) });

/** Who calls by a request; undefined where nobody was made out. */
export const knownCaller = ({ raw }: Pick<FastifyRequest, 'raw'>): Caller | undefined => callers.get(raw);

/** Who calls by a request. Throws 401 where nobody was made out. */
export function callerOf({ raw }: Pick<FastifyRequest, 'raw'>): Caller {
  const caller = callers.get(raw);
  if (caller === undefined) throw new CallerUnknown();
  return caller;
}

/** In a controller: who calls. */
export const CalledBy = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
