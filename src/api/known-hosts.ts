import type { FastifyRequest } from 'fastify';
import { Fault } from '../faults.js';
import type { Settings } from '../settings.js';

/** The request names a host that this server does not go by (RFC 9110 15.5.20). */
export class MisdirectedRequest extends Fault {
  readonly code = 'misdirected-request';
  readonly status = 421;

  constructor() {
    super('This server does not go by the host that the request names. Set PUBLIC_URL where it stands behind a proxy.');
  }
}

/**
 * A check for every request: while the server trusts whoever reaches its loopback address, a web page that makes its own
 * name resolve to it (DNS rebinding) must not pass for somebody on this machine. It still names its own host.
 */
export function knownHosts({ PUBLIC_URL }: Settings): (request: Pick<FastifyRequest, 'headers'>) => void {
  const published = PUBLIC_URL === undefined ? undefined : new URL(PUBLIC_URL).hostname;
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
  return ({ headers }) => {
    // HTTP/2 has the pseudo-header instead (RFC 9113 8.3.1).
    const named = headers.host ?? (headers[':authority'] as string | undefined) ?? '';
    const host = named.replace(/:\d{1,5}$/, '').toLowerCase();
    if (!loopback.test(host) && host !== published) throw new MisdirectedRequest();
  };
}
