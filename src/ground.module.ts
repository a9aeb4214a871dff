import { Module, type DynamicModule } from '@nestjs/common';
import { Tenants } from './database/tenants.js';
import { Database } from './database/database.js';
import { AccessLog } from './ledger/access-log.js';
import { Linker } from './ledger/linker.js';
import { PublicAddress } from './public-address.js';
import { Settings } from './settings.js';
import { WorkQueue } from './work/work-queue.js';

/** What every room stands on. */
export interface Ground {
  readonly settings: Settings;
  readonly database: Database;
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
}

/** The data folder's absolute path, as a provider. */
export const DATA_FOLDER = Symbol('data folder');

/** Settings, database, work queue and ledger linker, for every room. */
@Module({})
export class GroundModule {
  static of({ settings, database, dataFolder }: Ground): DynamicModule {
    return {
      module: GroundModule,
      global: true,
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Database, useValue: database },
        { provide: DATA_FOLDER, useValue: dataFolder },
        { provide: PublicAddress, useValue: new PublicAddress(settings) },
        { provide: WorkQueue, useValue: new WorkQueue(database) },
        { provide: Linker, useValue: new Linker(database) },
        { provide: Tenants, useValue: new Tenants(database) },
        { provide: AccessLog, useValue: new AccessLog(database) },
      ],
      exports: [Settings, PublicAddress, Database, DATA_FOLDER, WorkQueue, Linker, Tenants, AccessLog],
    };
  }
}
