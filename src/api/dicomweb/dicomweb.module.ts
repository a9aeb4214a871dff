import { Module } from '@nestjs/common';
import { ArchiveModule } from '../../archive/archive.module.js';
import { CapabilitiesController } from './capabilities.controller.js';
import { Capabilities } from './capabilities.js';
import { ChangeController } from './change.controller.js';
import { DeleteController } from './delete.controller.js';
import { BulkDataController } from './bulk-data.controller.js';
import { FramesController } from './frames.controller.js';
import { MetadataController } from './metadata.controller.js';
import { OriginalController } from './original.controller.js';
import { PixelsController } from './pixels.controller.js';
import { RetrieveController } from './retrieve.controller.js';
import { SearchController } from './search.controller.js';
import { StoreController } from './store.controller.js';
import { WadoUriController } from './wado-uri.controller.js';

@Module({
  imports: [ArchiveModule],
  controllers: [
    CapabilitiesController,
    StoreController,
    SearchController,
    PixelsController,
    FramesController,
    BulkDataController,
    MetadataController,
    RetrieveController,
    DeleteController,
    ChangeController,
    OriginalController,
    WadoUriController,
  ],
  providers: [Capabilities],
})
export class DicomWebModule {}
