import { Module } from '@nestjs/common';
import { RegulatoryModule } from '../../evidence/regulatory/regulatory.module.js';
import { ClassificationController } from './classification.controller.js';
import { RecordsController } from './records.controller.js';

/** Validation studies and the regulatory file, by REST. */
@Module({
  imports: [RegulatoryModule],
  controllers: [ClassificationController, RecordsController],
})
export class EvidenceApiModule {}
