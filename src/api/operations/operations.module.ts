import { Module } from '@nestjs/common';
import { ArchiveModule } from '../../archive/archive.module.js';
import { ObjectStorage } from '../../archive/storage/object-storage.js';
import { Database } from '../../database/database.js';
import { InferenceModule } from '../../inference/inference.module.js';
import { Models } from '../../inference/models.js';
import { Settings } from '../../settings.js';
import { SigningModule } from '../../signing/signing.module.js';
import { AuthenticationModule } from '../authentication.module.js';
import { Health } from './health.js';
import { Metrics } from './metrics.js';
import { OperationsController } from './operations.controller.js';

@Module({
  imports: [AuthenticationModule, ArchiveModule, InferenceModule, SigningModule],
  controllers: [OperationsController],
  providers: [
    {
      provide: Health,
      inject: [Database, ObjectStorage, Models, Settings],
      useFactory: (database: Database, storage: ObjectStorage, models: Models, settings: Settings) =>
        new Health(database, storage, models, settings),
    },
    { provide: Metrics, inject: [Database], useFactory: (database: Database) => new Metrics(database) },
  ],
  exports: [Metrics],
})
export class OperationsModule {}
