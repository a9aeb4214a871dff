import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Door } from './door.js';

type Take = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface Claim {
  readonly isMine: (path: string) => boolean;
  readonly take: Take;
}

const claims = new WeakMap<Server, Claim[]>();

/**
 * Lets a wire have the WebSockets of its paths. Node takes its own hands off a connection that asks for an upgrade: whoever breaks
 * it off would end the process, and what nobody wants would stay open. Pages of elsewhere get 403.
 */
export function claimUpgrades(http: Server, door: Pick<Door, 'isOpenTo'>, isMine: Claim['isMine'], takeIt: Take): void {
  const take: Take = (request, socket, head) =>
    door.isOpenTo(request) ? takeIt(request, socket, head) : refuseUpgrade(socket, '403 Forbidden');
  const known = claims.get(http);
  if (known !== undefined) return void known.push({ isMine, take });
  const all: Claim[] = [{ isMine, take }];
  claims.set(http, all);
  http.prependListener('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const [path] = (request.url ?? '').split('?', 1);
    const claim = all.find((one) => one.isMine(path));
    if (claim !== undefined) claim.take(request, socket, head);
    else refuseUpgrade(socket, '404 Not Found');
  });
}

export type Refusal =
  '400 Bad Request' | '401 Unauthorized' | '403 Forbidden' | '404 Not Found' | '429 Too Many Requests' | '503 Service Unavailable';

/** Answers an upgrade that there will not be. */
export function refuseUpgrade(socket: Duplex, status: Refusal): void {
  socket.once('finish', () => socket.destroy());
  const challenge = status.startsWith('401') ? '\r\nWWW-Authenticate: Bearer realm="wetread"' : '';
  socket.end(`HTTP/1.1 ${status}${challenge}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
