import type { Caller } from '../access/caller.js';
import type { Interaction } from '../access/grant.js';
import { requireOperation } from '../access/operations.js';
import { NotPermitted, permitOf, requirePermit } from '../access/permits.js';
import type { Operation } from '../access/roles.js';
import { isServed } from '../records/served-types.js';

/**
 * What a route needs before anything else of a request is looked at. Which resources it then gives is for the rooms to say
 * (permits.ts): this is the lock on the door, theirs the one on the cupboard.
 */
export type RouteRight =
  /** Everybody's. */
  | { readonly kind: 'open' }
  /** For who has a token: what it gives depends on what is asked for, and the rooms say. */
  | { readonly kind: 'caller' }
  /** One of the interactions with a type, or with the type that the path names; and all of the others, where there are any. */
  | { readonly kind: 'type'; readonly type: string; readonly any: readonly Interaction[]; readonly all?: readonly Interaction[] }
  | { readonly kind: 'operation'; readonly operation: Operation };

const OPEN: RouteRight = { kind: 'open' };
const CALLER: RouteRight = { kind: 'caller' };
const type = (name: string, ...any: readonly Interaction[]): RouteRight => ({ kind: 'type', type: name, any });
const named = (...any: readonly Interaction[]): RouteRight => type(':type', ...any);
/** A patch looks at what it changes. */
const PATCHED: RouteRight = { kind: 'type', type: ':type', any: ['u'], all: ['r'] };
const operation = (name: Operation): RouteRight => ({ kind: 'operation', operation: name });
const ACCOUNTS = operation('accounts.manage');
const OBSERVE = operation('server.observe');
const EVIDENCE = operation('evidence.look');
const REGULATE = operation('evidence.regulate');
const [LOOK, FIND, MAKE, CHANGE] = (['r', 's', 'c', 'u'] as const).map((one) => type('ImagingStudy', one));
const SUBSCRIPTION = type('Subscription', 'r');

type ByMethod = Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', RouteRight>>>;
const both = (right: RouteRight): ByMethod => ({ GET: right, POST: right });
const STUDY = '/dicom-web/studies/:study';
const SERIES = `${STUDY}/series/:series`;
const INSTANCE = `${SERIES}/instances/:instance`;
const levels = (below: string, by: ByMethod): [string, ByMethod][] => [STUDY, SERIES, INSTANCE].map((level) => [`${level}${below}`, by]);
const DELETE = operation('archive.delete');
const PLAN = operation('evidence.plan');
const PART = operation('evidence.take-part');
const STUDIES = '/evidence/studies';
const VALIDATION = `${STUDIES}/:id`;

