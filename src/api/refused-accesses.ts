import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asking } from '../access/asking.js';
import type { Caller } from '../access/caller.js';
import type { AccessLog, Refusal } from '../ledger/access-log.js';
import { refusedEntity } from '../ledger/refused-entity.js';
import { dicomInteraction, fhirInteraction } from '../ledger/refused-interaction.js';
import { isServed } from '../records/served-types.js';
import { knownCaller } from './called-by.js';

/** What tells nobody anything but that there is nothing for them: not there is answered as not theirs is. */
const REFUSED: ReadonlySet<number> = new Set([403, 404]);
/** Of an image that is there: not in a form that it can have, or not to be decoded. Nothing of it is given. */
const NOT_GIVEN: ReadonlySet<number> = new Set([406, 422]);
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Below /fhir also who tried to write what nobody may, the record of accesses above all; of DICOMweb what was asked for and not given. */
const isRefusal = ({ statusCode }: FastifyReply, { method, url }: FastifyRequest): boolean =>
  REFUSED.has(statusCode) ||
  (statusCode === 405 && !READING.has(method) && /^\/fhir(?:[/?]|$)/.test(url)) ||
  (NOT_GIVEN.has(statusCode) && READING.has(method) && /^\/(?:dicom-web\/studies|wado)(?:[/?]|$)/.test(url));

/**
 * A hook of Fastify's `onSend`: who was refused is on record before the answer leaves, once a request, whichever check refused.
 * Of requests whose caller was not made out (401) it says nothing: who checks tokens puts those on record (AccessLog.note).
 */
export function refusedOnRecord(log: AccessLog) {
  const record = async (caller: Caller, asking: Asking, refused: Refused, done: Done, payload: unknown): Promise<void> => {
    try {
      await accessRefused(log, caller, asking, refused);
    } catch (error) {
      return done(error as Error);
    }
    done(null, payload);
  };
  return (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done): void => {
    const caller = isRefusal(reply, request) ? knownCaller(request) : undefined;
    if (caller?.asking === undefined || log.hasRecordOf(caller)) return done(null, payload);
    void record(caller, caller.asking, { method: request.method, status: reply.statusCode }, done, payload);
  };
}

type Done = (error: Error | null, payload?: unknown) => void;

/** Puts on record that a request was refused; answers when it is. Throws DatabaseAway. */
export async function accessRefused(log: AccessLog, caller: Caller, asking: Asking, { method, status }: Refused): Promise<void> {
  const query = asking.address === '' ? undefined : asking.address;
  await log.refused({ caller, ...askedFor(asking, method), status, query });
}

interface Refused {
  readonly method: string;
  readonly status: number;
}

const RESTRICTED: Readonly<Record<string, string>> = {
  accounts: 'Account',
  clients: 'Client',
  keys: 'Issuer',
  organisations: 'Organisation',
};

/** What was asked for, as far as an address may be told: by the door that it came to. */
function askedFor({ door, address }: Asking, method: string): Pick<Refusal, 'entity' | 'patients' | 'what' | 'interaction'> {
  const [first, id] = address.split(/[/?]/);
  switch (door) {
    case 'fhir': {
      const about = refusedEntity(isServed(first) ? first : undefined, id);
      return { ...about, what: 'resource', interaction: fhirInteraction(method, address) };
    }
    case 'dicomweb':
    case 'dimse': {
      const { type, ...asked } = dicomInteraction(method, address);
      return { ...refusedEntity(type, undefined), ...asked };
    }
    case 'graphql':
      return { ...refusedEntity('graph', undefined), what: 'graph', interaction: 'operation' };
    case 'oauth': // whom an app is launched about
      return { ...refusedEntity('Patient', undefined), what: 'launch', interaction: 'operation' };
    case 'access':
    case 'operations':
      return { ...refusedEntity(RESTRICTED[first] ?? 'server', undefined), what: door, interaction: 'administer' };
  }
}
