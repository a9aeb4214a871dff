import { Module } from '@nestjs/common';
import { ArchiveModule } from '../archive/archive.module.js';
import { Ingest } from '../archive/ingest.js';
import { Pixels } from '../archive/pixels.js';
import { Studies } from '../archive/studies.js';
import { StudyRecords } from '../archive/study-records.js';
import { Database } from '../database/database.js';
import { InferenceModule } from '../inference/inference.module.js';
import { Models } from '../inference/models.js';
import { Readings } from '../inference/readings.js';
import { AccessLog } from '../ledger/access-log.js';
import { Edits } from '../records/edit/edits.js';
import { Records } from '../records/records.js';
import { RecordsModule } from '../records/records.module.js';
import { RecordSearch } from '../records/search/record-search.js';
import { Signer } from '../signing/signer.js';
import { SigningModule } from '../signing/signing.module.js';
import { WorkQueue } from '../work/work-queue.js';
import { Definitions } from './definitions/definitions.js';
import { Documents } from './document/documents.js';
import { FollowPatient } from './follow-patient.js';
import { IssueReport } from './issue-report.js';
import { Notes } from './notes/notes.js';
import { Reports } from './reports.js';
import { PastReviews } from './review/past-reviews.js';
import { Reviews } from './review/reviews.js';
import { StudyStages } from './study-stage.js';
import { StoreReportObjects } from './store-report-objects.js';

@Module({
  imports: [ArchiveModule, InferenceModule, RecordsModule, SigningModule],
  providers: [
    {
      provide: Notes,
      inject: [Edits, RecordSearch],
      useFactory: (edits: Edits, search: RecordSearch) => new Notes(edits, search),
    },
    { provide: PastReviews, inject: [RecordSearch], useFactory: (search: RecordSearch) => new PastReviews(search) },
    { provide: StudyStages, inject: [Database], useFactory: (database: Database) => new StudyStages(database) },
    {
      provide: Reports,
      inject: [Database, AccessLog],
      useFactory: (database: Database, accessLog: AccessLog) => new Reports(database, accessLog),
    },
    {
      provide: Reviews,
      inject: [Database, Records, Signer],
      useFactory: (database: Database, records: Records, signer: Signer) => new Reviews(database, records, signer),
    },
    {
      provide: Definitions,
      inject: [Database, Records],
      useFactory: (database: Database, records: Records) => new Definitions(database, records),
    },
    {
      provide: Documents,
      inject: [Database, Records, AccessLog, Signer],
      useFactory: (database: Database, records: Records, accessLog: AccessLog, signer: Signer) =>
        new Documents(database, records, accessLog, signer),
    },
    {
      provide: IssueReport,
      inject: [Studies, StudyRecords, Readings, Models, Records, WorkQueue],
      useFactory: (
        studies: Studies,
        studyRecords: StudyRecords,
        readings: Readings,
        models: Models,
        records: Records,
        queue: WorkQueue,
      ) => {
        const work = new IssueReport(studies, studyRecords, readings, models, records);
        queue.handle(work);
        return work;
      },
    },
    {
      provide: FollowPatient,
      inject: [Studies, StudyRecords, Records, WorkQueue],
      useFactory: (studies: Studies, studyRecords: StudyRecords, records: Records, queue: WorkQueue) => {
        const work = new FollowPatient(studies, studyRecords, records);
        queue.handle(work);
        return work;
      },
    },
    {
      provide: StoreReportObjects,
      inject: [Database, Studies, Models, Pixels, Ingest, IssueReport, WorkQueue],
      useFactory: (
        database: Database,
        studies: Studies,
        models: Models,
        pixels: Pixels,
        ingest: Ingest,
        issueReport: IssueReport,
        queue: WorkQueue,
      ) => {
        const work = new StoreReportObjects({ studies, pixels, ingest }, database, models, issueReport);
        queue.handle(work);
        return work;
      },
    },
  ],
  exports: [Definitions, Documents, Notes, PastReviews, Reports, Reviews, StudyStages],
})
export class ReportingModule {}
