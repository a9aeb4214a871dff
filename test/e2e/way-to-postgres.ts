import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to the test run's Postgres that can be cut, as a network or a database server that stops does it. */
export class Way {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  port = 0;
  /** Nothing passes, and nobody is told so: as where a database stands still, or its network drops what is sent. */
  private hangs = false;
  /** So long each piece takes, milliseconds. */
  delayMs = 0;
  /** Hears each piece that the server sends; what it answers false to is lost on the way. */
  passes: (asked: Buffer) => boolean = () => true;

  private constructor(private readonly socketPath: string) {}

  /** An open way to a database of the test run's (newDatabase), and its address by that way. */
  static async to(url: string): Promise<{ way: Way; url: string }> {
    const [, database, folder] = /\/\/wetread@\/(\w+)\?host=(.+)$/.exec(url) ?? [];
    const way = new Way(`${decodeURIComponent(folder)}/.s.PGSQL.5432`);
    await way.open();
    return { way, url: `postgres://wetread@127.0.0.1:${way.port}/${database}` };
  }

  async open(): Promise<void> {
    const server = createServer((socket) => {
      const behind = connect(this.socketPath);
      for (const one of [socket, behind]) {
        this.sockets.add(one);
        one.on('error', () => undefined).on('close', () => (socket.destroy(), behind.destroy(), this.sockets.delete(one)));
      }
      socket.on('data', (piece) => this.passes(piece) && this.pass(piece, behind));
      behind.on('data', (piece) => this.pass(piece, socket));
      if (this.hangs) for (const one of [socket, behind]) one.pause();
    });
    await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  hang(): void {
    this.hangs = true;
    for (const socket of this.sockets) socket.pause();
  }

  goOn(): void {
    this.hangs = false;
    for (const socket of this.sockets) socket.resume();
  }

  private pass(piece: Buffer, to: Socket): void {
    if (this.delayMs === 0) to.write(piece);
    else setTimeout(() => !to.destroyed && to.write(piece), this.delayMs); // timers of one length keep their order
  }

  async cut(): Promise<void> {
    const closed = new Promise((done) => this.server?.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
