import { Module } from '@nestjs/common';
import { ArchiveModule } from '../archive/archive.module.js';
import { Pixels } from '../archive/pixels.js';
import { Search } from '../archive/search.js';
import { Studies } from '../archive/studies.js';
import { Database } from '../database/database.js';
import { InferenceModule } from '../inference/inference.module.js';
import { Models } from '../inference/models.js';
import { ReadImage } from '../inference/read-image.js';
import { Accounts } from '../issuer/accounts.js';
import { IssuerModule } from '../issuer/issuer.module.js';
import { Linker } from '../ledger/linker.js';
import { PublicAddress } from '../public-address.js';
import { Records } from '../records/records.js';
import { RecordsModule } from '../records/records.module.js';
import { Settings } from '../settings.js';
import { Signer } from '../signing/signer.js';
import { SigningModule } from '../signing/signing.module.js';
import { WorkQueue } from '../work/work-queue.js';
import { SelectCases } from './datasets/select-cases.js';
import { Datasets } from './studies/datasets.js';
import { Packages } from './studies/packages.js';
import { Protocols } from './studies/protocols.js';
import { ReaderStudy } from './studies/reader-study.js';
import { ReadCases } from './studies/read-cases.js';
import { Results } from './studies/results.js';
import { Runs } from './studies/runs.js';
import { Signatures } from './studies/signatures.js';
import { StudyDesk } from './studies/study-desk.js';
import { StudyLife } from './studies/study-life.js';
import { Truth } from './studies/truth.js';

/** Validation studies: protocols, people, truth, readings, runs, results. */
@Module({
  imports: [ArchiveModule, InferenceModule, IssuerModule, RecordsModule, SigningModule],
  providers: [
    {
      provide: StudyDesk,
      inject: [Database, Accounts],
      useFactory: (database: Database, accounts: Accounts) => new StudyDesk(database, accounts),
    },
    {
      provide: StudyLife,
      inject: [StudyDesk, Linker, Signer, Models],
      useFactory: (desk: StudyDesk, linker: Linker, signer: Signer, models: Models) => new StudyLife(desk, linker, signer, models),
    },
    { provide: Protocols, inject: [StudyDesk], useFactory: (desk: StudyDesk) => new Protocols(desk) },
    {
      provide: Signatures,
      inject: [StudyDesk, Accounts, Signer, Linker, Settings],
      useFactory: (desk: StudyDesk, accounts: Accounts, signer: Signer, linker: Linker, { OIDC_ISSUER }: Settings) =>
        new Signatures(desk, accounts, signer, linker, OIDC_ISSUER === undefined),
    },
    { provide: Truth, inject: [StudyDesk], useFactory: (desk: StudyDesk) => new Truth(desk) },
    {
      provide: ReaderStudy,
      inject: [StudyDesk, Studies, Pixels],
      useFactory: (desk: StudyDesk, studies: Studies, pixels: Pixels) => new ReaderStudy(desk, studies, pixels),
    },
    {
      provide: Datasets,
      inject: [StudyDesk, Search, Studies, Pixels, Models],
      useFactory: (desk: StudyDesk, search: Search, studies: Studies, pixels: Pixels, models: Models) =>
        new Datasets(desk, new SelectCases(search, studies, pixels), models),
    },
    { provide: Runs, inject: [StudyDesk, Models], useFactory: (desk: StudyDesk, models: Models) => new Runs(desk, models) },
    {
      provide: ReadCases,
      inject: [Database, Studies, ReadImage, Models, Settings, WorkQueue],
      useFactory: (
        ...[database, studies, images, models, settings, queue]: [Database, Studies, ReadImage, Models, Settings, WorkQueue]
      ) => {
        const work = new ReadCases(database, studies, images, models, settings.INFERENCE_WORKERS + 1); // one decodes while another runs
        queue.handle(work);
        return work;
      },
    },
    {
      provide: Packages,
      inject: [StudyDesk, Signer, Linker, Records, PublicAddress],
      useFactory: (desk: StudyDesk, signer: Signer, linker: Linker, records: Records, address: PublicAddress) =>
        new Packages(desk, signer, linker, records, address),
    },
    { provide: Results, inject: [StudyDesk], useFactory: (desk: StudyDesk) => new Results(desk) },
  ],
  exports: [Packages, StudyLife, Datasets, Runs, Protocols, Signatures, Truth, ReaderStudy, Results],
})
export class EvidenceModule {}
