import type { FastifyReply, FastifyRequest } from 'fastify';
import { challengeOf } from '../access/faults.js';
import { inTenant } from '../database/scope.js';
import { asFault } from '../faults.js';
import type { Authentication } from './authentication.js';
import { setCaller } from './called-by.js';

/** What everybody may ask: whether the server is well, what it can do and by what its signatures are checked. Nothing of it is anybody's data. */
const OPEN: readonly RegExp[] = [/^\/$/, /^\/(health|health\/live|health\/ready|openapi\.json|signing-keys)$/, /^\/docs(\/.*)?$/, /^\/fhir\/metadata$/];

/**
 * Lets a request in: makes out who calls, and sets the scope of what is then asked of the database. Open addresses go in without either;
 * whatever reached for data from there would get none.
 * @param isOpen  what wires of their own say is open
 */
export const admission =
  (authentication: () => Authentication, isOpen: (url: string) => boolean) =>
  (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const path = request.url.split('?', 1)[0].replace(/(?<=.)\/$/, '');
    if (OPEN.some((form) => form.test(path)) || isOpen(request.url)) return done();
    authentication()
      .callerOf(request.headers)
      .then(
        (caller) => {
          setCaller(request.raw, caller);
          inTenant(caller.tenant, done);
        },
        (error: unknown) => {
          const fault = asFault(error);
          if (fault.status === 401) void reply.header('WWW-Authenticate', challengeOf(fault));
          done(fault);
        },
      );
  };
