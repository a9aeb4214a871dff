import type { Database } from '../database/database.js';
import { event, thrownFields } from '../log.js';
import { checkpointText, originOf } from './checkpoint.js';
import { insertCheckpoint, lastCheckpoint, linkHashes, type CheckpointRow } from './checkpoint.sql.js';
import type { ChainWatch } from './linker.js';
import { GrowingTree } from './merkle.js';
import { chainSight } from './watch.sql.js';

const STRETCH = 100_000;
const HASH_BYTES = 32;

/** Signs as this server. */
export interface CheckpointSigner {
  /** Ed25519 of bytes, and the thumbprint of the key (RFC 7638). */
  signBytes(bytes: Uint8Array): Promise<{ readonly kid: string; readonly signature: Buffer }>;
}

/** How far the ledger may go on without a checkpoint. */
export interface CheckpointLimits {
  readonly records: number;
  readonly ms: number;
}
export const CHECKPOINT_LIMITS: CheckpointLimits = { records: 1_000, ms: 5 * 60_000 };

/**
 * Makes the ledger's checkpoints: after so many records, or so long after the first that none holds yet, and when the server stops. The
 * tree grows on from the last one; where that is not of this chain, no further one is made, and the log says so.
 */
export class MakeCheckpoints implements ChainWatch {
  private readonly database: Database;
  private making: Promise<void> | undefined;
  private state: 'unread' | 'making' | 'broken' = 'unread';
  private tree = new GrowingTree();
  private origin = '';
  private since: number | undefined;

  constructor(
    database: Database,
    private readonly signer: CheckpointSigner,
    private readonly limits: CheckpointLimits = CHECKPOINT_LIMITS,
  ) {
    this.database = database.forServer();
  }

  /** Makes one where it is time. What fails is in the log, and tried again at the next look. */
  look(isLast = false): Promise<void> {
    const before = this.making ?? Promise.resolve();
    this.making = before.then(() => this.make(isLast)).catch((error: unknown) => event('ledger.checkpoint-not-made', thrownFields(error)));
    return this.making;
  }

  private async make(isLast: boolean): Promise<void> {
    if (this.state === 'unread') await this.goOn();
    if (this.state === 'broken') return;
    const end = await this.database.statement((tx) => chainSight(tx, 0));
    if (end === undefined || end.seq <= this.tree.size) return void (this.since = undefined);
    this.since ??= performance.now();
    if (!isLast && end.seq - this.tree.size < this.limits.records && performance.now() - this.since < this.limits.ms) return;
    const head = await this.grow(end.seq);
    this.origin ||= originOf(Buffer.from(end.ledger, 'hex'));
    const [root, { origin, tree }] = [this.tree.root(), this];
    const { kid, signature } = await this.signer.signBytes(Buffer.from(checkpointText({ origin, size: tree.size, root })));
    const made = { size: tree.size, root, head, origin, signedAt: new Date(), kid, signature, peaks: Buffer.concat(tree.frontier) };
    await this.database.statement((tx) => insertCheckpoint(tx, made));
    this.since = undefined;
  }

  /** Takes the tree of the last checkpoint, of whichever server, up again. */
  private async goOn(): Promise<void> {
    const last = await this.database.statement(lastCheckpoint);
    const there = last && (await this.database.statement((tx) => chainSight(tx, last.size)));
    if (last !== undefined && !isOfChain(last, there?.known)) {
      this.state = 'broken';
      return event('ledger.cut', { seen: last.size, there: there?.seq ?? 0 });
    }
    this.tree = last === undefined ? new GrowingTree() : treeOf(last);
    this.origin = last?.origin ?? '';
    this.state = 'making';
  }

  /** Lets the tree take in the links up to a number; answers the hash of the last. */
  private async grow(size: number): Promise<Buffer> {
    let hashes: Buffer = Buffer.alloc(0);
    while (this.tree.size < size) {
      const { size: from } = this.tree;
      hashes = await this.database.statement((tx) => linkHashes(tx, from, Math.min(STRETCH, size - from)));
      if (hashes.length === 0) throw new Error(`the ledger has no link ${from + 1}`);
      for (let at = 0; at < hashes.length; at += HASH_BYTES) this.tree.add(hashes.subarray(at, at + HASH_BYTES));
    }
    return hashes.subarray(-HASH_BYTES);
  }
}

const isOfChain = (last: CheckpointRow, known: string | null | undefined): boolean =>
  known === last.head.toString('hex') && treeOf(last).root().equals(last.root);

/** The tree of a checkpoint. Throws RangeError where its peaks are not those of a tree of its size. */
function treeOf({ size, peaks }: Pick<CheckpointRow, 'size' | 'peaks'>): GrowingTree {
  const each = Array.from({ length: Math.ceil(peaks.length / HASH_BYTES) }, (_, i) => peaks.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
  return new GrowingTree(size, each);
}
