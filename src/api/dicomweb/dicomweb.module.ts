import { Module } from '@nestjs/common';
import { ArchiveModule } from '../../archive/archive.module.js';
import { WorklistModule } from '../../worklist/worklist.module.js';
import { EventChannels } from './event-channels.js';
import { DeleteController } from './delete.controller.js';
import { MetadataController } from './metadata.controller.js';
import { PixelsController } from './pixels.controller.js';
import { RetrieveController } from './retrieve.controller.js';
import { SearchController } from './search.controller.js';
import { StoreController } from './store.controller.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { WorkitemsController } from './workitems.controller.js';

@Module({
  imports: [ArchiveModule, WorklistModule],
  controllers: [
    StoreController,
    SearchController,
    PixelsController,
    MetadataController,
    RetrieveController,
    DeleteController,
    WorkitemsController,
    SubscriptionsController,
  ],
  providers: [EventChannels],
})
export class DicomWebModule {}
