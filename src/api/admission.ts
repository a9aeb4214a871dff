import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access/caller.js';
import { BREAK_GLASS } from '../access/purpose.js';
import { inTenant } from '../database/scope.js';
import { asFault, FrameworkFault } from '../faults.js';
import { askingOf } from './asking.js';
import { withReasons, type Authentication } from './authentication.js';
import { setCaller } from './called-by.js';
import { addVary } from './vary.js';
import { requireRoute } from './route-rights.js';
import type { UnknownCallers } from './unknown-callers.js';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What everybody may ask: whether the server is well, what it can do and by what its signatures are checked. Nothing of it is anybody's data. */
const OPEN: readonly RegExp[] = [
  /^\/$/,
  /^\/(health|health\/live|health\/ready|openapi\.json|signing-keys)$/,
  /^\/docs(\/.*)?$/,
  /^\/fhir\/metadata$/,
];

/** A page to try the graph with, where a setting serves it: what it then asks needs a token. */
const GRAPHIQL = /^\/graphql\/graphiql(\/|$)/;

/** Organisations are made here whoever issues the tokens. */
const OWN_ISSUERS = /^\/(oauth|access(?!\/organisations$)|\.well-known\/(openid-configuration|oauth-authorization-server))(\/|$)/;

/** Who makes out who calls, and who keeps the record of those that were not. */
export interface Gatekeepers {
  readonly authentication: Authentication;
  readonly unknown: UnknownCallers;
  /** Network address that a request comes from. */
  readonly networkOf: (request: FastifyRequest) => string;
}

/**
 * Lets a request in: makes out who calls, and sets the scope of what is then asked of the database. Open addresses go in without either;
 * whatever reached for data from there would get none.
 * @param isOpen  what wires of their own say is open
 */
export const admission =
  (gatekeepers: () => Gatekeepers, isOpen: (url: string, method: string) => boolean) =>
  (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const path = request.url.split('?', 1)[0].replace(/(?<=.)\/$/, '');
    const keepers = gatekeepers();
    // Where another issues the tokens, there is no issuer here.
    if (keepers.authentication.outside !== undefined && OWN_ISSUERS.test(path))
      return done(new FrameworkFault(404, 'not-found', 'There is nothing at this address.'));
    const isPage = GRAPHIQL.test(path) || (path === '/graphql' && request.method === 'GET' && asksForPage(request));
    const isOpenRead = READS.has(request.method) && OPEN.some((form) => form.test(path));
    if (isPage || isOpenRead || isOpen(request.url, request.method)) return done();
    void letIn(keepers, request, reply, done);
  };

/** Calls what comes next, in the scope that it belongs to, or tells it why nothing may. */
async function letIn(
  { authentication, unknown, networkOf }: Gatekeepers,
  request: FastifyRequest,
  reply: FastifyReply,
  done: (error?: Error) => void,
): Promise<void> {
  let holder: Caller;
  try {
    holder = await authentication.holderOf(request.headers);
  } catch (error) {
    const fault = asFault(error);
    if (fault.status === 401)
      unknown.note(askingOf(request.raw) ?? { id: randomUUID(), network: networkOf(request), address: request.url }, fault);
    return done(fault);
  }
  // A browser would else give what it keeps to whoever asks next, past this check and the record of accesses.
  if (holder.rights !== undefined) addVary(reply.header('Cache-Control', 'private, no-cache'), 'Authorization');
  inTenant(holder.tenant, () => done(refusalOf(request, holder)));
}

/** Notes who calls, and says why the caller may not have this route, or not for that reason; undefined where it may. */
function refusalOf({ raw, headers, routeOptions, method, params }: FastifyRequest, holder: Caller): Error | undefined {
  // Who may not break the glass tried to: the record says so.
  setCaller(raw, headers['x-break-glass'] === undefined ? holder : { ...holder, purposeOfUse: BREAK_GLASS });
  try {
    const caller = withReasons(holder, headers);
    setCaller(raw, caller);
    requireRoute(caller, routeOptions.url ?? '', method, params);
    return undefined;
  } catch (error) {
    return asFault(error);
  }
}

/** A browser that opens the address: no query is in it, which a browser's page could not ask without a token. */
const asksForPage = ({ url, headers }: FastifyRequest): boolean => !url.includes('?') && /\btext\/html\b/.test(headers.accept ?? '');
