import type { Database } from '../../database/database.js';

/** How many a block has: what the sequence goes on by. */
const BLOCK = 256;

/**
 * Numbers for new resources, taken from the database in blocks: with its number known beforehand, a resource and what it is
 * found by are written together. What is left of a block when the server stops is never given.
 */
export class Numbers {
  private next = 0;
  private end = 0;
  private taking: Promise<void> | undefined;

  constructor(private readonly database: Database) {}

  /** Throws DatabaseAway. */
  async take(count: number): Promise<number[]> {
    const taken: number[] = [];
    while (taken.length < count) {
      while (this.next === this.end) await (this.taking ??= this.takeBlock().finally(() => (this.taking = undefined)));
      while (taken.length < count && this.next < this.end) taken.push(this.next++);
    }
    return taken;
  }

  private async takeBlock(): Promise<void> {
    // Not from the pool whose connections the waiting transactions hold. A number that is in use was on stable storage before that.
    const [{ first }] = await this.database.lookStatement((tx) =>
      tx.rows<{ first: number }>(`SELECT nextval('resource_number') AS first`, [], 'records.take-numbers'),
    );
    [this.next, this.end] = [first, first + BLOCK];
  }
}
