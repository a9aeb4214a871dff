import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** A proxy before Postgres that hears which prepared statements are executed (PostgreSQL protocol 3, Bind messages). */
export class StatementCounter {
  readonly executed: string[] = [];

  private constructor(
    private readonly server: Server,
    /** The database's URL, by way of this proxy. */
    readonly url: string,
  ) {}

  /** @param databaseUrl  with the folder of a unix socket as its host */
  static async before(databaseUrl: string): Promise<StatementCounter> {
    const { pathname, searchParams } = new URL(databaseUrl.replace('@/', '@socket/'));
    const path = join(searchParams.get('host') ?? '', '.s.PGSQL.5432');
    const open = new Set<Socket>();
    const server = createServer((client) => {
      const postgres = connect(path);
      open.add(client);
      client.on(
        'data',
        hearing((name) => counter.executed.push(name)),
      );
      client.pipe(postgres).pipe(client);
      for (const socket of [client, postgres]) socket.on('error', () => [client, postgres].forEach((one) => one.destroy()));
    });
    server.on('close', () => open.forEach((socket) => socket.destroy()));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const counter = new StatementCounter(server, `postgres://wetread@127.0.0.1:${port}${pathname}`);
    return counter;
  }

  close(): void {
    this.server.close();
  }
}

/** Takes a frontend's bytes as they come; tells the name of each statement that is bound. */
function hearing(bound: (name: string) => void): (bytes: Buffer) => void {
  let begun = false;
  let waiting = Buffer.alloc(0);
  return (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (;;) {
      const header = begun ? 1 : 0; // the start-up message has no type
      if (waiting.length < header + 4) return;
      const length = header + waiting.readUInt32BE(header);
      if (waiting.length < length) return;
      if (begun && waiting[0] === 0x42) bound(waiting.toString('latin1', 5, length).split('\0')[1]); // portal, statement
      begun = true;
      waiting = waiting.subarray(length);
    }
  };
}
