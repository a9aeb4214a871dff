import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Caller } from '../access/caller.js';
import { BREAK_GLASS } from '../access/purpose.js';
import { inTenant } from '../database/scope.js';
import { asFault } from '../faults.js';
import type { AccessLog } from '../ledger/access-log.js';
import type { PublicAddress } from '../public-address.js';
import type { Settings } from '../settings.js';
import { askingOf } from './asking.js';
import { withReasons, type Authentication } from './authentication.js';
import { knownHosts } from './known-hosts.js';
import { networkOf } from './network.js';
import { isOwnPage } from './own-page.js';
import { accessRefused } from './refused-accesses.js';
import type { UnknownCallers } from './unknown-callers.js';

/** Who may open a WebSocket: requests meet Fastify's hooks, a WebSocket this. */
export class Door {
  constructor(
    private readonly settings: Settings,
    private readonly address: PublicAddress,
    private readonly authentication: Authentication,
    private readonly unknown: UnknownCallers,
    private readonly log: AccessLog,
  ) {}

  /** A browser's page from elsewhere may not listen in, nor one that made its own name lead here. */
  isOpenTo(request: Pick<IncomingMessage, 'headers'>): boolean {
    try {
      knownHosts(this.settings)(request);
      return isOwnPage(request.headers, this.address);
    } catch {
      return false;
    }
  }

  /** Network address of who asks. */
  networkOf(request: IncomingMessage): string {
    return networkOf(request, this.settings);
  }

  /** Who opens it; on record where nobody is made out. @param headers  with a token that is told otherwise. Throws as Authentication does. */
  async callerOf(request: IncomingMessage, headers: IncomingHttpHeaders = request.headers): Promise<Caller> {
    const asking = askingOf(request, this.networkOf(request));
    let holder: Caller;
    try {
      holder = { ...(await this.authentication.holderOf(headers)), asking };
    } catch (error) {
      const fault = asFault(error);
      if (fault.status === 401 && asking !== undefined) this.unknown.note(asking, fault);
      throw error;
    }
    try {
      return withReasons(holder, headers);
    } catch (error) {
      // Who may not break the glass tried to: the record says so.
      if (asFault(error).status === 403) await this.refused({ ...holder, purposeOfUse: BREAK_GLASS });
      throw error;
    }
  }

  /** Puts on record that it is not for who opened it. Throws DatabaseAway. */
  async refused(caller: Caller): Promise<void> {
    const { asking, tenant } = caller;
    if (asking !== undefined) await inTenant(tenant, () => accessRefused(this.log, caller, asking, { method: 'GET', status: 403 }));
  }

  /** Whether the token of who may listen is good still, where it is not told again. Throws TokenRefused, DatabaseAway. */
  async stillGood(listener: Caller): Promise<void> {
    await this.authentication.stillGood(listener);
  }

  /** Checks again who opened it. Throws as Authentication does. */
  async stillOpenTo(headers: IncomingHttpHeaders): Promise<void> {
    await this.authentication.callerOf(headers);
  }
}
