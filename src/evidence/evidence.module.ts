import { Module } from '@nestjs/common';
import { ArchiveModule } from '../archive/archive.module.js';
import { Pixels } from '../archive/pixels.js';
import { Studies } from '../archive/studies.js';
import { Database } from '../database/database.js';
import { Accounts } from '../issuer/accounts.js';
import { IssuerModule } from '../issuer/issuer.module.js';
import { Linker } from '../ledger/linker.js';
import { Settings } from '../settings.js';
import { Signer } from '../signing/signer.js';
import { SigningModule } from '../signing/signing.module.js';
import { Protocols } from './studies/protocols.js';
import { ReaderStudy } from './studies/reader-study.js';
import { Results } from './studies/results.js';
import { Signatures } from './studies/signatures.js';
import { StudyDesk } from './studies/study-desk.js';
import { StudyLife } from './studies/study-life.js';
import { Truth } from './studies/truth.js';

/** Validation studies: protocols, people, truth, readings, runs, results. */
@Module({
  imports: [ArchiveModule, IssuerModule, SigningModule],
  providers: [
    {
      provide: StudyDesk,
      inject: [Database, Accounts],
      useFactory: (database: Database, accounts: Accounts) => new StudyDesk(database, accounts),
    },
    {
      provide: StudyLife,
      inject: [StudyDesk, Linker],
      useFactory: (desk: StudyDesk, linker: Linker) => new StudyLife(desk, linker),
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
    { provide: Results, inject: [StudyDesk], useFactory: (desk: StudyDesk) => new Results(desk) },
  ],
  exports: [StudyLife, Protocols, Signatures, Truth, ReaderStudy, Results],
})
export class EvidenceModule {}
