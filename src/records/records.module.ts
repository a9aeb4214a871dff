import { Module, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { AccessLog } from '../ledger/access-log.js';
import { event } from '../log.js';
import { Edits } from './edit/edits.js';
import { Records } from './records.js';
import { indexWhatIsLeft } from './search/index-upkeep.js';
import { RecordSearch } from './search/record-search.js';

const inject = [Database, AccessLog];

@Module({
  providers: [
    { provide: Records, inject, useFactory: (database: Database, accessLog: AccessLog) => new Records(database, accessLog) },
    { provide: RecordSearch, inject, useFactory: (database: Database, accessLog: AccessLog) => new RecordSearch(database, accessLog) },
    { provide: Edits, inject: [Database], useFactory: (database: Database) => new Edits(database) },
  ],
  exports: [Records, RecordSearch, Edits],
})
export class RecordsModule implements OnModuleInit {
  constructor(private readonly database: Database) {}

  async onModuleInit(): Promise<void> {
    const indexed = await indexWhatIsLeft(this.database);
    if (indexed > 0) event('records.indexed', { resources: indexed });
  }
}
