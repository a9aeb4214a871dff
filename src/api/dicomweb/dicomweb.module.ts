import { AuthenticationModule } from '../authentication.module.js';
import { Module } from '@nestjs/common';
import { ArchiveModule } from '../../archive/archive.module.js';
import { CapabilitiesController } from './capabilities.controller.js';
import { Capabilities } from './capabilities.js';
import { WorklistModule } from '../../worklist/worklist.module.js';
import { EventChannels } from './event-channels.js';
import { ChangeController } from './change.controller.js';
import { DeleteController } from './delete.controller.js';
import { BulkDataController } from './bulk-data.controller.js';
import { FramesController } from './frames.controller.js';
import { MetadataController } from './metadata.controller.js';
import { RenderedController } from './rendered.controller.js';
import { OriginalController } from './original.controller.js';
import { RetrieveController } from './retrieve.controller.js';
import { SearchController } from './search.controller.js';
import { StoreController } from './store.controller.js';
import { WadoUriController } from './wado-uri.controller.js';
import { ThumbnailsController } from './thumbnails.controller.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { WorkitemsController } from './workitems.controller.js';
import { MadeFiles } from './made-files.js';
import { ZipAnswer } from './zip-answer.js';

@Module({
  imports: [AuthenticationModule, ArchiveModule, WorklistModule],
  controllers: [
    CapabilitiesController,
    StoreController,
    SearchController,
    RenderedController,
    ThumbnailsController,
    FramesController,
    BulkDataController,
    MetadataController,
    RetrieveController,
    DeleteController,
    ChangeController,
    OriginalController,
    WadoUriController,
    WorkitemsController,
    SubscriptionsController,
  ],
  providers: [Capabilities, EventChannels, MadeFiles, ZipAnswer],
})
export class DicomWebModule {}
