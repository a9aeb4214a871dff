import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'node:net';
import pg from 'pg';
import { event } from '../log.js';

const LOOK_EVERY_MS = 1_000;
/** A statement that takes longer makes us ask whether the database answers at all. */
const LONG_MS = 2_000;
/**
 * So long the simplest question may take: 3.5 s, counted in ticks of our own. Where our own process stood still, a tick took as long as
 * that and is one tick all the same; what came meanwhile is read before the next.
 */
const TICK_MS = 100;
const PATIENCE_TICKS = 35;

/**
 * Tells a database that hangs (stopped, its disk or network gone without a word) from one that works on something long. Where a
 * statement takes long, `SELECT 1` is asked on a connection of its own; where not even that is answered, nor anything else meanwhile,
 * all connections are given up with the statements under way, and new ones refused at once, until it is. What works for long is left
 * alone.
 */
export class HangWatch {
  /** All connections of the pools: idle ones lead to what hangs, too. */
  private readonly open = new Set<pg.PoolClient>();
  /** Connections in use, and since when, in milliseconds of `performance.now()`. */
  private readonly inUse = new Map<pg.PoolClient, number>();
  /** Who waits for one and since when, and how they are told that they wait in vain. */
  private readonly waiting = new Map<(reason: Error) => void, number>();
  private readonly timer: NodeJS.Timeout;
  private isAsking = false;
  private hangs = false;
  /** When somebody last was done with a connection that was in order. */
  private servedAt = 0;

  constructor(
    private readonly url: string,
    pools: readonly pg.Pool[],
  ) {
    for (const pool of pools) {
      pool.on('connect', (client) => this.open.add(client));
      pool.on('acquire', (client) => this.inUse.set(client, performance.now()));
      pool.on('release', (error, client) => this.released(client, error));
      pool.on('remove', (client) => this.forget(client));
    }
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  /** True from when it is known not to answer until it answers. */
  get isHanging(): boolean {
    return this.hangs;
  }

  /** Takes note of a wait for a connection. Fails where it is in vain; what comes too late goes back to its pool. */
  async during(wait: Promise<pg.PoolClient>): Promise<pg.PoolClient> {
    const { promise: givenUp, reject: giveUp } = Promise.withResolvers<never>();
    this.waiting.set(giveUp, performance.now());
    try {
      return await Promise.race([wait, givenUp]);
    } catch (error) {
      wait.then(
        (client) => client.release(),
        () => undefined,
      );
      throw error;
    } finally {
      this.waiting.delete(giveUp);
    }
  }

  close(): void {
    clearInterval(this.timer);
  }

  private released(client: pg.PoolClient, error: unknown): void {
    this.inUse.delete(client);
    if (!error) this.servedAt = performance.now();
  }

  private forget(client: pg.PoolClient): void {
    this.open.delete(client);
    this.inUse.delete(client);
  }

  private look(): void {
    const before = performance.now() - LONG_MS;
    const isLong = [...this.inUse.values(), ...this.waiting.values()].some((since) => since < before);
    if (this.isAsking || !(isLong || this.hangs)) return;
    this.isAsking = true;
    void this.ask().finally(() => (this.isAsking = false));
  }

  private async ask(): Promise<void> {
    const began = performance.now();
    if (!(await isAnswered(this.url)) && this.servedAt < began) return this.giveUp();
    if (this.hangs) event('database.answers-again');
    this.hangs = false;
  }

  /** Whoever waits hears that the connection is over (DatabaseAway). */
  private giveUp(): void {
    if (!this.hangs) event('database.hangs', { statements: this.inUse.size });
    this.hangs = true;
    for (const client of this.open) cut(client);
    for (const tell of this.waiting.keys()) tell(new Error('The database hangs.'));
  }
}

/** Ends a connection whatever is under way: its own `end` waits for the answers that do not come. */
const cut = (client: pg.ClientBase): void => void (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();

/** False where it does not answer in time; true where it refuses, too: then it is there, or nobody needs to wait to hear so. */
async function isAnswered(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'wetread-watch' });
  client.on('error', () => undefined); // it says so to what is asked
  const answered = client
    .connect()
    .then(() => client.query('SELECT 1'))
    .then(
      () => true,
      () => true,
    );
  try {
    for (let ticks = 0; ticks < PATIENCE_TICKS; ticks++)
      if (await Promise.race([answered, sleep(TICK_MS, false, { ref: false })])) return true;
    return false;
  } finally {
    cut(client);
  }
}
