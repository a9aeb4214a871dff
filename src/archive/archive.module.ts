import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { Database } from '../database/database.js';
import { DATA_FOLDER } from '../ground.module.js';
import { AccessLog } from '../ledger/access-log.js';
import { PixelPool } from '../pixels/pixel-pool.js';
import { PublicAddress } from '../public-address.js';
import { Records } from '../records/records.js';
import { RecordsModule } from '../records/records.module.js';
import { Settings } from '../settings.js';
import { WorkQueue } from '../work/work-queue.js';
import { ChangeAttributes } from './change-attributes.js';
import { Deletions } from './deletions.js';
import { Ingest } from './ingest.js';
import { PixelDescriptions } from './pixel-descriptions.js';
import { Pixels } from './pixels.js';
import { PurgeDeletion } from './purge-deletion.js';
import { BulkData } from './bulk-data.js';
import { Render } from './render.js';
import { Retrieve } from './retrieve.js';
import { Scrubber } from './scrubber.js';
import { Search } from './search.js';
import { Studies } from './studies.js';
import { chooseStorage } from './storage/choose-storage.js';
import { ObjectStorage } from './storage/object-storage.js';
import { StudyAccess } from './study-access.js';
import { StudyRecords } from './study-records.js';
import { Transcode } from './transcode.js';

const PIXEL_QUEUE = 256;
const PIXEL_TIME_LIMIT_MS = 30_000;
const MIB = 2 ** 20;
const SCRUBBER_REST_MS = 60_000;

@Module({
  imports: [RecordsModule],
  providers: [
    {
      provide: ObjectStorage,
      inject: [DATA_FOLDER, Settings],
      useFactory: (folder: string, settings: Settings) => chooseStorage(settings, join(folder, 'archive')),
    },
    {
      provide: PixelPool,
      inject: [Settings],
      useFactory: (settings: Settings) =>
        new PixelPool({ threads: settings.PIXEL_THREADS, queueLimit: PIXEL_QUEUE, timeLimitMilliseconds: PIXEL_TIME_LIMIT_MS }),
    },
    {
      provide: Ingest,
      inject: [Database, ObjectStorage, Settings],
      useFactory: (database: Database, storage: ObjectStorage, settings: Settings) =>
        new Ingest(database, storage, {
          quietPeriodSeconds: settings.QUIET_PERIOD_SECONDS,
          freeSpaceFloorBytes: settings.FREE_SPACE_FLOOR_MIB * MIB,
        }),
    },
    {
      provide: Deletions,
      inject: [Database, ObjectStorage, Settings, WorkQueue],
      useFactory: (database: Database, storage: ObjectStorage, { PURGE_AFTER_DAYS }: Settings, queue: WorkQueue) => {
        const limits = { purgeAfterDays: PURGE_AFTER_DAYS };
        queue.handle(new PurgeDeletion(database, storage, limits));
        return new Deletions(database, limits);
      },
    },
    {
      provide: Scrubber,
      inject: [Database, ObjectStorage, Settings],
      useFactory: (database: Database, storage: ObjectStorage, { SCRUB_MIB_PER_SECOND }: Settings) =>
        new Scrubber(database, storage, { bytesPerSecond: SCRUB_MIB_PER_SECOND * MIB, restMs: SCRUBBER_REST_MS }),
    },
    {
      provide: Search,
      inject: [Database, AccessLog],
      useFactory: (database: Database, accessLog: AccessLog) => new Search(database, accessLog),
    },
    {
      provide: Retrieve,
      inject: [Database, ObjectStorage, AccessLog],
      useFactory: (database: Database, storage: ObjectStorage, accessLog: AccessLog) => new Retrieve(database, storage, accessLog),
    },
    { provide: PixelDescriptions, inject: [Retrieve], useFactory: (retrieve: Retrieve) => new PixelDescriptions(retrieve) },
    {
      provide: Pixels,
      inject: [Retrieve, PixelPool, PixelDescriptions],
      useFactory: (retrieve: Retrieve, pool: PixelPool, descriptions: PixelDescriptions) => new Pixels(retrieve, pool, descriptions),
    },
    {
      provide: Render,
      inject: [Database, Pixels, Settings],
      useFactory: (database: Database, pixels: Pixels, settings: Settings) =>
        new Render(database, pixels, { cacheBytes: settings.RENDERED_CACHE_MIB * MIB }),
    },
    {
      provide: Transcode,
      inject: [ObjectStorage, PixelPool, PixelDescriptions],
      useFactory: (storage: ObjectStorage, pool: PixelPool, descriptions: PixelDescriptions) => new Transcode(storage, pool, descriptions),
    },
    {
      provide: BulkData,
      inject: [Retrieve, Pixels, ObjectStorage],
      useFactory: (retrieve: Retrieve, pixels: Pixels, storage: ObjectStorage) => new BulkData(retrieve, pixels, storage),
    },
    { provide: StudyAccess, inject: [Database], useFactory: (database: Database) => new StudyAccess(database) },
    { provide: ChangeAttributes, inject: [Database], useFactory: (database: Database) => new ChangeAttributes(database) },
    { provide: Studies, inject: [Database], useFactory: (database: Database) => new Studies(database) },
    {
      provide: StudyRecords,
      inject: [Database, Records, PublicAddress, WorkQueue],
      useFactory: (database: Database, records: Records, address: PublicAddress, queue: WorkQueue) => {
        const work = new StudyRecords(database, records, address);
        queue.handle(work);
        return work;
      },
    },
  ],
  exports: [
    StudyAccess,
    Scrubber,
    BulkData,
    ChangeAttributes,
    Ingest,
    Deletions,
    Search,
    Retrieve,
    Pixels,
    Render,
    Transcode,
    Studies,
    StudyRecords,
    ObjectStorage,
    PixelPool,
  ],
})
export class ArchiveModule {}
