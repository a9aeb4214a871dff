import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '../access/caller.js';
import { TokenAbsent } from '../access/faults.js';
import { askingOf } from './asking.js';

const callers = new WeakMap<IncomingMessage, Caller>();

/** Notes who calls by a request: once, where its token was checked. What the request is by is added, for the record of the access. */
export const setCaller = (request: IncomingMessage, caller: Caller): void =>
  void callers.set(request, { ...caller, asking: askingOf(request) });

/** Who calls by a request; undefined where nobody was made out. */
export const knownCaller = ({ raw }: Pick<FastifyRequest, 'raw'>): Caller | undefined => callers.get(raw);

/** Who calls by a request. Throws TokenAbsent where nobody was made out: the server lacks a door's lock, and gives nothing. */
export function callerOf({ raw }: Pick<FastifyRequest, 'raw'>): Caller {
  const caller = callers.get(raw);
  if (caller === undefined) throw new TokenAbsent();
  return caller;
}

/** In a controller: who calls. */
export const CalledBy = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
