import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { admission, type Gatekeepers } from './api/admission.js';
import { Authentication } from './api/authentication.js';
import { beforeAnswer, outgoing } from './api/outgoing.js';
import { plainAddress } from './api/plain-address.js';
import { validated } from './api/validated.js';
import { crossOrigin } from './api/cors.js';
import { Capabilities } from './api/dicomweb/capabilities.js';
import { holdBodiesBack } from './api/dicomweb/expected-continue.js';
import { FaultsByPath } from './api/faults-by-path.js';
import { sendFhirFault } from './api/fhir/fhir-faults.js';
import { isOpenPath } from './api/oauth/open-paths.js';
import { tellRequestId } from './api/asking.js';
import { refusedOnRecord } from './api/refused-accesses.js';
import { AccessLog } from './ledger/access-log.js';
import { knownHosts } from './api/known-hosts.js';
import { networkOf } from './api/network.js';
import { setUpDocs } from './api/operations/docs.js';
import { Metrics } from './api/operations/metrics.js';
import { otherMethods } from './api/other-methods.js';
import { studyGate } from './api/study-gate.js';
import { StudyAccess } from './archive/study-access.js';
import { sendProblem } from './api/problem-json.js';
import { requestRate } from './api/request-rate.js';
import { RouteTable } from './api/route-table.js';
import { SlowBodies } from './api/slow-bodies.js';
import { requireUncoded } from './api/uncoded-bodies.js';
import { UntakenAnswers } from './api/untaken-answers.js';
import { UnknownCallers } from './api/unknown-callers.js';
import type { Ground } from './ground.module.js';
import { HTTP_TIMES, SILENCE_MS, wireServer } from './wire-server.js';

/** Bodies that are not streamed (GraphQL, FHIR) have this many bytes at most. */
const BODY_LIMIT = 4 * 2 ** 20;

/** The Nest application with its wires, not yet listening. Tests and the contracts command build it by the same function. */
export async function createApplication(ground: Ground): Promise<NestFastifyApplication> {
  const faults = new FaultsByPath([['/fhir', sendFhirFault]], sendProblem);
  const serverFactory = wireServer(ground.settings);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 8_192, ignoreTrailingSlash: true },
    rewriteUrl: plainAddress,
    connectionTimeout: SILENCE_MS,
    http: HTTP_TIMES,
    ...(serverFactory ? { serverFactory } : {}),
    forceCloseConnections: 'idle',
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => faults.send(error, request, reply),
  });
  const fastify = adapter.getInstance();
  // DICOM bodies are not parsed: the controller takes the raw stream.
  for (const type of ['multipart/related', 'application/dicom', 'application/dicom+json', 'application/dicom+xml'])
    fastify.addContentTypeParser(type, (_request: FastifyRequest, _payload: unknown, done: (error: null) => void) => done(null));
  const routes = RouteTable.of(fastify);
  holdBodiesBack(fastify);
  const checkHost = knownHosts(ground.settings);
  const allowOrigins = crossOrigin(ground.settings.CORS_ORIGINS, routes);
  const network = ({ raw }: FastifyRequest): string => networkOf(raw, ground.settings);
  const isTooOften = requestRate(fastify, ground.settings.OAUTH_REQUESTS_A_MINUTE, network);
  const bodies = new SlowBodies();
  const answers = new UntakenAnswers();
  let keepers: Gatekeepers | undefined;
  const admit = admission(
    () => (keepers ??= { authentication: app.get(Authentication), unknown: app.get(UnknownCallers), networkOf: network }),
    isOpenPath,
  );
  fastify.addHook('onRequest', (request, reply, done) => {
    bodies.watch(request.raw, reply.raw);
    answers.watch(request, reply);
    beforeAnswer(request, reply);
    tellRequestId(request.raw, reply, network(request));
    checkHost(request);
    requireUncoded(request, reply);
    if (allowOrigins(request, reply)) return;
    const checked = isTooOften(request, reply);
    if (checked === undefined) admit(request, reply, done);
    else void checked.then(() => admit(request, reply, done), done);
  });
  fastify.addHook('onSend', outgoing);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.on(ground), adapter, {
    logger: false,
    abortOnError: false,
  });
  // Behind what a room's own wire says of other methods (FHIR).
  const refuseOthers = otherMethods(routes);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!refuseOthers(request, reply)) done();
  });
  app.useGlobalPipes(validated());
  app.useGlobalFilters(faults);
  fastify.addHook('preHandler', studyGate(app.get(StudyAccess)));
  fastify.addHook('onSend', refusedOnRecord(app.get(AccessLog)));
  app.get(Metrics).observe(fastify);
  app.get(Capabilities).describe(routes);
  setUpDocs(app);
  return app;
}
