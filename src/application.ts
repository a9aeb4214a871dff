import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { FaultsByPath } from './api/faults-by-path.js';
import { sendFhirFault } from './api/fhir/fhir-faults.js';
import { knownHosts } from './api/known-hosts.js';
import { setUpDocs } from './api/operations/docs.js';
import { Metrics } from './api/operations/metrics.js';
import { sendProblem } from './api/problem-json.js';
import type { Ground } from './ground.module.js';

/** Bodies that are not streamed (GraphQL, FHIR) have this many bytes at most. */
const BODY_LIMIT = 4 * 2 ** 20;

/** The Nest application with its wires, not yet listening. Tests and the contracts command build it by the same function. */
export async function createApplication(ground: Ground): Promise<NestFastifyApplication> {
  const faults = new FaultsByPath([['/fhir', sendFhirFault]], sendProblem);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: true },
    // A body may be gigabytes, but it must keep coming: headers within 15 s, never 2 minutes of silence.
    connectionTimeout: 120_000,
    http: { headersTimeout: 15_000, requestTimeout: 3_600_000, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: 'idle',
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => faults.send(error, request, reply),
  });
  const fastify = adapter.getInstance();
  // DICOM bodies are not parsed: the controller takes the raw stream.
  for (const type of ['multipart/related', 'application/dicom', 'application/dicom+json'])
    fastify.addContentTypeParser(type, (_request: FastifyRequest, _payload: unknown, done: (error: null) => void) => done(null));
  const checkHost = knownHosts(ground.settings);
  fastify.addHook('onRequest', (request, _reply, done) => {
    checkHost(request);
    done();
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('X-Content-Type-Options', 'nosniff');
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.on(ground), adapter, {
    logger: false,
    abortOnError: false,
  });
  app.useGlobalPipes(new ValidationPipe({ transform: true }));
  app.useGlobalFilters(faults);
  app.get(Metrics).observe(fastify);
  setUpDocs(app);
  return app;
}
