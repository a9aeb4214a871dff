import pg from 'pg';
import { Fault } from '../faults.js';
import { Transaction } from './transaction.js';

/** The database is away or does not answer in time; what was asked may be asked again. */
export class DatabaseAway extends Fault {
  readonly code = 'database-away';
  readonly status = 503;

  constructor() {
    super('The database does not answer at the moment. Try again shortly.');
  }
}

// int8 as number: our identities and sizes stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

/** The pool of connections, and the two ways to use one: a transaction, or a single statement by itself. */
export class Database {
  private readonly pool: pg.Pool;

  constructor(readonly url: string) {
    this.pool = new pg.Pool({
      connectionString: url,
      max: 20,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 60_000,
      // A database that hangs must not hang the server with it.
      query_timeout: 30_000,
      statement_timeout: 30_000,
      application_name: 'wetread',
    });
    this.pool.on('connect', (client) => client.on('error', () => undefined)); // cut between two statements: the next one says so
    this.pool.on('error', () => undefined); // an idle connection was cut: the pool opens another when one is needed
  }

  /** Runs `work` in one transaction: committed when it answers, rolled back when it throws. Throws DatabaseAway. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(new Transaction(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: Error) => (broken = cause));
      throw connectionFault(error);
    } finally {
      client.release(broken);
    }
  }

  /** Runs `work` on one connection without a transaction around it: for single statements. Throws DatabaseAway. */
  async statement<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.connect();
    let broken: Error | undefined;
    try {
      return await work(new Transaction(client));
    } catch (error) {
      const fault = connectionFault(error);
      if (fault instanceof DatabaseAway) broken = fault;
      throw fault;
    } finally {
      client.release(broken);
    }
  }

  /** A connection of its own, outside the pool, for LISTEN; the caller ends it. */
  async listener(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'wetread-listen',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 30_000,
    });
    client.on('error', () => undefined); // its user hears of the end
    await client.connect();
    return client;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async connect(): Promise<pg.PoolClient> {
    try {
      return await this.pool.connect();
    } catch {
      throw new DatabaseAway();
    }
  }
}

/** SQLSTATE classes 08 (connection), 53 (resources), 57P (operator intervention), and errors of the socket below. */
function connectionFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(08|53|57P|57014|ECONN|EPIPE|ENOENT|ETIMEDOUT)/.test(code)) return new DatabaseAway();
  if (/Connection terminated|Query read timeout|not queryable/.test(error.message)) return new DatabaseAway();
  return error;
}
