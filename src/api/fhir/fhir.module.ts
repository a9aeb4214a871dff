import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { DeliveryModule } from '../../delivery/delivery.module.js';
import { FrameworkFault } from '../../faults.js';
import { RecordsModule } from '../../records/records.module.js';
import { ReportingModule } from '../../reporting/reporting.module.js';
import { FHIR_JSON, FHIR_XML, XML_TYPES } from './answer.js';
import { sendFhirFault } from './fhir-faults.js';
import { xmlToJson } from '../../records/xml/from-xml.js';
import { FhirBundleController } from './bundle.controller.js';
import { FhirEditController } from './edit.controller.js';
import { FhirExportController } from './export.controller.js';
import { FhirHistoryController } from './history.controller.js';
import { FhirMetaController } from './meta.controller.js';
import { FhirOperationsController } from './operations.controller.js';
import { FhirPatchController } from './patch.controller.js';
import { bringsRawBinary, RAW_BINARY } from './raw-binary.js';
import { FhirReadController } from './read.controller.js';
import { FhirReportController } from './report.controller.js';
import { FhirSearchController } from './search.controller.js';
import { SubscriptionChannels } from './subscription-channels.js';
import { FhirSubscriptionController } from './subscription.controller.js';
import { ValidateController } from './validate.controller.js';

/**
 * Bodies below /fhir are handed on as text, so that nothing of them is lost before they are validated: a member given twice,
 * the digits of a decimal; XML as the JSON that says the same; what is not FHIR, to be a Binary, as bytes. application/json is what some clients call FHIR's JSON (R4 http.html#mime-type).
 */
function takeTexts(server: FastifyInstance): void {
  for (const type of [FHIR_JSON, JSON_PATCH])
    server.addContentTypeParser(type, { parseAs: 'string', bodyLimit: MOST_BYTES }, (_request, body, done) => done(null, body));
  server.addContentTypeParser(FHIR_XML, { parseAs: 'string', bodyLimit: MOST_BYTES }, (_request, body, done) => {
    try {
      done(null, xmlToJson(body as string));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser(RAW_BINARY, { parseAs: 'buffer', bodyLimit: MOST_RAW_BYTES }, (_request, body, done) => done(null, body));
  server.addHook('onRequest', (request, reply, done) => {
    const { headers, url, method } = request;
    if (/^\/fhir(?:[/?]|$)/.test(url))
      headers['content-type'] = bringsRawBinary(request) ? RAW_BINARY : ownName(headers['content-type'], url);
    // It has the form of a type's address, which takes more.
    if (!/^\/fhir\/metadata(?:[/?]|$)/.test(url) || READING.includes(method)) return done();
    sendFhirFault(
      new FrameworkFault(405, 'method-not-allowed', 'This address does not take this method.'),
      reply.header('Allow', READING.join(', ')),
    );
  });
}

const READING = ['GET', 'HEAD', 'OPTIONS'];

/** A body's media type by the name that FHIR has for it; other parts of the server know the general names as other things. */
function ownName(type: string | undefined, url: string): string | undefined {
  const [name] = (type ?? '').toLowerCase().split(';', 1);
  if (name.trim() === 'application/json' || (name.trim() === FORM && SEARCH.test(url))) return FHIR_JSON;
  return XML_TYPES.some((one) => one === name.trim()) ? FHIR_XML : type;
}

const JSON_PATCH = 'application/json-patch+json';
/** The longest body: a Bundle of a whole department's day; more is sent in parts. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Of a Binary's content, which is kept as base64: as long then. */
const MOST_RAW_BYTES = (MOST_BYTES * 3) / 4;
/**
 * Forms of `_search`, which reads: Nest's parser would make an object of them and lose the order and the repeated ones. Nothing
 * else below /fhir takes a form: a browser lets any page send one without asking.
 */
const FORM = 'application/x-www-form-urlencoded';
const SEARCH = /^\/fhir\/(?:[A-Za-z]+\/)?_search(?:\?|$)/;

@Module({
  imports: [DeliveryModule, RecordsModule, ReportingModule],
  controllers: [
    ValidateController,
    FhirSearchController,
    FhirHistoryController,
    FhirReadController,
    FhirEditController,
    FhirPatchController,
    FhirBundleController,
    FhirOperationsController,
    FhirMetaController,
    FhirExportController,
    FhirReportController,
    FhirSubscriptionController,
  ],
  providers: [SubscriptionChannels],
})
export class FhirModule {
  constructor({ httpAdapter }: HttpAdapterHost) {
    takeTexts(httpAdapter.getInstance<FastifyInstance>());
  }
}
