import type { JSONWebKeySet } from 'jose';
import type { Database } from '../database/database.js';
import { headOf, isSigned, originOf } from './checkpoint.js';
import { checkpointsUpTo, lastCheckpoint, type CheckpointRow } from './checkpoint.sql.js';
import type { Head } from './head.js';
import { GrowingTree } from './merkle.js';

/** The checkpoints that a chain must lead to, met while it is gone through from its beginning. */
export class CheckpointsToMeet {
  /** How many were met. */
  met = 0;
  private readonly tree = new GrowingTree();
  private origin = '';
  private bySize: ReadonlyMap<number, CheckpointRow> = new Map();

  private constructor(
    private readonly database: Database,
    private readonly keys: JSONWebKeySet | undefined,
    private readonly last: CheckpointRow | undefined,
  ) {}

  /**
   * Those that there are now: the chain goes on meanwhile.
   * @param keys  those that may have signed them; signatures are not checked where undefined
   */
  static async of(database: Database, keys: JSONWebKeySet | undefined): Promise<CheckpointsToMeet> {
    return new CheckpointsToMeet(database, keys, await database.statement(lastCheckpoint));
  }

  /** Looks up those of a stretch of the chain, which begins where the last ended. @param to  the last number of the stretch */
  async take(to: number): Promise<void> {
    const rows = await this.database.statement((tx) => checkpointsUpTo(tx, this.tree.size, Math.min(to, this.last?.size ?? 0)));
    this.bySize = new Map(rows.map((row) => [row.size, row]));
  }

  /** What is wrong with the checkpoint of so many records, if there is one. @param hash  of the link of this number */
  reached(seq: number, hash: Buffer): 'E_CHECKPOINT' | 'E_SIGNATURE' | undefined {
    this.tree.add(hash);
    if (seq === 1) this.origin = originOf(hash);
    const checkpoint = this.bySize.get(seq);
    if (checkpoint === undefined) return undefined;
    if (!this.isOfTree(checkpoint, hash)) return 'E_CHECKPOINT';
    if (this.keys !== undefined && !isSigned(checkpoint, this.keys)) return 'E_SIGNATURE';
    this.met += 1;
    return undefined;
  }

  /** The last of them, where the chain ended before it, as what was seen of it. */
  beyond(end: number): Head | undefined {
    return this.last === undefined || this.last.size <= end ? undefined : headOf(this.last);
  }

  /** One that says of itself what it is not would be signed for something else; one with other peaks would lead the next astray. */
  private isOfTree({ root, head, origin, peaks }: CheckpointRow, hash: Buffer): boolean {
    return this.tree.root().equals(root) && head.equals(hash) && origin === this.origin && peaks.equals(Buffer.concat(this.tree.frontier));
  }
}
