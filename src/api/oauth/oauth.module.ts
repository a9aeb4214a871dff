import { Inject, Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Database } from '../../database/database.js';
import { Accounts } from '../../issuer/accounts.js';
import { ClientKeys } from '../../issuer/client-keys.js';
import { Clients } from '../../issuer/clients.js';
import { FirstAdmin } from '../../issuer/first-admin.js';
import { IssuerKeys } from '../../issuer/issuer-keys.js';
import { IssuerModule } from '../../issuer/issuer.module.js';
import { Launches } from '../../issuer/launches.js';
import { IssuerProvider } from '../../issuer/provider.js';
import { RevokedTokens } from '../../issuer/revoked-tokens.js';
import { SecondFactors } from '../../issuer/second-factors.js';
import { PublicAddress } from '../../public-address.js';
import { Records } from '../../records/records.js';
import { RecordsModule } from '../../records/records.module.js';
import { ReportingModule } from '../../reporting/reporting.module.js';
import { RecordSearch } from '../../records/search/record-search.js';
import { AuthenticationModule } from '../authentication.module.js';
import { UnknownCallers } from '../unknown-callers.js';
import { AccountsController } from './accounts.controller.js';
import { ClientsController } from './clients.controller.js';
import { DiscoveryController } from './discovery.controller.js';
import { mountForms, type FormParts } from './forms.js';
import { Interactions } from './interactions.js';
import { KeysController } from './keys.controller.js';
import { LaunchController } from './launch.controller.js';
import { mountIssuer } from './mount.js';
import { OrganisationsController } from './organisations.controller.js';
import { Patients } from './patients.js';
import { Proofs } from './proof.js';
import { PROVIDER_PAGES } from './provider-pages.js';
import { RegistrationController } from './registration.controller.js';

type Owned = [Database, PublicAddress, Accounts, Clients, ClientKeys, Launches, IssuerKeys, RevokedTokens];
type Formed = [IssuerProvider, Patients, IssuerKeys, PublicAddress, Accounts, Launches, SecondFactors, FirstAdmin];
const FORMS = Symbol('forms');

/** The issuer's wire: its endpoints and pages below /oauth, and how apps find it. */
@Module({
  imports: [AuthenticationModule, IssuerModule, RecordsModule, ReportingModule],
  controllers: [
    DiscoveryController,
    LaunchController,
    AccountsController,
    ClientsController,
    KeysController,
    OrganisationsController,
    RegistrationController,
  ],
  providers: [
    {
      provide: IssuerProvider,
      inject: [Database, PublicAddress, Accounts, Clients, ClientKeys, Launches, IssuerKeys, RevokedTokens],
      useFactory: (...[database, address, accounts, clients, clientKeys, launches, keys, revoked]: Owned) =>
        new IssuerProvider({
          parts: { database: database.forServer(), address, accounts, clients, clientKeys, launches },
          keys,
          revoked,
          pages: PROVIDER_PAGES,
        }),
    },
    {
      provide: Patients,
      inject: [Records, RecordSearch, PublicAddress],
      useFactory: (records: Records, search: RecordSearch, address: PublicAddress) => new Patients(records, search, address),
    },
    {
      provide: FORMS,
      inject: [IssuerProvider, Patients, IssuerKeys, PublicAddress, Accounts, Launches, SecondFactors, FirstAdmin],
      useFactory: (...[issuer, patients, keys, address, accounts, launches, secondFactors, firstAdmin]: Formed): FormParts => {
        const interactions = new Interactions({ issuer, accounts, launches, patients, proofs: new Proofs(keys), address });
        return { interactions, accounts, secondFactors, firstAdmin, address };
      },
    },
  ],
})
export class OauthModule {
  constructor(
    { httpAdapter }: HttpAdapterHost,
    issuer: IssuerProvider,
    address: PublicAddress,
    unknown: UnknownCallers,
    @Inject(FORMS) forms: FormParts,
  ) {
    const server = httpAdapter.getInstance<FastifyInstance>();
    mountIssuer(server, { issuer, address, unknown });
    mountForms(server, forms);
  }
}
