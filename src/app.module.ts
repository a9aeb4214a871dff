import { Module, type DynamicModule } from '@nestjs/common';
import { AuthenticationModule } from './api/authentication.module.js';
import { DicomWebModule } from './api/dicomweb/dicomweb.module.js';
import { EvidenceApiModule } from './api/evidence/evidence-api.module.js';
import { FhirModule } from './api/fhir/fhir.module.js';
import { GraphModule } from './api/graphql/graph.module.js';
import { OauthModule } from './api/oauth/oauth.module.js';
import { OperationsModule } from './api/operations/operations.module.js';
import { ArchiveModule } from './archive/archive.module.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { EvidenceModule } from './evidence/evidence.module.js';
import { RegulatoryModule } from './evidence/regulatory/regulatory.module.js';
import { GroundModule, type Ground } from './ground.module.js';
import { InferenceModule } from './inference/inference.module.js';
import { StandingModule } from './issuer/standing.module.js';
import { RecordsModule } from './records/records.module.js';
import { WorklistModule } from './worklist/worklist.module.js';
import { ReportingModule } from './reporting/reporting.module.js';

/** The rooms, in the order data flows through them. */
@Module({})
export class AppModule {
  static on(ground: Ground): DynamicModule {
    return {
      module: AppModule,
      imports: [
        GroundModule.of(ground),
        StandingModule,
        RecordsModule,
        WorklistModule,
        ArchiveModule,
        InferenceModule,
        ReportingModule,
        DeliveryModule,
        EvidenceModule,
        RegulatoryModule,
        AuthenticationModule,
        DicomWebModule,
        EvidenceApiModule,
        FhirModule,
        GraphModule,
        OauthModule,
        OperationsModule,
      ],
    };
  }
}
