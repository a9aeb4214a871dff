import { Module } from '@nestjs/common';
import { Database } from '../database/database.js';
import { AccessLog } from '../ledger/access-log.js';
import { Batches } from './bundle/batches.js';
import { Transactions } from './bundle/transactions.js';
import { Edits } from './edit/edits.js';
import { Exports } from './export/exports.js';
import { FhirGraph } from './graphql/fhir-graph.js';
import { Records } from './records.js';
import { RecordSearch } from './search/record-search.js';
import { Numbers } from './store/numbers.js';

@Module({
  providers: [
    { provide: Numbers, inject: [Database], useFactory: (database: Database) => new Numbers(database) },
    {
      provide: Records,
      inject: [Database, AccessLog, Numbers],
      useFactory: (database: Database, accessLog: AccessLog, numbers: Numbers) => new Records(database, accessLog, numbers),
    },
    {
      provide: RecordSearch,
      inject: [Database, AccessLog],
      useFactory: (database: Database, accessLog: AccessLog) => new RecordSearch(database, accessLog),
    },
    {
      provide: FhirGraph,
      inject: [Records, RecordSearch],
      useFactory: (records: Records, search: RecordSearch) => new FhirGraph(records, search),
    },
    {
      provide: Exports,
      inject: [Database, AccessLog],
      useFactory: (database: Database, accessLog: AccessLog) => new Exports(database, accessLog),
    },
    { provide: Edits, inject: [Database, Numbers], useFactory: (database: Database, numbers: Numbers) => new Edits(database, numbers) },
    {
      provide: Transactions,
      inject: [Database, Numbers],
      useFactory: (database: Database, numbers: Numbers) => new Transactions(database, numbers),
    },
    {
      provide: Batches,
      inject: [Database, AccessLog, Edits, RecordSearch],
      useFactory: (database: Database, accessLog: AccessLog, edits: Edits, search: RecordSearch) =>
        new Batches(database, accessLog, edits, search),
    },
  ],
  exports: [Exports, FhirGraph, Records, RecordSearch, Edits, Transactions, Batches],
})
export class RecordsModule {}
