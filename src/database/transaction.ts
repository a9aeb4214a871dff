import type { PoolClient, QueryResultRow } from 'pg';

/** One database transaction: what every statement takes first. Rows are typed by the statement that asks for them. */
export class Transaction {
  /** Statements whose answers nobody waits for before the commit; it fails where one of them does. */
  readonly withCommit: Promise<unknown>[] = [];
  /** What the first of those failed with: the statements after it only say that the transaction was aborted. */
  failure: unknown;

  constructor(private readonly client: PoolClient) {}

  /** Lets statements be answered together with the commit: one round trip for all of them. */
  alongCommit(...statements: readonly Promise<unknown>[]): void {
    for (const statement of statements) {
      statement.catch((error: unknown) => (this.failure ??= error));
      this.withCommit.push(statement);
    }
  }

  /** Runs a statement and gives its rows. A `name` makes it a prepared statement, parsed once a connection. */
  async rows<Row extends QueryResultRow>(text: string, values: readonly unknown[] = [], name?: string): Promise<Row[]> {
    const { rows } = await this.client.query<Row>({ text, values: [...values], name });
    return rows;
  }

  /** Runs a statement for its effect; answers how many rows it touched. */
  async run(text: string, values: readonly unknown[] = [], name?: string): Promise<number> {
    const { rowCount } = await this.client.query({ text, values: [...values], name });
    return rowCount ?? 0;
  }
}
