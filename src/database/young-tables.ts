import { event, thrownFields } from '../log.js';
import type { Database } from './database.js';
import { asServer } from './scope.js';
import type { Transaction } from './transaction.js';

const LOOK_MS = 5_000;

/**
 * Lets the planner of Postgres know tables as they grow from nothing. Its autovacuum looks once a minute, and of what changed before a
 * crash it knows nothing at all; what has some thousand rows by then and counts as empty is searched in ways that take minutes.
 * A table that cannot be looked at (another user owns it) is left as it is: what is found does not depend on it.
 */
export class YoungTables {
  private readonly left = new Set<string>();
  private looking: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  /** Looks at once, then every few seconds until `stop`. Throws DatabaseAway where the first look fails. */
  async start(): Promise<void> {
    await this.analyze();
    this.timer = setInterval(() => {
      // A database that is away is told of by whoever needs it.
      this.looking = this.looking.then(() => this.analyze()).catch(() => undefined);
    }, LOOK_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Analyzes each table that has outgrown what is known of it. Throws DatabaseAway. */
  async analyze(): Promise<void> {
    const young = await asServer(() => this.database.lookStatement(youngTables));
    for (const { name } of young.filter(({ name }) => !this.left.has(name)))
      try {
        await asServer(() => this.database.lookStatement((tx) => tx.run(`ANALYZE (SKIP_LOCKED) ${name}`)));
      } catch (error) {
        this.left.add(name);
        event('database.not-analyzed', { name, ...thrownFields(error) });
      }
  }
}

/**
 * Tables that have doubled since the last ANALYZE, and where the counts know of none, those that have a tenth more pages than at the last
 * one, or so few that they say nothing. `reltuples` is -1 until a table is first vacuumed or analyzed (Postgres 14, pg_class).
 */
const youngTables = (tx: Transaction) =>
  tx.rows<{ name: string }>(
    `SELECT c.oid::regclass::text AS name
       FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid,
            LATERAL (SELECT pg_relation_size(c.oid) / current_setting('block_size')::int AS pages) AS now
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND pages > 0
        AND (s.n_mod_since_analyze > 50 + greatest(c.reltuples, 0)
          OR s.last_analyze IS NULL AND s.last_autoanalyze IS NULL AND (c.reltuples < 0 OR c.relpages < 16 OR pages > 1.1 * c.relpages))
      ORDER BY 1`,
    [],
    'database.young-tables',
  );
