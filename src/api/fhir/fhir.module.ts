import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { RecordsModule } from '../../records/records.module.js';
import { FhirController } from './fhir.controller.js';
import { ValidateController } from './validate.controller.js';
import { refuseOtherMethods } from './other-methods.js';

/**
 * Bodies below /fhir are handed on as text, so that nothing of them is lost before they are validated: a member given twice,
 * the digits of a decimal. application/json is what some clients call FHIR's JSON (R4 http.html#mime-type).
 */
function takeTexts(server: FastifyInstance): void {
  server.addContentTypeParser(FHIR_JSON, { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.addHook('onRequest', (request, _reply, done) => {
    const { headers, url } = request;
    if (url.startsWith('/fhir/') && /^application\/json\b/i.test(headers['content-type'] ?? '')) headers['content-type'] = FHIR_JSON;
    done();
  });
}

const FHIR_JSON = 'application/fhir+json';

@Module({ imports: [RecordsModule], controllers: [ValidateController, FhirController] })
export class FhirModule {
  constructor({ httpAdapter }: HttpAdapterHost) {
    const server = httpAdapter.getInstance<FastifyInstance>();
    takeTexts(server);
    refuseOtherMethods(server);
  }
}
