import { AuthenticationModule } from '../authentication.module.js';
import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { DeliveryModule } from '../../delivery/delivery.module.js';
import { RecordsModule } from '../../records/records.module.js';
import { ReportingModule } from '../../reporting/reporting.module.js';
import { FhirAuditController } from './audit.controller.js';
import { takeBodies } from './bodies.js';
import { FhirBundleController } from './bundle.controller.js';
import { FhirEditController } from './edit.controller.js';
import { FhirExportController } from './export.controller.js';
import { FhirGraphController } from './graphql.controller.js';
import { FhirHistoryController } from './history.controller.js';
import { FhirMetaController } from './meta.controller.js';
import { FhirOperationsController } from './operations.controller.js';
import { FhirPatchController } from './patch.controller.js';
import { FhirReadController } from './read.controller.js';
import { FhirReportController } from './report.controller.js';
import { FhirSearchController } from './search.controller.js';
import { SubscriptionChannels } from './subscription-channels.js';
import { FhirSubscriptionController } from './subscription.controller.js';
import { ValidateController } from './validate.controller.js';

@Module({
  imports: [AuthenticationModule, DeliveryModule, RecordsModule, ReportingModule],
  controllers: [
    ValidateController,
    FhirAuditController,
    FhirSearchController,
    FhirHistoryController,
    FhirReadController,
    FhirEditController,
    FhirPatchController,
    FhirBundleController,
    FhirOperationsController,
    FhirGraphController,
    FhirMetaController,
    FhirExportController,
    FhirReportController,
    FhirSubscriptionController,
  ],
  providers: [SubscriptionChannels],
})
export class FhirModule {
  constructor({ httpAdapter }: HttpAdapterHost) {
    takeBodies(httpAdapter.getInstance<FastifyInstance>());
  }
}
