import pg from 'pg';
import { Fault } from '../faults.js';
import { HangWatch } from './hang-watch.js';
import { currentScope, NoScope, SERVER_SCOPE, type Scope } from './scope.js';
import { Transaction } from './transaction.js';

/** Whether an error says that the database is away. */
export const isAway = (error: unknown): boolean => connectionFault(error) instanceof DatabaseAway;

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

/** When a look is on record: once it is on stable storage, or once it is committed. */
export type LookCommit = 'durable' | 'fast';

/** Connections of one right: those of whatever is done, and those of looks. */
interface Pools {
  readonly durable: pg.Pool;
  readonly looks: pg.Pool;
}

/**
 * The pools of connections, and the ways to use one: a transaction, or a single statement by itself. Each runs in the scope that is set
 * (scope.ts): in a tenant's by a role that row-level security holds to that tenant's rows, in the server's own by the tables' owner.
 */
export class Database {
  private always: Scope | undefined;
  private readonly tenants: Pools;
  private readonly server: Pools;
  private readonly watch: HangWatch;

  /**
   * @param unscoped  the scope of what is asked outside of every scope: for commands and tests. The server gives none, and is refused
   *                  there (NoScope).
   */
  constructor(
    readonly url: string,
    private readonly unscoped?: Scope,
    looks: LookCommit = 'durable',
  ) {
    // By the connection's own start: where the role cannot be taken there is no connection.
    this.tenants = {
      durable: openPool(url, 20, '-c role=wetread_tenant'),
      looks: forLooks(openPool(url, 4, '-c role=wetread_tenant'), looks),
    };
    this.server = { durable: openPool(url, 10), looks: forLooks(openPool(url, 2), looks) };
    this.watch = new HangWatch(
      url,
      [this.tenants, this.server].flatMap(({ durable, looks: pool }) => [durable, pool]),
    );
  }

  /** The same database as the server itself sees it, whatever scope is set: for rooms whose tables no tenant's connection may touch. */
  forServer(): Database {
    const view = Object.create(this) as Database; // with the same pools
    view.always = SERVER_SCOPE;
    return view;
  }

  /** Runs `work` in one transaction: committed when it answers, rolled back when it throws. Throws DatabaseAway. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.connection('durable');
    const tx = new Transaction(client);
    let broken: Error | undefined;
    try {
      const began = client.query('BEGIN');
      began.catch(() => undefined); // heard below
      const result = await work(tx);
      // Sent together: where a statement failed, Postgres makes a rollback of the commit, and the statement says why.
      await Promise.all([began, ...tx.withCommit, client.query('COMMIT')]);
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: Error) => (broken = cause));
      throw connectionFault(tx.failure ?? error);
    } finally {
      client.release(broken);
    }
  }

  /** Runs `work` on one view of the database, in which nothing changes meanwhile; it may write nothing. Throws DatabaseAway. */
  snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.transaction(async (tx) => {
      await tx.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return work(tx);
    });
  }

  /** Runs `work` on one connection without a transaction around it: for single statements. Throws DatabaseAway. */
  statement<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.statementOn('durable', work);
  }

  /**
   * As `statement`, for what is looked at and the record of it. Where looks are `fast` its commit is not waited for on stable storage:
   * every other connection sees it at once and it outlives this process, yet a crash of Postgres itself may take the last fraction of a
   * second. Throws DatabaseAway.
   */
  lookStatement<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.statementOn('looks', work);
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

  private async statementOn<T>(which: keyof Pools, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await this.connection(which);
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

  /** A connection that shows what the scope that is set may see. Throws NoScope, DatabaseAway. */
  private async connection(which: keyof Pools): Promise<pg.PoolClient> {
    const scope = this.always ?? currentScope() ?? this.unscoped;
    if (scope === undefined) throw new NoScope();
    if (this.watch.isHanging) throw new DatabaseAway();
    if (scope === SERVER_SCOPE) return connect(this.server[which], this.watch);
    return show(await connect(this.tenants[which], this.watch), scope);
  }

  async close(): Promise<void> {
    this.watch.close();
    await Promise.all([this.tenants, this.server].flatMap(({ durable, looks }) => [durable.end(), looks.end()]));
  }
}

/**
 * SQLSTATE classes 08 (connection), 40 (rolled back: two waited for each other), 53 (resources), 57P (operator intervention), and
 * errors of the socket below.
 */
function connectionFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (/^(08|40|53|57P|57014|ECONN|EPIPE|ENOENT|ETIMEDOUT)/.test(code)) return new DatabaseAway();
  if (/Connection terminated|Query read timeout|not queryable/.test(error.message)) return new DatabaseAway();
  return error;
}

function openPool(url: string, max: number, options?: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    ...(options === undefined ? {} : { options }),
    max,
    pipeline: true, // statements that do not wait for each other's answers go out together
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    // For what takes too long; a database that hangs is found sooner (HangWatch).
    query_timeout: 30_000,
    statement_timeout: 30_000,
    application_name: 'wetread',
  });
  pool.on('connect', (client) => {
    client.on('error', () => undefined); // cut between two statements: the next one says so
    // Our statements are short: a worker process for one costs more than it saves.
    void client.query('SET max_parallel_workers_per_gather = 0').catch(() => undefined);
  });
  return pool.on('error', () => undefined); // an idle connection was cut: the pool opens another when one is needed
}

function forLooks(pool: pg.Pool, commit: LookCommit): pg.Pool {
  // Runs before whatever the connection was opened for: a client works through its queries in order.
  return pool.on('connect', (client) => {
    if (commit === 'fast') void client.query('SET synchronous_commit = off').catch(() => undefined);
    // Rows by their keys, lists of any length: one plan is right for all, and to plan takes longer than to read.
    void client.query('SET plan_cache_mode = force_generic_plan').catch(() => undefined);
  });
}

async function connect(pool: pg.Pool, watch: HangWatch): Promise<pg.PoolClient> {
  try {
    return await watch.during(pool.connect());
  } catch {
    throw new DatabaseAway();
  }
}

/** Whose rows each connection shows. */
const shown = new WeakMap<pg.PoolClient, Scope>();

/** Makes a connection show a tenant's rows: most do already. Waited for: nothing may be asked of one that still shows another's. */
async function show(client: pg.PoolClient, tenant: Scope): Promise<pg.PoolClient> {
  if (shown.get(client) === tenant) return client;
  shown.delete(client);
  try {
    await client.query(`SELECT set_config('wetread.tenant', $1, false)`, [String(tenant)]);
  } catch (error) {
    client.release(error instanceof Error ? error : true);
    throw connectionFault(error);
  }
  shown.set(client, tenant);
  return client;
}
