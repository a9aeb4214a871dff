import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** As little of S3 as the archive asks for, to be slow, broken and wrong at will. */
export class ObjectStore {
  readonly objects = new Map<string, Buffer>();
  /** Before each answer, milliseconds. */
  delayMs = 0;
  /** A status in place of every answer. */
  failure: number | undefined;
  /** What comes is spoilt on its way: the sender's checksum is not that of what arrived. */
  spoils = false;
  /** Answers with an object end after half of it. */
  cuts = false;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ObjectStore> {
    const server = createServer((request, response) => void store.answer(request, response));
    const store = new ObjectStore(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return store;
  }

  get settings(): NodeJS.ProcessEnv {
    return {
      ARCHIVE_STORAGE: 's3',
      S3_ENDPOINT: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      S3_BUCKET: 'bucket',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    await sleep(this.delayMs);
    const { status, headers, body } = this.done(request, Buffer.concat(pieces));
    response.writeHead(status, { ...headers, ...(body && { 'content-length': body.length }) });
    if (body && this.cuts) return void response.write(body.subarray(0, body.length >> 1), () => response.destroy());
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private done({ method, url = '', headers }: IncomingMessage, sent: Buffer): Answer {
    if (this.failure !== undefined) return { status: this.failure };
    const [, key] = /^\/bucket\/([^?]+)/.exec(url) ?? [];
    if (key === undefined) return { status: 200, body: method === 'GET' ? Buffer.from('<ListMultipartUploadsResult/>') : undefined };
    const there = this.objects.get(key);
    if (method === 'PUT') {
      if (there !== undefined && headers['if-none-match'] === '*') return { status: 412 };
      const came = this.spoils ? Buffer.concat([sent.subarray(1), Buffer.from('?')]) : sent;
      // As Amazon's: 400 BadDigest, and nothing is kept.
      if (createHash('md5').update(came).digest('base64') !== headers['content-md5']) return { status: 400 };
      this.objects.set(key, came);
      return { status: 200, headers: { etag: '"x"' } };
    }
    if (method === 'DELETE') return { status: this.objects.delete(key) ? 204 : 404 };
    if (there === undefined) return { status: 404 };
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    return from === undefined ? { status: 200, body: there } : { status: 206, body: there.subarray(Number(from), Number(to) + 1) };
  }
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | undefined;
}
