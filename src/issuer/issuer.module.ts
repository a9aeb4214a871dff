import { Module } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Settings } from '../settings.js';
import { Accounts } from './accounts.js';
import { ClientKeys } from './client-keys.js';
import { Clients } from './clients.js';
import { FirstAdmin } from './first-admin.js';
import { Issuer } from './issuer.js';
import { IssuerKeys } from './issuer-keys.js';
import { Launches } from './launches.js';
import { Organisations } from './organisations.js';
import { RevokedTokens } from './revoked-tokens.js';
import { SecondFactors } from './second-factors.js';

@Module({
  providers: [
    {
      provide: Accounts,
      inject: [Database, RevokedTokens],
      useFactory: (database: Database, revoked: RevokedTokens) => new Accounts(database.forServer(), revoked),
    },
    {
      provide: Clients,
      inject: [Database, RevokedTokens, ClientKeys],
      useFactory: (database: Database, revoked: RevokedTokens, keys: ClientKeys) => new Clients(database.forServer(), revoked, keys),
    },
    { provide: ClientKeys, inject: [Settings], useFactory: (settings: Settings) => new ClientKeys(settings.CLIENT_KEYS_HOSTS) },
    { provide: Organisations, inject: [Database], useFactory: (database: Database) => new Organisations(database.forServer()) },
    { provide: Launches, inject: [Database], useFactory: (database: Database) => new Launches(database.forServer()) },
    { provide: FirstAdmin, inject: [Database], useFactory: (database: Database) => new FirstAdmin(database.forServer()) },
    { provide: IssuerKeys, inject: [Database], useFactory: (database: Database) => new IssuerKeys(database.forServer()) },
    { provide: RevokedTokens, inject: [Database], useFactory: (database: Database) => new RevokedTokens(database.forServer()) },
    {
      provide: SecondFactors,
      inject: [Database, Accounts],
      useFactory: (database: Database, accounts: Accounts) => new SecondFactors(database.forServer(), accounts),
    },
    {
      provide: Issuer,
      inject: [IssuerKeys, RevokedTokens, FirstAdmin],
      useFactory: (keys: IssuerKeys, revoked: RevokedTokens, firstAdmin: FirstAdmin) => new Issuer(keys, revoked, firstAdmin),
    },
  ],
  exports: [Accounts, ClientKeys, Clients, FirstAdmin, Issuer, IssuerKeys, Launches, Organisations, RevokedTokens, SecondFactors],
})
export class IssuerModule {}
