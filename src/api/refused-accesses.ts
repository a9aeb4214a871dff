import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.js';
import type { AccessLog } from '../ledger/access-log.js';
import { refusedEntity } from '../ledger/refused-entity.js';
import { isServed } from '../records/served-types.js';
import { knownCaller } from './called-by.js';

/** What tells nobody anything but that there is nothing for them: not there is answered as not theirs is. */
const REFUSED: ReadonlySet<number> = new Set([403, 404]);

/**
 * A hook of Fastify's `onSend`: who was refused is on record before the answer leaves, once a request, whichever check refused.
 * Of requests whose caller was not made out (401) it says nothing: who checks tokens puts those on record (AccessLog.note).
 */
export function refusedOnRecord(log: AccessLog) {
  const record = async (caller: Caller, status: number, done: Done, payload: unknown): Promise<void> => {
    try {
      await accessRefused(log, caller, status);
    } catch (error) {
      return done(error as Error);
    }
    done(null, payload);
  };
  return (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void => {
    const caller = REFUSED.has(reply.statusCode) ? knownCaller(request) : undefined;
    if (caller?.asking === undefined || log.hasRecordOf(caller)) return done(null, payload);
    void record(caller, reply.statusCode, done, payload);
  };
}

type Done = (error: Error | null, payload?: unknown) => void;

/** Puts on record that a request was refused; answers when it is. For who refuses before the request has a route, too. Throws DatabaseAway. */
export async function accessRefused(log: AccessLog, caller: Caller, status: number, code?: string): Promise<void> {
  const { door, address } = caller.asking ?? {};
  const [type, id] = (address ?? '').split(/[/?]/);
  const about = door === 'fhir' ? refusedEntity(isServed(type) ? type : undefined, id) : refusedEntity('study', undefined);
  await log.refused({ caller, ...about, what: door === 'fhir' ? 'resource' : 'instances', status, code, query: address });
}
