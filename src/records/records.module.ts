import { Module, type OnModuleInit } from '@nestjs/common';
import { Database } from '../database/database.js';
import { AccessLog } from '../ledger/access-log.js';
import { event } from '../log.js';
import { Batches } from './bundle/batches.js';
import { Transactions } from './bundle/transactions.js';
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
    { provide: Transactions, inject, useFactory: (database: Database, accessLog: AccessLog) => new Transactions(database, accessLog) },
    {
      provide: Batches,
      inject: [...inject, Edits],
      useFactory: (database: Database, accessLog: AccessLog, edits: Edits) => new Batches(database, accessLog, edits),
    },
  ],
  exports: [Records, RecordSearch, Edits, Transactions, Batches],
})
export class RecordsModule implements OnModuleInit {
  constructor(private readonly database: Database) {}

  async onModuleInit(): Promise<void> {
    const indexed = await indexWhatIsLeft(this.database);
    if (indexed > 0) event('records.indexed', { resources: indexed });
  }
}
