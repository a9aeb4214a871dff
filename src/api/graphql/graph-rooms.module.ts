import { Module } from '@nestjs/common';
import { ArchiveModule } from '../../archive/archive.module.js';
import { Studies } from '../../archive/studies.js';
import { InferenceModule } from '../../inference/inference.module.js';
import { Readings } from '../../inference/readings.js';
import { AccessLog } from '../../ledger/access-log.js';
import { Records } from '../../records/records.js';
import { RecordsModule } from '../../records/records.module.js';
import { Notes } from '../../reporting/notes/notes.js';
import { ReportingModule } from '../../reporting/reporting.module.js';
import { Reports } from '../../reporting/reports.js';
import { PastReviews } from '../../reporting/review/past-reviews.js';
import { Worklist } from '../../worklist/worklist.js';
import { WorklistModule } from '../../worklist/worklist.module.js';
import { Settings } from '../../settings.js';
import type { Rooms } from './loaders.js';
import { Operations } from './operations.js';
import { AnswerRecords } from './answer-records.js';

/** The rooms that loaders go to, as a provider. */
export const ROOMS = Symbol('rooms of the graph');

@Module({
  imports: [ArchiveModule, InferenceModule, RecordsModule, ReportingModule, WorklistModule],
  providers: [
    { provide: Operations, inject: [Settings], useFactory: (settings: Settings) => new Operations(settings) },
    { provide: AnswerRecords, inject: [AccessLog], useFactory: (log: AccessLog) => new AnswerRecords(log) },
    {
      provide: ROOMS,
      inject: [Studies, Readings, Reports, Records, PastReviews, Notes, Worklist],
      useFactory: (
        studies: Studies,
        readings: Readings,
        reports: Reports,
        records: Records,
        reviews: PastReviews,
        notes: Notes,
        worklist: Worklist,
      ): Rooms => ({ studies, readings, reports, records, reviews, notes, worklist }),
    },
  ],
  exports: [ROOMS, Operations, AnswerRecords],
})
export class GraphRoomsModule {}
