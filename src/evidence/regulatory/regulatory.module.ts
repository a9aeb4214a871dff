import { Module } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { InferenceModule } from '../../inference/inference.module.js';
import { Models } from '../../inference/models.js';
import { AccessLog } from '../../ledger/access-log.js';
import { RegulatoryRecords } from './regulatory-records.js';

/** The regulatory file. */
@Module({
  imports: [InferenceModule],
  providers: [
    {
      provide: RegulatoryRecords,
      inject: [Database, Models, AccessLog],
      useFactory: (database: Database, models: Models, accessLog: AccessLog) => new RegulatoryRecords(database, models, accessLog),
    },
  ],
  exports: [RegulatoryRecords],
})
export class RegulatoryModule {}
