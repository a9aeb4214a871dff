import { consistencyProof, inclusionProof, leafHash, nodeHash, splitOf } from './merkle.js';

const HASH_BYTES = 32;
/** Nodes of this level and above are kept, and those below are made again of the leaves where a proof needs them. */
const KEPT_LEVEL = 10;
/** Leaves below a node of that level. */
export const BLOCK = 2 ** KEPT_LEVEL;
const STRETCH = 100 * BLOCK;

/** Hashes of the links after a number, in order, 32 bytes each; fewer than `limit` where there are no more. */
export type ReadHashes = (after: number, limit: number) => Promise<Buffer>;

/** Nodes above a run of leaves, those of each level one after the other: the leaves' own first. */
type Levels = readonly (readonly Buffer[])[];

/**
 * The tree of the first links of a ledger, of which any number of proofs can be made: its leaves are read once, and for proofs of leaves once
 * more those that lie in one block with them. It keeps two hashes for each block: 64 KiB of a million records.
 */
export class TreeProofs {
  private constructor(
    readonly size: number,
    private readonly read: ReadHashes,
    /** From KEPT_LEVEL on. */
    private readonly kept: Levels,
    /** Of the block that is not full; none where all are. */
    private readonly tail: Levels,
    private readonly full: number,
  ) {}

  /** Throws RangeError where there are not so many links. */
  static async of(read: ReadHashes, size: number): Promise<TreeProofs> {
    const tops: Buffer[] = [];
    let tail: Levels = [];
    for (let at = 0; at < size; at += STRETCH) {
      const hashes = await linksOf(read, at, Math.min(STRETCH, size - at));
      for (let from = 0; from < hashes.length; from += BLOCK * HASH_BYTES) {
        const levels = levelsOver(leavesIn(hashes.subarray(from, from + BLOCK * HASH_BYTES)));
        if (levels[0].length === BLOCK) tops.push(levels[KEPT_LEVEL][0]);
        else tail = levels;
      }
    }
    return new TreeProofs(size, read, levelsOver(tops), tail, tops.length);
  }

  /** Its root (RFC 9162 2.1.1). */
  root(): Buffer {
    return this.under([])(0, this.size);
  }

  /** That links are among them (RFC 9162 2.1.3), in the order given. @param numbers  of links, ascending */
  async *inclusions(numbers: readonly number[]): AsyncGenerator<LeafProof, void> {
    let [block, levels, links]: [number, Levels, Buffer] = [-1, [], Buffer.alloc(0)];
    for (const number of numbers) {
      const index = number - 1;
      if (Math.floor(index / BLOCK) !== block) {
        block = Math.floor(index / BLOCK);
        links = await this.linksIn(block);
        levels = levelsOver(leavesIn(links));
      }
      const at = (index % BLOCK) * HASH_BYTES;
      const hash = links.subarray(at, at + HASH_BYTES);
      yield { number, hash, proof: inclusionProof(index, this.size, this.under(levels, block)) };
    }
  }

  /** That the tree begins with a smaller one (RFC 9162 2.1.4). */
  async consistency(first: number): Promise<Uint8Array[]> {
    const block = Math.floor((first - 1) / BLOCK);
    return consistencyProof(first, this.size, this.under(levelsOver(leavesIn(await this.linksIn(block))), block));
  }

  private linksIn(block: number): Promise<Buffer> {
    return linksOf(this.read, block * BLOCK, Math.min(BLOCK, this.size - block * BLOCK));
  }

  /** Roots of the tree's parts that proofs are made of: perfect trees, and what is right of them to the tree's end. */
  private under(levels: Levels, block = -1) {
    const root = (from: number, to: number): Buffer => {
      const half = splitOf(to - from);
      if (half * 2 !== to - from && to - from > 1) return nodeHash(root(from, from + half), root(from + half, to));
      const level = Math.log2(to - from);
      const index = from / (to - from);
      if (level >= KEPT_LEVEL) return this.kept[level - KEPT_LEVEL][index];
      const of = Math.floor(from / BLOCK);
      const nodes = of === this.full ? this.tail : of === block ? levels : [];
      return nodes[level][index % (BLOCK / (to - from))];
    };
    return root;
  }
}

/** A proof of a link. */
export interface LeafProof {
  readonly number: number;
  /** Of the link. */
  readonly hash: Buffer;
  readonly proof: readonly Uint8Array[];
}

async function linksOf(read: ReadHashes, after: number, count: number): Promise<Buffer> {
  const hashes = await read(after, count);
  if (hashes.length !== count * HASH_BYTES) throw new RangeError(`The ledger has not all of the links ${after + 1} to ${after + count}.`);
  return hashes;
}

const leavesIn = (links: Buffer): Buffer[] =>
  Array.from({ length: links.length / HASH_BYTES }, (_, i) => leafHash(links.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)));

/** The nodes above others, of perfect trees alone: what is left over at the right of a level has none above it. */
function levelsOver(nodes: readonly Buffer[]): Levels {
  const levels = [nodes];
  for (let below = nodes; below.length > 1;) {
    below = Array.from({ length: Math.floor(below.length / 2) }, (_, i) => nodeHash(below[2 * i], below[2 * i + 1]));
    levels.push(below);
  }
  return levels;
}
