import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { LOCAL_CALLER, type Caller } from '../access/caller.js';
import type { PublicAddress } from '../public-address.js';
import type { Settings } from '../settings.js';
import { knownHosts } from './known-hosts.js';
import { isOwnPage } from './own-page.js';

type Take = (request: IncomingMessage, socket: Duplex, head: Buffer, caller: Caller) => void;

interface Claim {
  readonly isMine: (path: string) => boolean;
  readonly take: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** What says which pages are of this server. */
export interface Door {
  readonly settings: Settings;
  readonly address: PublicAddress;
}

const claims = new WeakMap<Server, Claim[]>();
/** The graph's driver has a listener of its own. */
const GRAPH = '/graphql';

/** A browser's page from elsewhere may not listen in, nor one that made its own name lead here. */
function mayOpen(request: IncomingMessage, { settings, address }: Door): boolean {
  try {
    knownHosts(settings)(request);
    return isOwnPage(request.headers, address);
  } catch {
    return false;
  }
}

/**
 * Lets a wire have the WebSockets of its paths. Node takes its own hands off a connection that asks for an upgrade: whoever breaks
 * it off would end the process, and what nobody wants would stay open. Pages of elsewhere get 403.
 */
export function claimUpgrades(http: Server, door: Door, isMine: Claim['isMine'], takeIt: Take): void {
  const take = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
    mayOpen(request, door) ? takeIt(request, socket, head, LOCAL_CALLER) : refuseUpgrade(socket, '403 Forbidden');
  const known = claims.get(http);
  if (known !== undefined) return void known.push({ isMine, take });
  const all: Claim[] = [{ isMine, take }];
  claims.set(http, all);
  http.prependListener('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const [path] = (request.url ?? '').split('?', 1);
    const claim = all.find((one) => one.isMine(path));
    if (claim !== undefined) claim.take(request, socket, head);
    else if (path !== GRAPH) refuseUpgrade(socket, '404 Not Found');
  });
}

/** Answers an upgrade that there will not be. */
function refuseUpgrade(socket: Duplex, status: '403 Forbidden' | '404 Not Found'): void {
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
