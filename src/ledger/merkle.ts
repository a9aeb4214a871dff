import { hash } from 'node:crypto';

/** SHA-256, 32 bytes. */
const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

const leafInput = Buffer.alloc(33); // 0x00 || data
const nodeInput = Buffer.alloc(65, 1); // 0x01 || left || right

/** Hash of a leaf (RFC 9162 2.1.1). @param data  32 bytes: the hash of a record's link */
export function leafHash(data: Uint8Array): Buffer {
  if (data.length !== 32) throw new RangeError('A leaf of the ledger has 32 bytes.');
  leafInput.set(data, 1);
  return sha256(leafInput);
}

/** Hash of what lies above two hashes (RFC 9162 2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 33);
  return sha256(nodeInput);
}

/** The root of no leaves (RFC 9162 2.1.1). */
export const EMPTY_ROOT = sha256(Buffer.alloc(0));

/**
 * A Merkle tree that grows at its right end, as the roots of the perfect trees that it is made of, the largest first: one for each bit
 * of its size. It takes 32 bytes for each of these, whatever the size, and one hash a leaf on average.
 */
export class GrowingTree {
  private leaves: number;
  private readonly peaks: Buffer[];

  /** @param peaks  as `frontier` gave them of a tree of this size. Throws RangeError where they are not so many */
  constructor(size = 0, peaks: readonly Uint8Array[] = []) {
    if (peaks.length !== bits(size) || peaks.some(({ length }) => length !== 32))
      throw new RangeError(`No tree of ${size} leaves has these peaks.`);
    this.leaves = size;
    this.peaks = peaks.map((peak) => Buffer.from(peak));
  }

  get size(): number {
    return this.leaves;
  }

  /** What it can be made of again. */
  get frontier(): readonly Buffer[] {
    return this.peaks;
  }

  /** @param data  of the next leaf, 32 bytes */
  add(data: Uint8Array): void {
    let node = leafHash(data);
    for (let rest = this.leaves; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(this.peaks.pop() as Buffer, node); // a bit of the size has its peak
    this.peaks.push(node);
    this.leaves += 1;
  }

  /** MTH of all its leaves (RFC 9162 2.1.1), 32 bytes. */
  root(): Buffer {
    return this.peaks.length === 0 ? EMPTY_ROOT : this.peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** How many perfect trees a tree of this size is made of. */
function bits(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/** MTH of leaves `from` to `to`, `to` not among them, of the whole tree (RFC 9162 2.1.1). */
export type SubtreeRoot = (from: number, to: number) => Uint8Array;

/** The roots of a tree's parts by its leaves' data, all of them in memory. */
export function subtreesOf(data: readonly Uint8Array[]): SubtreeRoot {
  return (from, to) => {
    const tree = new GrowingTree();
    for (const one of data.slice(from, to)) tree.add(one);
    return tree.root();
  };
}

/**
 * That the leaf at `index` is in the tree of `size` leaves (RFC 9162 2.1.3.1, PATH): hashes of 32 bytes, from the leaf upwards.
 * Throws RangeError where there is no such leaf.
 */
export function inclusionProof(index: number, size: number, root: SubtreeRoot): Uint8Array[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`A tree of ${size} leaves has none at ${index}.`);
  const path = (from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const middle = from + splitOf(to - from);
    return index < middle ? [...path(from, middle), root(middle, to)] : [...path(middle, to), root(from, middle)];
  };
  return path(0, size);
}

/**
 * That the tree of `second` leaves begins with that of `first` (RFC 9162 2.1.4.1, PROOF): hashes of 32 bytes. Throws RangeError where
 * `first` is not 1 to `second`.
 */
export function consistencyProof(first: number, second: number, root: SubtreeRoot): Uint8Array[] {
  if (!(first >= 1 && first <= second)) throw new RangeError(`A tree of ${second} leaves begins with none of ${first}.`);
  const proof = (from: number, to: number, isKnown: boolean): Uint8Array[] => {
    if (first === to) return isKnown ? [] : [root(from, to)];
    const middle = from + splitOf(to - from);
    return first <= middle ? [...proof(from, middle, isKnown), root(middle, to)] : [...proof(middle, to, false), root(from, middle)];
  };
  return proof(0, second, true);
}

/** The largest power of two below a number above 1; 1 of 1. */
export function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** Whether a proof leads from a leaf to a root (RFC 9162 2.1.3.2). @param data  of the leaf, 32 bytes */
export function provesInclusion(data: Uint8Array, index: number, size: number, proof: readonly Uint8Array[], root: Uint8Array): boolean {
  if (!(index >= 0 && index < size)) return false;
  let [node, last, hashed] = [index, size - 1, leafHash(data)];
  for (const one of proof) {
    if (last === 0 || one.length !== 32) return false;
    if (node % 2 === 1 || node === last) {
      hashed = nodeHash(one, hashed);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else hashed = nodeHash(hashed, one);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && hashed.equals(root);
}

/** A tree: how many leaves it has, and its root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether a proof leads from one tree to a larger one that begins with it (RFC 9162 2.1.4.2). */
export function provesConsistency(first: TreeHead, second: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (!(first.size >= 1 && first.size <= second.size) || proof.some(({ length }) => length !== 32)) return false;
  if (first.size === second.size) return proof.length === 0 && Buffer.from(first.root).equals(second.root);
  const path = isPower(first.size) ? [first.root, ...proof] : proof;
  if (path.length === 0) return false;
  let [node, last] = [first.size - 1, second.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [old, whole]: Buffer[] = [Buffer.from(path[0]), Buffer.from(path[0])];
  for (const one of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [old, whole] = [nodeHash(one, old), nodeHash(one, whole)];
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else whole = nodeHash(whole, one);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && old.equals(first.root) && whole.equals(second.root);
}

const half = (n: number): number => Math.floor(n / 2);
const isPower = (n: number): boolean => bits(n) === 1;
