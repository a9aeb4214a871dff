import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Http2ServerResponse } from 'node:http2';
import { pipeline, Readable, Transform } from 'node:stream';
import { SILENCE_MS } from '../wire-server.js';
import { breakOff } from './broken-answer.js';
import { isStream } from './content-coding.js';

/** What a stream of HTTP/2 is given at once: how far an answer is taken is seen by pieces, and many streams share a connection. */
const PIECE_BYTES = 1 << 16;
const LOOK_MS = 2_000;

interface Watched {
  readonly reply: FastifyReply;
  /** When it was last seen that something of it was taken, or that nothing waited to be. */
  since: number;
}

export const isOfHttp2 = ({ raw }: FastifyRequest): boolean => raw.httpVersionMajor > 1;
const streamOf = ({ raw }: FastifyReply): Http2ServerResponse['stream'] | undefined => (raw as unknown as Http2ServerResponse).stream;

/**
 * Breaks off answers over HTTP/2 of which nothing is taken for as long as a connection of HTTP/1.1 may be silent: a client that opens its
 * window for other streams alone would keep what is made for it, and keep the server from stopping.
 */
export class UntakenAnswers {
  private readonly watched = new Set<Watched>();

  constructor() {
    setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** Takes note of an answer to come. */
  watch(request: FastifyRequest, reply: FastifyReply): void {
    if (!isOfHttp2(request)) return;
    const one: Watched = { reply, since: performance.now() };
    this.watched.add(one);
    reply.raw.on('drain', () => (one.since = performance.now())).once('close', () => this.watched.delete(one));
  }

  private look(): void {
    const now = performance.now();
    for (const one of this.watched)
      if ((streamOf(one.reply)?.writableLength ?? 0) === 0) one.since = now;
      else if (now - one.since >= SILENCE_MS) breakOff(one.reply);
  }
}

/** Bytes for a stream of HTTP/2; at least one piece. */
export function* inPieces(bytes: Buffer): Generator<Buffer> {
  let at = 0;
  do yield bytes.subarray(at, at + PIECE_BYTES);
  while ((at += PIECE_BYTES) < bytes.length);
}

/** The body of an answer, to be given so: each piece when the one before is taken. */
export function bodyInPieces(request: FastifyRequest, reply: FastifyReply, body: unknown): unknown {
  if (!isOfHttp2(request) || request.method === 'HEAD') return body;
  if (isStream(body)) return pipeline(body, cutting(), () => undefined); // a body that breaks breaks what is made of it
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (!(bytes instanceof Uint8Array) || bytes.length <= PIECE_BYTES) return body;
  reply.header('Content-Length', bytes.length);
  return Readable.from(inPieces(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)), { objectMode: false });
}

const cutting = (): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (const piece of inPieces(chunk)) this.push(piece);
      done();
    },
  });
