import { Module, type DynamicModule } from '@nestjs/common';
import { Tenants } from './database/tenants.js';
import { Database } from './database/database.js';
import { YoungTables } from './database/young-tables.js';
import { AccessLog } from './ledger/access-log.js';
import { AuditTrail } from './ledger/audit/audit-trail.js';
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
    const accessLog = new AccessLog(database);
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
        { provide: YoungTables, useValue: new YoungTables(database) },
        { provide: AccessLog, useValue: accessLog },
        { provide: AuditTrail, useValue: new AuditTrail(database, accessLog) },
      ],
      exports: [Settings, PublicAddress, Database, DATA_FOLDER, WorkQueue, Linker, Tenants, YoungTables, AccessLog, AuditTrail],
    };
  }
}
