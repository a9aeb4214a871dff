import { Global, Module } from '@nestjs/common';
import { Standing } from '../access/kept-caller.js';
import { Settings } from '../settings.js';
import { Accounts } from './accounts.js';
import { Clients } from './clients.js';
import { IssuerModule } from './issuer.module.js';
import { IssuerStanding } from './issuer-standing.js';

/** What has become of callers, for rooms that know no issuer. */
@Global()
@Module({
  imports: [IssuerModule],
  providers: [
    {
      provide: Standing,
      inject: [Accounts, Clients, Settings],
      useFactory: (accounts: Accounts, clients: Clients, settings: Settings) => new IssuerStanding(accounts, clients, settings),
    },
  ],
  exports: [Standing],
})
export class StandingModule {}
