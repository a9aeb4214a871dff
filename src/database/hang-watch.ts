import pg from 'pg';
import { event } from '../log.js';

const LOOK_EVERY_MS = 1_000;
/** A statement that takes longer makes us ask whether the database answers at all. */
const LONG_MS = 2_000;
/** So long the simplest question may take. */
const PATIENCE_MS = 3_000;
/** More, where our own process stood still meanwhile: what came is read then. */
const GRACE_MS = 500;

/**
 * Tells a database that hangs (stopped, its disk or network gone without a word) from one that works on something long. Where a
 * statement takes long, `SELECT 1` is asked on a connection of its own; where not even that is answered, the statements under way
 * are given up, and new ones refused at once, until it is. What works for long is left alone.
 */
export class HangWatch {
  /** Connections in use, and since when, in milliseconds of `performance.now()`. */
  private readonly inUse = new Map<pg.PoolClient, number>();
  /** Who waits for one, and since when. */
  private readonly waiting = new Map<object, number>();
  private readonly timer: NodeJS.Timeout;
  private isAsking = false;
  private hangs = false;

  constructor(
    private readonly url: string,
    pools: readonly pg.Pool[],
  ) {
    for (const pool of pools) {
      pool.on('acquire', (client) => this.inUse.set(client, performance.now()));
      pool.on('release', (_error, client) => this.inUse.delete(client));
      pool.on('remove', (client) => this.inUse.delete(client));
    }
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  /** True from when it is known not to answer until it answers. */
  get isHanging(): boolean {
    return this.hangs;
  }

  /** Takes note of a wait for a connection. */
  async during<T>(wait: Promise<T>): Promise<T> {
    this.waiting.set(wait, performance.now());
    try {
      return await wait;
    } finally {
      this.waiting.delete(wait);
    }
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const before = performance.now() - LONG_MS;
    const isLong = [...this.inUse.values(), ...this.waiting.values()].some((since) => since < before);
    if (this.isAsking || !(isLong || this.hangs)) return;
    this.isAsking = true;
    void this.ask().finally(() => (this.isAsking = false));
  }

  private async ask(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, application_name: 'wetread-watch', connectionTimeoutMillis: PATIENCE_MS });
    client.on('error', () => undefined); // it says so to what is asked
    const answered = isAnswered(client);
    const late = setTimeout(() => setTimeout(() => this.giveUp(), GRACE_MS), PATIENCE_MS);
    try {
      if (!(await answered)) return this.giveUp();
      if (this.hangs) event('database.answers-again');
      this.hangs = false;
    } finally {
      clearTimeout(late);
      void client.end().catch(() => undefined);
    }
  }

  /** Whoever waits hears that the connection is over (DatabaseAway). */
  private giveUp(): void {
    if (!this.isAsking) return; // it was answered in the last moment
    if (!this.hangs) event('database.hangs', { statements: this.inUse.size });
    this.hangs = true;
    for (const client of this.inUse.keys()) void (client as unknown as pg.Client).end().catch(() => undefined); // a pool's client is one
  }
}

/** False where it did not answer in time; true where it refuses, too: then it is there, or nobody needs to wait to hear so. */
async function isAnswered(client: pg.Client): Promise<boolean> {
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch (error) {
    return !(error instanceof Error && /timeout/i.test(error.message));
  }
}
