import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

/** What the server does beside what it is asked for, and what surrounds a statement. */
const ASIDE = /^(work\.|database\.|issuer\.revoked|access\.tenants|WITH lost AS|BEGIN|COMMIT|ROLLBACK|SET |SELECT set_config)/;

const TRIES = 5;

/** A proxy before Postgres that hears which statements are executed (PostgreSQL protocol 3: Parse, Bind, Query). */
export class StatementCounter {
  /** The name of each, or its text where it has none. */
  readonly all: string[] = [];

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
        hearing((statement) => counter.all.push(statement)),
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

  /** Those that a request is answered by. */
  get executed(): string[] {
    return this.all.filter((statement) => !ASIDE.test(statement.trimStart()));
  }

  /** The fewest statements of some tries, and what the last one was answered: what the server does by itself meanwhile is heard, too. */
  async least<T>(ask: () => Promise<T>): Promise<{ readonly executed: readonly string[]; readonly answer: T }> {
    let [executed, answer] = [this.executed, undefined as T];
    for (let i = 0; i < TRIES; i++) {
      this.all.length = 0;
      answer = await ask();
      if (i === 0 || this.executed.length < executed.length) executed = this.executed;
    }
    return { executed, answer };
  }

  close(): void {
    this.server.close();
  }
}

/** Takes a frontend's bytes as they come; tells each statement that is bound or asked for as it stands. */
function hearing(bound: (name: string) => void): (bytes: Buffer) => void {
  let begun = false;
  let waiting = Buffer.alloc(0);
  let unnamed = '';
  return (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    for (;;) {
      const header = begun ? 1 : 0; // the start-up message has no type
      if (waiting.length < header + 4) return;
      const length = header + waiting.readUInt32BE(header);
      if (waiting.length < length) return;
      const kind = begun ? String.fromCharCode(waiting[0]) : '';
      const [first, second] = waiting.toString('utf8', header + 4, length).split('\0', 2);
      if (kind === 'P' && first === '') unnamed = second; // statement, its text
      if (kind === 'B') bound(second === '' ? unnamed : second); // portal, statement
      if (kind === 'Q') bound(first);
      begun = true;
      waiting = waiting.subarray(length);
    }
  };
}
