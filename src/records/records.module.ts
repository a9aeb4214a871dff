import { Module } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Records } from './records.js';

@Module({
  providers: [{ provide: Records, inject: [Database], useFactory: (database: Database) => new Records(database) }],
  exports: [Records],
})
export class RecordsModule {}
