import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttp2Server, createSecureServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import { createSecureContext, type Server as TlsServer } from 'node:tls';
import type { Socket } from 'node:net';
import type { Settings } from './settings.js';

type WireSettings = Pick<Settings, 'TLS_CERT_FILE' | 'TLS_KEY_FILE' | 'H2C'>;

/** A body may be gigabytes, but it must keep coming: headers within 15 s, never 2 minutes of silence. */
export const HTTP_TIMES = { headersTimeout: 15_000, requestTimeout: 3_600_000, connectionsCheckingInterval: 1_000 } as const;
export const SILENCE_MS = 120_000;
const KEEP_ALIVE_MS = 72_000;
/** How an HTTP/2 connection begins (RFC 9113 3.4). */
const PREFACE = 'PRI * HTTP/2.0';

/** The certificate or its key cannot be used: says which file and why. */
export class UnusableCertificate extends Error {
  constructor(why: string) {
    super(`TLS_CERT_FILE and TLS_KEY_FILE cannot be used: ${why}`);
  }
}

export const speaksTls = ({ TLS_CERT_FILE, TLS_KEY_FILE }: WireSettings): boolean =>
  TLS_CERT_FILE !== undefined && TLS_KEY_FILE !== undefined;

/**
 * The server that the settings ask for: TLS with HTTP/2 and HTTP/1.1 by ALPN, HTTP/1.1 and HTTP/2 in clear text on one port,
 * or undefined for plain HTTP/1.1. Throws UnusableCertificate.
 */
export function wireServer(settings: WireSettings): ((handler: RequestListener) => Server) | undefined {
  if (speaksTls(settings)) {
    const certificate = readCertificate(settings);
    // Node's compatibility layer hands the same kind of requests to the handler; Fastify types one of both.
    return (handler) =>
      lasting(createSecureServer({ ...HTTP_TIMES, ...certificate, allowHTTP1: true }, handler as never) as unknown as Server);
  }
  return settings.H2C === '1' ? clearTextServer : undefined;
}

/** Takes the certificate of its files again, for connections to come. Throws UnusableCertificate, and the old one stays. */
export function renewCertificate(server: Server, settings: WireSettings): void {
  if (speaksTls(settings)) (server as unknown as TlsServer).setSecureContext(readCertificate(settings));
}

function readCertificate({ TLS_CERT_FILE = '', TLS_KEY_FILE = '' }: WireSettings) {
  try {
    const certificate = { cert: readFileSync(TLS_CERT_FILE), key: readFileSync(TLS_KEY_FILE), minVersion: 'TLSv1.2' } as const;
    createSecureContext(certificate); // a key of another certificate is found here, not at the first handshake
    return certificate;
  } catch (error) {
    throw new UnusableCertificate(error instanceof Error ? error.message : String(error));
  }
}

/** HTTP/1.1, and HTTP/2 for connections that begin with its preface (RFC 9113 3.3): health checks and WebSockets need the one, a proxy may like the other. */
function clearTextServer(handler: RequestListener): Server {
  const http1 = lasting(createServer(HTTP_TIMES, handler));
  const http2 = createHttp2Server({}, handler as never);
  const [takeHttp1] = http1.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  http1.removeAllListeners('connection');
  http1.on('connection', (socket: Socket) => {
    socket.setTimeout(HTTP_TIMES.headersTimeout, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.once('readable', () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return void socket.destroy();
      socket.setTimeout(0).removeAllListeners('timeout').removeAllListeners('error');
      socket.unshift(first);
      if (first.toString('latin1').startsWith(PREFACE.slice(0, first.length))) http2.emit('connection', socket);
      else takeHttp1.call(http1, socket);
    });
  });
  return endingSessions(http1, http2);
}

/** Closing the idle connections says goodbye to those of HTTP/2 also: they end with what they carry. */
function endingSessions(http1: Server, http2: Http2Server): Server {
  const sessions = new Set<ServerHttp2Session>();
  http2.on('session', (session) => {
    sessions.add(session);
    session.setTimeout(KEEP_ALIVE_MS, () => session.close());
    session.once('close', () => sessions.delete(session));
  });
  const closeIdle = http1.closeIdleConnections.bind(http1);
  http1.closeIdleConnections = () => {
    closeIdle();
    for (const session of sessions) session.close();
  };
  return http1;
}

function lasting(server: Server): Server {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.setTimeout(SILENCE_MS);
  return server;
}
