import { Module } from '@nestjs/common';
import { ArchiveModule } from '../../archive/archive.module.js';
import { DeleteController } from './delete.controller.js';
import { BulkDataController } from './bulk-data.controller.js';
import { FramesController } from './frames.controller.js';
import { MetadataController } from './metadata.controller.js';
import { PixelsController } from './pixels.controller.js';
import { RetrieveController } from './retrieve.controller.js';
import { SearchController } from './search.controller.js';
import { StoreController } from './store.controller.js';
import { ZipAnswer } from './zip-answer.js';

@Module({
  imports: [ArchiveModule],
  controllers: [
    StoreController,
    SearchController,
    PixelsController,
    FramesController,
    BulkDataController,
    MetadataController,
    RetrieveController,
    DeleteController,
  ],
  providers: [ZipAnswer],
})
export class DicomWebModule {}
