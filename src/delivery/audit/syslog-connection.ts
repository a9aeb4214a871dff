import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { Fault } from '../../faults.js';

/** The receiver of audit messages is away, does not prove who it is, or did not take all that was sent. */
export class ReceiverFailed extends Fault {
  readonly code: string;
  readonly status = 503;

  constructor(cause: unknown) {
    super('The receiver of audit messages did not take them.');
    const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'closed';
    this.code = `audit-receiver-${code.toLowerCase().replaceAll('_', '-')}`;
  }
}

/** Where audit messages go, and by which certificates. */
export interface Receiver {
  /** `tls://host:port` */
  readonly url: string;
  /** PEM files: whom to trust, and who this server is. */
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

const DEFAULT_PORT = 6514;
const SILENCE_MS = 10_000;
const QUIET_MS = 1_000;

/**
 * A connection to a receiver of syslog over TLS (RFC 5425): it proves who it is, and so do we where it asks. Syslog has no answer
 * that says that a message was taken, and what was written may lie in a buffer when the other side dies. So a connection carries
 * what there is and then rests: a receiver that closes it, or breaks, has not taken it. One that is still there is told the end,
 * and has taken all when it has read to that and closed too.
 */
export class SyslogConnection {
  private readonly ended: Promise<void>;
  private readonly broken: Promise<never>;

  private constructor(private readonly socket: TLSSocket) {
    socket.setTimeout(SILENCE_MS, () => socket.destroy(Object.assign(new Error('silent'), { code: 'SILENT' })));
    socket.resume(); // a receiver says nothing; what it says is passed over, so that its end is heard
    this.ended = new Promise((resolve) => socket.once('end', resolve));
    this.broken = new Promise((_, fail) => {
      socket.on('error', (error) => fail(new ReceiverFailed(error)));
      socket.once('close', () => fail(new ReceiverFailed(undefined))); // where it was to be, its end was heard before
    });
    this.broken.catch(() => undefined); // heard by whatever is under way
  }

  /** Throws ReceiverFailed. */
  static async open({ url, caFile, certFile, keyFile }: Receiver): Promise<SyslogConnection> {
    const { hostname, port } = new URL(url);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const connection = new SyslogConnection(
      connect({
        host,
        port: Number(port || DEFAULT_PORT),
        ...(isIP(host) ? {} : { servername: host }),
        minVersion: 'TLSv1.2',
        ca: pem(caFile),
        cert: pem(certFile),
        key: pem(keyFile),
      }),
    );
    await Promise.race([new Promise<void>((resolve) => connection.socket.once('secureConnect', resolve)), connection.broken]);
    return connection;
  }

  /** Writes frames; waits where the receiver is slower. Throws ReceiverFailed. */
  async send(frames: Buffer): Promise<void> {
    if (this.socket.write(frames)) return;
    await Promise.race([new Promise<void>((resolve) => this.socket.once('drain', resolve)), this.broken]);
  }

  /** Answers when the receiver has read all that was sent. Throws ReceiverFailed. */
  async taken(): Promise<void> {
    const early = this.ended.then(() => Promise.reject(new ReceiverFailed(undefined)));
    await Promise.race([sleep(QUIET_MS), early, this.broken]);
    early.catch(() => undefined); // from here on its end is what is waited for
    this.socket.end();
    await Promise.race([this.ended, this.broken]);
  }

  /** Breaks off what is not over. */
  destroy(): void {
    this.socket.destroy();
  }
}

/** Read each time: certificates are renewed. Throws ReceiverFailed. */
function pem(file: string | undefined): Buffer | undefined {
  try {
    return file === undefined ? undefined : readFileSync(file);
  } catch (error) {
    throw new ReceiverFailed(error);
  }
}
