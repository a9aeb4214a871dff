import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { EvidenceModule } from '../../evidence/evidence.module.js';
import { RegulatoryModule } from '../../evidence/regulatory/regulatory.module.js';
import { ClassificationController } from './classification.controller.js';
import { CollectingController } from './collecting.controller.js';
import { takeCsv } from './csv-bodies.js';
import { DatasetsController } from './datasets.controller.js';
import { ProtocolsController } from './protocols.controller.js';
import { RecordSignaturesController } from './record-signatures.controller.js';
import { RecordsController } from './records.controller.js';
import { ResultsController } from './results.controller.js';
import { RunsController } from './runs.controller.js';
import { StudiesController } from './studies.controller.js';

/** The wire of validation studies and of the regulatory file: below /evidence. */
@Module({
  imports: [EvidenceModule, RegulatoryModule],
  controllers: [
    StudiesController,
    DatasetsController,
    RunsController,
    ProtocolsController,
    CollectingController,
    ResultsController,
    ClassificationController,
    RecordsController,
    RecordSignaturesController,
  ],
})
export class EvidenceApiModule {
  constructor({ httpAdapter }: HttpAdapterHost) {
    takeCsv(httpAdapter.getInstance<FastifyInstance>());
  }
}
