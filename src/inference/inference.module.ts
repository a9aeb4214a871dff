import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { ArchiveModule } from '../archive/archive.module.js';
import { Pixels } from '../archive/pixels.js';
import { Studies } from '../archive/studies.js';
import { Database } from '../database/database.js';
import { DATA_FOLDER } from '../ground.module.js';
import { Settings } from '../settings.js';
import { WorkQueue } from '../work/work-queue.js';
import { BUNDLED_MODELS } from './bundled-models.js';
import { LocalEngine } from './engines/local-engine.js';
import { ModelUploads } from './model-uploads.js';
import { Models } from './models.js';
import { ReadingRequests } from './reading-requests.js';
import { ReadImage } from './read-image.js';
import { ReadStacks } from './read-stacks.js';
import { ReadStudy } from './read-study.js';
import { Readings } from './readings.js';

const RUN_QUEUE = 64;
const LOAD_LIMIT_MS = 120_000;
const MEMORY_LIMIT_MEBIBYTES = 2_048;

@Module({
  imports: [ArchiveModule],
  providers: [
    {
      provide: Models,
      inject: [Settings],
      useFactory: (settings: Settings) =>
        Models.from(
          settings.MODELS ?? BUNDLED_MODELS,
          (models) =>
            new LocalEngine(models, {
              workers: settings.INFERENCE_WORKERS,
              threadsPerWorker: 1,
              queueLimit: RUN_QUEUE,
              providers: settings.EXECUTION_PROVIDERS,
              runLimitMilliseconds: settings.INFERENCE_TIMEOUT_SECONDS * 1_000,
              loadLimitMilliseconds: LOAD_LIMIT_MS,
              memoryLimitMebibytes: MEMORY_LIMIT_MEBIBYTES,
            }),
        ),
    },
    {
      provide: ModelUploads,
      inject: [Database, Models, DATA_FOLDER, Settings],
      useFactory: (database: Database, models: Models, dataFolder: string, settings: Settings) =>
        new ModelUploads(database, models, join(dataFolder, 'model-uploads'), settings.MODELS),
    },
    {
      provide: ReadingRequests,
      inject: [Database, Studies, Models],
      useFactory: (database: Database, studies: Studies, models: Models) => new ReadingRequests(database, studies, models),
    },
    { provide: Readings, inject: [Database], useFactory: (database: Database) => new Readings(database) },
    {
      provide: ReadImage,
      inject: [Studies, Pixels, Models],
      useFactory: (studies: Studies, pixels: Pixels, models: Models) =>
        new ReadImage(pixels, models, new ReadStacks(studies, pixels, models)),
    },
    {
      provide: ReadStudy,
      inject: [Database, Studies, ReadImage, Models, Settings, WorkQueue],
      useFactory: (database: Database, studies: Studies, images: ReadImage, models: Models, settings: Settings, queue: WorkQueue) => {
        const work = new ReadStudy(database, studies, images, models, settings.INFERENCE_WORKERS + 1); // one decodes while another runs
        queue.handle(work);
        return work;
      },
    },
  ],
  exports: [Models, ReadImage, ModelUploads, Readings, ReadingRequests],
})
export class InferenceModule {}
