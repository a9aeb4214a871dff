import { Module } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Subscriptions } from './subscriptions.js';
import { Worklist } from './worklist.js';

@Module({
  providers: [
    { provide: Worklist, inject: [Database], useFactory: (database: Database) => new Worklist(database) },
    { provide: Subscriptions, inject: [Database], useFactory: (database: Database) => new Subscriptions(database) },
  ],
  exports: [Worklist, Subscriptions],
})
export class WorklistModule {}
