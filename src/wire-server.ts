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
/** So long the last of an HTTP/2 connection that the server has ended may take to be heard. */
const GOODBYE_MS = 30_000;
/** How often it is looked whether one is silent. */
const LOOK_MS = 2_000;
/** So much may be on its way to a stream, and to all of a connection: uploads are long, and memory is bounded by it. */
const STREAM_WINDOW_BYTES = 1 << 20;
const SESSION_WINDOW_BYTES = 4 << 20;
const HTTP2_SETTINGS = { maxConcurrentStreams: 128, initialWindowSize: STREAM_WINDOW_BYTES };
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
    return (handler) => {
      const options = { ...HTTP_TIMES, ...certificate, settings: HTTP2_SETTINGS, allowHTTP1: true };
      const server = createSecureServer(options, handler as never);
      server.on('session', (session) => session.setLocalWindowSize(SESSION_WINDOW_BYTES));
      server.on('secureConnection', (socket) => {
        if (socket.alpnProtocol === 'h2') endWithClient(socket);
      });
      return lasting(server as unknown as Server);
    };
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
  const http2 = createHttp2Server({ settings: HTTP2_SETTINGS }, handler as never);
  http2.on('checkContinue', (request, response) => {
    // Whoever decides about bodies listens at the one server.
    if (http1.emit('checkContinue', request, response)) return;
    response.writeContinue();
    http2.emit('request', request, response);
  });
  const [takeHttp1] = http1.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  http1.removeAllListeners('connection');
  const silent = new Set<Socket>();
  http1.on('connection', (socket: Socket) => {
    silent.add(socket.setTimeout(HTTP_TIMES.headersTimeout, () => socket.destroy()).on('error', () => socket.destroy()));
    socket.once('close', () => silent.delete(socket));
    firstWords(socket, (speaksHttp2) => {
      silent.delete(socket);
      socket.setTimeout(0).removeAllListeners('timeout').removeAllListeners('error');
      if (!speaksHttp2) return takeHttp1.call(http1, socket);
      http2.emit('connection', socket);
      endWithClient(socket);
    });
  });
  return endingSessions(http1, http2, silent);
}

/** Looks at how a connection begins, and leaves it as it was. */
function firstWords(socket: Socket, heard: (speaksHttp2: boolean) => void): void {
  let begun = Buffer.alloc(0);
  const listen = (): void => {
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) return;
    begun = Buffer.concat([begun, bytes]);
    const text = begun.toString('latin1', 0, PREFACE.length);
    if (begun.length < PREFACE.length && PREFACE.startsWith(text)) return; // the P of POST, or of the preface
    socket.off('readable', listen);
    socket.unshift(begun);
    heard(text === PREFACE);
  };
  socket.on('readable', listen);
}

/**
 * An HTTP/2 connection ends where one of HTTP/1.1 does, whatever is on it: when its client has ended it, and after long silence. Else its
 * streams would last, and what they hold, and the server could not stop: a goodbye waits for streams, and for who reads it.
 */
function endWithClient(socket: Socket): void {
  socket.once('end', () => socket.destroy()); // half of a connection is of no use to HTTP/2, and http1's sockets may be half open
  let [bytes, since] = [0, performance.now()];
  const look = setInterval(() => {
    const passed = socket.bytesRead + socket.bytesWritten;
    if (passed !== bytes) [bytes, since] = [passed, performance.now()];
    else if (performance.now() - since >= (socket.writableEnded ? GOODBYE_MS : SILENCE_MS)) socket.destroy();
  }, LOOK_MS).unref();
  socket.once('close', () => clearInterval(look));
}

/** Closing the idle connections says goodbye to those of HTTP/2 also: they end with what they carry; and to those that said nothing yet. */
function endingSessions(http1: Server, http2: Http2Server, silent: ReadonlySet<Socket>): Server {
  const sessions = new Set<ServerHttp2Session>();
  http2.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    session.setTimeout(KEEP_ALIVE_MS, () => session.close());
    session.once('close', () => sessions.delete(session));
  });
  const closeIdle = http1.closeIdleConnections.bind(http1);
  http1.closeIdleConnections = () => {
    closeIdle();
    for (const session of sessions) session.close();
    for (const socket of silent) socket.destroy();
  };
  return http1;
}

function lasting(server: Server): Server {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.setTimeout(SILENCE_MS);
  return server;
}
