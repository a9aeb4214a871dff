import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/** As Apache's mod_reqtimeout has it: so long nothing is said, then so much must have come for each second since. */
const GRACE_MS = 20_000;
const BYTES_A_SECOND = 500;
const LOOK_MS = 2_000;

interface Watched {
  readonly response: ServerResponse;
  readonly before: number;
  /** How long it was the client that was waited for. */
  waitedMs: number;
}

/**
 * Cuts off bodies that trickle in: a connection and what it holds would else be kept for hours by a few bytes a minute. The time in which
 * it is the server that does not take what came is not counted. Such a request gets 408 (RFC 9110 15.5.9), and what it began is undone
 * as with any that breaks off.
 */
export class SlowBodies {
  private readonly watched = new Map<IncomingMessage, Watched>();

  constructor() {
    setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** Takes note of a request that has come; of one without a body there is nothing to wait for. */
  watch(request: IncomingMessage, response: ServerResponse): void {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    const hasBody = request.httpVersionMajor > 1 ? !endsWithHeaders(request) : coding !== undefined || Number(length ?? 0) > 0;
    if (!hasBody) return;
    this.watched.set(request, { response, before: request.socket.bytesRead, waitedMs: 0 });
    request.once('close', () => this.watched.delete(request));
  }

  private look(): void {
    for (const [request, one] of this.watched) {
      if (request.complete) this.watched.delete(request);
      else if (request.readableLength === 0) {
        one.waitedMs += LOOK_MS;
        const due = ((one.waitedMs - GRACE_MS) / 1_000) * BYTES_A_SECOND;
        if (due > 0 && request.socket.bytesRead - one.before < due) this.cut(request, one.response);
      }
    }
  }

  private cut(request: IncomingMessage, response: ServerResponse): void {
    this.watched.delete(request);
    if (request.httpVersionMajor > 1) {
      const { stream } = request as unknown as Http2ServerRequest;
      if (!response.headersSent) stream.respond({ ':status': 408 }, { endStream: true });
      stream.close();
      return;
    }
    const { socket } = request;
    if (!response.headersSent) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    socket.destroySoon();
  }
}

const endsWithHeaders = (request: IncomingMessage): boolean => (request as unknown as Http2ServerRequest).stream.endAfterHeaders;
