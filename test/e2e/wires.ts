import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as later } from 'node:timers/promises';
import { aCertificate } from './a-certificate.js';
import { exchange, exchange2, http2Session, type Exchanged, type Said } from './exchange.js';
import { Wetread } from './wetread.js';

export const HTTP1 = 'HTTP/1.1';
export const H2C = 'HTTP/2 in clear text';
export const H2 = 'HTTP/2 over TLS';
export const WIRES = [HTTP1, H2C, H2] as const;
export type WireName = (typeof WIRES)[number];

/** An answer that is asked for, and not read unless it is told to. */
export interface Asked {
  /** Its status; 0 where there was no answer. */
  readonly status: Promise<number>;
  /** Reads on, and tells how it ends: `whole`, or what broke it off. */
  end(): Promise<string>;
  /** The same, but takes little for so long before. */
  endSlowly(forMs: number): Promise<string>;
  /** Leaves. */
  leave(): void;
}

/** A server and a client of it by one wire. */
export class Wire {
  private constructor(
    readonly name: WireName,
    readonly wetread: Wetread,
    /** The certificate that the server's is signed by. */
    readonly ca: string | undefined,
    private readonly folder: string,
    private session: ClientHttp2Session | undefined,
  ) {}

  static async to(name: WireName): Promise<Wire> {
    const folder = mkdtempSync(join(tmpdir(), 'wetread-wire-'));
    const { pem, ...files } = aCertificate(folder, 'wire');
    const settings = { [HTTP1]: {}, [H2C]: { H2C: '1' }, [H2]: files }[name];
    const wetread = await Wetread.start({ QUIET_PERIOD_SECONDS: '3600', ...settings });
    const wire = new Wire(name, wetread, name === H2 ? pem : undefined, folder, undefined);
    if (name !== HTTP1) wire.session = await wire.connect();
    return wire;
  }

  /** A new connection of HTTP/2. */
  async connect(): Promise<ClientHttp2Session> {
    const session = await http2Session(this.wetread.url, this.ca);
    session.on('error', () => undefined);
    session.setLocalWindowSize(1 << 26); // of all streams together: each has its own
    return session;
  }

  exchange(path: string, said: Said = {}): Promise<Exchanged> {
    return this.session === undefined ? exchange(`${this.wetread.url}${path}`, said) : exchange2(this.session, path, said);
  }

  async store(bytes: Uint8Array): Promise<void> {
    const headers = { 'content-type': 'application/dicom', accept: 'application/dicom+json' };
    const { status } = await this.exchange('/dicom-web/studies', { method: 'POST', headers, body: bytes });
    if (status !== 200) throw new Error(`storing was answered with ${status}`);
  }

  /** Asks without reading the answer. @param session  another connection than its own */
  ask(path: string, { method = 'GET', headers = {}, body }: Said = {}, session = this.session): Asked {
    if (session === undefined) return asked1(httpRequest(`${this.wetread.url}${path}`, { method, headers, agent: new Agent() }).end(body));
    return asked2(session.request({ ':path': path, ':method': method, ...headers }).end(body));
  }

  async remove(): Promise<void> {
    this.session?.destroy();
    await this.wetread.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function asked1(request: ClientRequest): Asked {
  const answered = new Promise<IncomingMessage | undefined>((done) => {
    request.once('response', done).on('error', () => done(undefined));
  });
  return {
    status: answered.then((answer) => answer?.statusCode ?? 0),
    leave: () => void request.destroy(),
    ...ends(answered),
  };
}

function asked2(stream: ClientHttp2Stream): Asked {
  return {
    status: new Promise((done) => {
      stream.once('response', (headers) => done(headers[':status'] ?? 0)).once('close', () => done(0));
    }),
    leave: () => stream.close(constants.NGHTTP2_CANCEL),
    ...ends(Promise.resolve(stream)),
  };
}

function ends(answered: Promise<Readable | undefined>): Pick<Asked, 'end' | 'endSlowly'> {
  const ended = answered.then(endOf);
  const end = async (): Promise<string> => ((await answered)?.resume(), ended);
  return {
    end,
    async endSlowly(forMs) {
      const answer = await answered;
      for (const until = Date.now() + forMs; Date.now() < until; await later(500)) answer?.read();
      return end();
    },
  };
}

const endOf = (answer: Readable | undefined): Promise<string> =>
  new Promise((done) => {
    if (answer === undefined) done('no answer');
    else answer.on('error', (error) => done(error.message)).on('end', () => done('whole'));
  });
