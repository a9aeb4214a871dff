import { createServer, type Server, type TLSSocket } from 'node:tls';

/** A message of syslog, taken apart (RFC 5424 6). */
export interface SyslogMessage {
  readonly priority: number;
  readonly at: string;
  readonly host: string;
  readonly app: string;
  readonly process: string;
  readonly id: string;
  readonly sequence: number;
  readonly text: string;
}

const HEADER =
  /^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) ([\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) \[meta sequenceId="([1-9]\d{0,9})"\] \ufeff/;

/** A receiver of syslog over TLS that takes nothing but what RFC 5424 and RFC 5425 allow. */
export class SyslogReceiver {
  readonly messages: SyslogMessage[] = [];
  /** What was none. */
  readonly wrong: string[] = [];
  /** Connections that it breaks off after so many bytes, before it takes them. */
  breakAfterBytes = Infinity;
  connections = 0;
  /** So long it rests after each piece that it reads. */
  restMs = 0;
  private readonly sockets = new Set<TLSSocket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param options  of `tls.createServer`: certificate, key, and whether clients must prove who they are */
  static async listen(options: Parameters<typeof createServer>[0], port = 0): Promise<SyslogReceiver> {
    const server = createServer(options);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    const receiver = new SyslogReceiver(server, typeof address === 'object' && address !== null ? address.port : 0);
    server.on('secureConnection', (socket) => receiver.take(socket));
    server.on('tlsClientError', () => undefined);
    return receiver;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(socket: TLSSocket): void {
    this.connections += 1;
    this.sockets.add(socket);
    let waiting = Buffer.alloc(0);
    let bytes = 0;
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (piece: Buffer) => {
      if (this.restMs > 0) {
        socket.pause();
        setTimeout(() => socket.resume(), this.restMs);
      }
      bytes += piece.length;
      if (bytes > this.breakAfterBytes) return void socket.destroy();
      waiting = Buffer.concat([waiting, piece]);
      for (let frame = this.frame(waiting); frame !== undefined; frame = this.frame(waiting)) {
        waiting = waiting.subarray(frame.end);
        this.hear(frame.body);
      }
    });
    socket.on('end', () => {
      if (waiting.length > 0) this.wrong.push(`cut: ${waiting.length} bytes`);
      socket.end();
    });
  }

  /** MSG-LEN SP SYSLOG-MSG (RFC 5425 4.3): the length has no leading zero. */
  private frame(waiting: Buffer): { body: Buffer; end: number } | undefined {
    const blank = waiting.subarray(0, 12).indexOf(0x20);
    if (blank < 0) return undefined;
    const length = waiting.subarray(0, blank).toString('latin1');
    if (!/^[1-9]\d*$/.test(length)) {
      this.wrong.push(`length: ${length}`);
      return undefined;
    }
    const end = blank + 1 + Number(length);
    return waiting.length < end ? undefined : { body: waiting.subarray(blank + 1, end), end };
  }

  private hear(body: Buffer): void {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    const [header, priority, at, host, app, process, id, sequence] = HEADER.exec(text) ?? [];
    if (header === undefined) return void this.wrong.push(text.slice(0, 200));
    this.messages.push({
      priority: Number(priority),
      at,
      host,
      app,
      process,
      id,
      sequence: Number(sequence),
      text: text.slice(header.length),
    });
  }
}
