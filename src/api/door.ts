import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Caller } from '../access/caller.js';
import type { PublicAddress } from '../public-address.js';
import type { Settings } from '../settings.js';
import type { Authentication } from './authentication.js';
import { knownHosts } from './known-hosts.js';
import { isOwnPage } from './own-page.js';

/** Who may open a WebSocket: requests meet Fastify's hooks, a WebSocket this. */
export class Door {
  constructor(
    private readonly settings: Settings,
    private readonly address: PublicAddress,
    private readonly authentication: Authentication,
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

  /** Who opens it. Throws as Authentication does. */
  callerOf(headers: IncomingHttpHeaders): Promise<Caller> {
    return this.authentication.callerOf(headers);
  }
}
