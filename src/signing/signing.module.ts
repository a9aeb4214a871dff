import { Module } from '@nestjs/common';
import { Database } from '../database/database.js';
import { DATA_FOLDER } from '../ground.module.js';
import { Signer } from './signer.js';

@Module({
  providers: [
    {
      provide: Signer,
      inject: [DATA_FOLDER, Database],
      useFactory: (folder: string, database: Database) => new Signer(folder, database),
    },
  ],
  exports: [Signer],
})
export class SigningModule {}