/** Every route of the server, as its router has it. */
export const ROUTE_RIGHTS: ReadonlyMap<string, ByMethod> = new Map<string, ByMethod>([
  ['/dicom-web', { GET: CALLER, OPTIONS: CALLER }],
  ['/dicom-web/studies', { GET: FIND, POST: MAKE }],
  ['/dicom-web/series', { GET: FIND }],
  ['/dicom-web/instances', { GET: FIND }],
  [STUDY, { GET: LOOK, POST: MAKE, DELETE }],
  [SERIES, { GET: LOOK, DELETE }],
  [INSTANCE, { GET: LOOK, DELETE }],
  [`${STUDY}/series`, { GET: FIND }],
  [`${STUDY}/instances`, { GET: FIND }],
  [`${SERIES}/instances`, { GET: FIND }],
  ...levels('/metadata', { GET: LOOK, PATCH: CHANGE }),
  ...['/rendered', '/thumbnail', '/bulkdata', '/pixeldata'].flatMap((below) => levels(below, { GET: LOOK })),
  [`${INSTANCE}/original`, { GET: LOOK }],
  [`${INSTANCE}/bulkdata/*`, { GET: LOOK }],
  [`${INSTANCE}/frames/:frames`, { GET: LOOK }],
  [`${INSTANCE}/frames/:frames/rendered`, { GET: LOOK }],
  [`${INSTANCE}/frames/:frames/thumbnail`, { GET: LOOK }],
  ['/wado', { GET: LOOK }],
  ['/dicom-web/workitems', { GET: type('Task', 's'), POST: type('Task', 'c') }],
  ['/dicom-web/workitems/:workitem', { GET: type('Task', 'r'), POST: type('Task', 'u') }],
  ['/dicom-web/workitems/:workitem/state', { PUT: type('Task', 'u') }],
  ['/dicom-web/workitems/:workitem/state/:requester', { PUT: type('Task', 'u') }],
  ['/dicom-web/workitems/:workitem/cancelrequest', { POST: type('Task', 'u') }],
  ['/dicom-web/workitems/:workitem/cancelrequest/:requester', { POST: type('Task', 'u') }],
  ['/dicom-web/workitems/:workitem/subscribers/:subscriber', { POST: type('Task', 's'), DELETE: type('Task', 's') }],
  ['/dicom-web/workitems/:workitem/subscribers/:subscriber/suspend', { POST: type('Task', 's') }],
  ['/fhir', both(CALLER)],
  ['/fhir/_search', { POST: CALLER }],
  ['/fhir/_history', { GET: CALLER }],
  ['/fhir/metadata', { GET: OPEN }],
  ['/fhir/AuditEvent', { GET: type('AuditEvent', 's') }],
  ['/fhir/AuditEvent/_search', { POST: type('AuditEvent', 's') }],
  ['/fhir/AuditEvent/:id', { GET: type('AuditEvent', 'r') }],
  ['/fhir/Patient/:id/AuditEvent', { GET: CALLER }],
  ['/fhir/Patient/:id/$access-log', both(CALLER)],
  ['/fhir/:type', { GET: named('s'), POST: named('c'), PUT: named('u', 'c'), PATCH: PATCHED, DELETE: named('d') }],
  ['/fhir/:type/_search', { POST: named('s') }],
  ['/fhir/:type/_history', { GET: named('r') }],
  ['/fhir/:type/:id', { GET: named('r'), PUT: named('u', 'c'), PATCH: PATCHED, DELETE: named('d') }],
  ['/fhir/:type/:id/_history', { GET: named('r') }],
  ['/fhir/:type/:id/_history/:version', { GET: named('r') }],
  ['/fhir/:compartment/:id/:type', { GET: named('s') }],
  ['/fhir/:type/$validate', { POST: CALLER }],
  ['/fhir/:type/:id/$validate', both(CALLER)],
  ['/fhir/:type/:id/$everything', both(named('r'))],
  ['/fhir/:type/$lastn', both(named('s'))],
  ['/fhir/$graphql', both(CALLER)],
  ['/fhir/:type/:id/$graphql', both(named('r'))],
  ['/fhir/$meta', both(CALLER)],
  ['/fhir/:type/$meta', both(named('s'))],
  ['/fhir/:type/:id/$meta', both(named('r'))],
  ['/fhir/$export', both(CALLER)],
  ['/fhir/:type/$export', both(CALLER)],
  ['/fhir/:type/:id/$export', both(named('r'))],
  ['/fhir/$export-jobs/:job', { GET: CALLER, DELETE: CALLER }],
  ['/fhir/$export-jobs/:job/:file', { GET: CALLER }],
  ['/fhir/:type/:id/$review', { POST: operation('report.review') }],
  ['/fhir/:type/:id/$document', both(named('r'))],
  ['/fhir/:type/$status', both(SUBSCRIPTION)],
  ['/fhir/:type/:id/$status', both(SUBSCRIPTION)],
  ['/fhir/:type/:id/$events', both(SUBSCRIPTION)],
  ['/fhir/:type/$get-ws-binding-token', both(SUBSCRIPTION)],
  ['/fhir/:type/:id/$get-ws-binding-token', both(SUBSCRIPTION)],
  ['/fhir/.well-known/smart-configuration', { GET: OPEN }],
  ['/.well-known/smart-configuration', { GET: OPEN }],
  ['/graphql', both(CALLER)],
  ['/graphql/stream', both(CALLER)],
  ['/oauth/launch', { POST: type('Patient', 'r') }],
  ['/oauth/register', { POST: OPEN }],
  ['/access/accounts', both(ACCOUNTS)],
  ['/access/accounts/:id', { GET: ACCOUNTS, PATCH: ACCOUNTS, DELETE: ACCOUNTS }],
  ['/access/clients', both(ACCOUNTS)],
  ['/access/clients/:id', { GET: ACCOUNTS, PATCH: ACCOUNTS, DELETE: ACCOUNTS }],
  ['/access/organisations', both(ACCOUNTS)],
  ['/access/organisations/:id/accounts', { POST: ACCOUNTS }],
  ['/access/keys/rotate', { POST: ACCOUNTS }],
  ['/evidence/datasets', { GET: EVIDENCE, POST: PLAN }],
  ['/evidence/datasets/:id', { GET: EVIDENCE }],
  ['/evidence/datasets/:id/manifest', { GET: EVIDENCE }],
  [STUDIES, { GET: EVIDENCE, POST: PLAN }],
  [`${VALIDATION}/run`, { GET: EVIDENCE, POST: PART }],
  [VALIDATION, { GET: EVIDENCE }],
  [`${VALIDATION}/steps`, { POST: PART }],
  [`${VALIDATION}/members`, { POST: PLAN }],
  [`${VALIDATION}/deviations`, { POST: PART }],
  [`${VALIDATION}/protocols`, { POST: PLAN }],
  [`${VALIDATION}/protocols/:version`, { GET: EVIDENCE }],
  [`${VALIDATION}/signatures`, { POST: PART }],
  [`${VALIDATION}/labelling/next`, { GET: PART }],
  [`${VALIDATION}/labels`, { POST: PART }],
  [`${VALIDATION}/labels/import`, { POST: PART }],
  [`${VALIDATION}/variables/import`, { POST: PART }],
  [`${VALIDATION}/reference`, { POST: PART }],
  [`${VALIDATION}/cases/open`, { POST: PART }],
  [`${VALIDATION}/cases/:case/image`, { GET: PART }],
  [`${VALIDATION}/readings`, { POST: PART }],
  [`${VALIDATION}/readings/import`, { POST: PART }],
  [`${VALIDATION}/freeze`, { GET: EVIDENCE, POST: PART }],
  [`${VALIDATION}/package`, { GET: operation('evidence.export') }],
  [`${VALIDATION}/packages`, { GET: EVIDENCE }],
  [`${VALIDATION}/analyses`, { GET: EVIDENCE, POST: PART }],
  ['/evidence/record-types', { GET: EVIDENCE }],
  ['/evidence/classify', { POST: EVIDENCE }],
  ['/evidence/records/:type', { GET: EVIDENCE, POST: REGULATE }],
  ['/evidence/records/:type/:id', { GET: EVIDENCE, POST: REGULATE }],
  ['/evidence/records/:type/:id/versions/:version', { GET: EVIDENCE }],
  ['/evidence/records/:type/:id/versions/:version/signatures', { GET: EVIDENCE, POST: REGULATE }],
  ['/health', { GET: OPEN }],
  ['/health/live', { GET: OPEN }],
  ['/health/ready', { GET: OPEN }],
  ['/health/checks', { GET: OBSERVE }],
  ['/metrics', { GET: OBSERVE }],
  ['/signing-keys', { GET: OPEN }],
]);

/** What a route needs; who has a token may try what is none, or takes no such method. */
export const routeRight = (url: string, method: string): RouteRight =>
  ROUTE_RIGHTS.get(url)?.[(method === 'HEAD' ? 'GET' : method) as keyof ByMethod] ?? CALLER;

/** Lets a caller to a route. Throws NotPermitted, OperationNotPermitted. */
export function requireRoute(caller: Caller, url: string, method: string, params: unknown): void {
  if (caller.rights === undefined) return;
  const right = routeRight(url, method);
  if (right.kind === 'operation') return requireOperation(caller, right.operation);
  if (right.kind !== 'type') return;
  const said = right.type === ':type' ? (params as Readonly<Record<string, unknown>>)['type'] : right.type;
  // What is no type of this server is nobody's: the route says that there is none.
  if (typeof said !== 'string' || (right.type === ':type' && !isServed(said))) return;
  if (right.any.every((one) => permitOf(caller, said, one) === undefined)) throw new NotPermitted(said, right.any[0]);
  for (const one of right.all ?? []) requirePermit(caller, said, one);
}
