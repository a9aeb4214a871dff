import { Module } from '@nestjs/common';
import { Standing } from '../access/kept-caller.js';
import { ArchiveModule } from '../archive/archive.module.js';
import { Studies } from '../archive/studies.js';
import { StudyRecords } from '../archive/study-records.js';
import { Database } from '../database/database.js';
import { PublicAddress } from '../public-address.js';
import { Edits } from '../records/edit/edits.js';
import { Records } from '../records/records.js';
import { RecordsModule } from '../records/records.module.js';
import { Settings } from '../settings.js';
import { WorkQueue } from '../work/work-queue.js';
import { ForwardAudit } from './audit/forward-audit.js';
import { GreetSubscription } from './greet-subscription.js';
import { HearFailures } from './hear-failures.js';
import { HearWritten } from './hear-written.js';
import { Makers } from './makers.js';
import { EndSubscription, NotifySubscription, SendHeartbeat, type Sending } from './notify-subscription.js';
import { Subscriptions } from './subscriptions.js';

/** The works of this room are in the queue once it is made. */
const WORKS = Symbol('delivery works');

@Module({
  imports: [ArchiveModule, RecordsModule],
  providers: [
    {
      provide: Makers,
      inject: [Database, Edits, Standing],
      useFactory: (database: Database, edits: Edits, standing: Standing) => new Makers(database, edits, standing),
    },
    {
      provide: Subscriptions,
      inject: [Database, Records, Makers],
      useFactory: (database: Database, records: Records, makers: Makers) => new Subscriptions(database, records, makers),
    },
    {
      provide: HearWritten,
      inject: [Database, Records, PublicAddress],
      useFactory: (database: Database, records: Records, address: PublicAddress) => new HearWritten(database, records, address),
    },
    {
      provide: GreetSubscription,
      inject: [Database, Records, Edits, PublicAddress, Settings],
      useFactory: (database: Database, records: Records, edits: Edits, address: PublicAddress, settings: Settings) =>
        new GreetSubscription(database, records, edits, address, settings.SUBSCRIPTION_HOSTS),
    },
    {
      provide: HearFailures,
      inject: [Studies, StudyRecords, Records, PublicAddress],
      useFactory: (studies: Studies, studyRecords: StudyRecords, records: Records, address: PublicAddress) =>
        new HearFailures(studies, studyRecords, records, address),
    },
    {
      provide: NotifySubscription,
      inject: [Database, Edits, Subscriptions, Makers, PublicAddress, Settings],
      useFactory: (
        database: Database,
        edits: Edits,
        subscriptions: Subscriptions,
        makers: Makers,
        address: PublicAddress,
        settings: Settings,
      ) => new NotifySubscription({ database, edits, subscriptions, makers, address, allowed: settings.SUBSCRIPTION_HOSTS }),
    },
    {
      provide: ForwardAudit,
      inject: [Database, PublicAddress, Settings],
      useFactory: (database: Database, address: PublicAddress, settings: Settings) =>
        new ForwardAudit(database.forServer(), address, receiverOf(settings)),
    },
    {
      provide: WORKS,
      inject: [WorkQueue, HearWritten, GreetSubscription, HearFailures, NotifySubscription],
      useFactory: (
        queue: WorkQueue,
        written: HearWritten,
        greet: GreetSubscription,
        failures: HearFailures,
        notify: NotifySubscription,
      ) => {
        const { sending }: { sending: Sending } = notify;
        for (const work of [written, greet, failures, notify, new SendHeartbeat(sending), new EndSubscription(sending)]) queue.handle(work);
        return true;
      },
    },
  ],
  exports: [Subscriptions, ForwardAudit],
})
export class DeliveryModule {}

/** Where audit messages go; undefined where nowhere. */
function receiverOf(settings: Settings) {
  const { AUDIT_SYSLOG: url, AUDIT_SYSLOG_CA_FILE: caFile, AUDIT_SYSLOG_CERT_FILE: certFile, AUDIT_SYSLOG_KEY_FILE: keyFile } = settings;
  return url === undefined ? undefined : { url, caFile, certFile, keyFile, form: settings.AUDIT_SYSLOG_FORM };
}
