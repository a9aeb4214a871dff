import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asking, Door } from '../access/asking.js';
import type { Caller } from '../access/caller.js';
import type { AccessLog, Refusal } from '../ledger/access-log.js';
import { refusedEntity } from '../ledger/refused-entity.js';
import { dicomInteraction, fhirInteraction } from '../ledger/refused-interaction.js';
import { tellsOfStored } from '../ledger/tells-of-stored.js';
import { isOnRecord } from '../ledger/told-faults.js';
import { isServed } from '../records/served-types.js';
import { knownCaller } from './called-by.js';
import { faultTold } from './fault-told.js';

/** Answers that give nothing of what was asked for, and yet tell of it. */
type Told = (refused: Refused, address: string) => boolean;

/** What tells nobody anything but that there is nothing for them: not there is answered as not theirs is. */
const isDenied = ({ status }: Refused): boolean => status === 403 || status === 404;

/** Also who tried to write what nobody may, the record of accesses above all, and what was asked for in a form that there is not. */
const ofFhir: Told = (refused, address) =>
  tellsOfStored(refused, fhirInteraction(refused.method, address)) ||
  refused.status === 406 ||
  (refused.status === 405 && !READING.has(refused.method));

/**
 * Of an image that is there: not in a form that it can have, not to be decoded, not as it was seen before, no such part of it. What is
 * stored is on record by itself, each instance that was refused too.
 */
const ofDicomweb: Told = ({ method, status }, address) => {
  if (/^workitems(?:[/?]|$)/.test(address)) return status === 409;
  if (READING.has(method)) return status === 406 || status === 412 || status === 416 || status === 422;
  return method !== 'POST' && (status === 409 || status === 412);
};

const TOLD: Readonly<Partial<Record<Door, Told>>> = { fhir: ofFhir, dicomweb: ofDicomweb };
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const isRefusal = (refused: Refused, { door, address }: Asking): boolean => isDenied(refused) || TOLD[door]?.(refused, address) === true;

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
    const { statusCode: status } = reply;
    const caller = status < 400 || status >= 500 ? undefined : knownCaller(request);
    if (caller?.asking === undefined) return done(null, payload);
    const fault = faultTold(reply);
    const refused = { method: request.method, status, code: fault?.code };
    const isTold = log.hasRecordOf(caller) || (fault !== undefined && isOnRecord(fault));
    if (isTold || !isRefusal(refused, caller.asking)) return done(null, payload);
    void record(caller, caller.asking, refused, done, payload);
  };
}

type Done = (error: Error | null, payload?: unknown) => void;

/** Puts on record that a request was refused; answers when it is. Throws DatabaseAway. */
export async function accessRefused(log: AccessLog, caller: Caller, asking: Asking, { method, status, code }: Refused): Promise<void> {
  const query = asking.address === '' ? undefined : asking.address;
  await log.refused({ caller, ...askedFor(asking, method), status, ...(code !== undefined && { code }), query });
}

interface Refused {
  readonly method: string;
  readonly status: number;
  /** Of the fault, where one was told. */
  readonly code?: string | undefined;
}

const RESTRICTED: Readonly<Record<string, string>> = {
  accounts: 'Account',
  clients: 'Client',
  keys: 'Issuer',
  organisations: 'Organisation',
};

const EVIDENCE: Readonly<Record<string, string>> = {
  records: 'RegulatoryRecord',
  studies: 'ValidationStudy',
  datasets: 'ValidationDataset',
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
    case 'evidence': // its rooms put on record what of a study was refused
      return { ...refusedEntity(EVIDENCE[first] ?? 'Evidence', undefined), what: 'evidence', interaction: 'operation' };
    case 'access':
    case 'operations':
      return { ...refusedEntity(RESTRICTED[first] ?? 'server', undefined), what: door, interaction: 'administer' };
  }
}
