import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { consistencyProof, GrowingTree, inclusionProof, provesConsistency, provesInclusion, subtreesOf } from '../../src/ledger/merkle.js';
import { BLOCK, TreeProofs, type LeafProof, type ReadHashes } from '../../src/ledger/tree-proofs.js';

const links = (count: number): Buffer[] => Array.from({ length: count }, (_, i) => createHash('sha256').update(`link ${i}`).digest());
/** Reads of so many links; counts them. */
function reading(data: readonly Buffer[]) {
  const read = { leaves: 0, times: 0 };
  const hashes: ReadHashes = (after, limit) => {
    read.times += 1;
    read.leaves += Math.min(limit, Math.max(0, data.length - after));
    return Promise.resolve(Buffer.concat(data.slice(after, after + limit)));
  };
  return { read, hashes };
}
const rootOf = (data: readonly Buffer[]): Buffer => {
  const tree = new GrowingTree();
  for (const one of data) tree.add(one);
  return tree.root();
};
const all = async (proofs: AsyncIterable<LeafProof>): Promise<LeafProof[]> => {
  const found: LeafProof[] = [];
  for await (const one of proofs) found.push(one);
  return found;
};
const hex = (proof: readonly Uint8Array[]): string[] => proof.map((one) => Buffer.from(one).toString('hex'));
const SIZES = [1, 2, 3, 5, 6, 7, 8, 13, 100, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 7, 7 * BLOCK + BLOCK / 2];

describe('Proofs of a tree that is not in memory', () => {
  it.each(SIZES)('are those of RFC 9162 for a tree of %d leaves', async (size) => {
    const data = links(size);
    const tree = await TreeProofs.of(reading(data).hashes, size);
    const root = rootOf(data);
    expect(tree.root().equals(root)).toBe(true);
    const numbers = [
      ...new Set(Array.from({ length: 40 }, (_, i) => 1 + Math.floor(((i * 0.618034) % 1) * size)).concat(1, size)),
    ].toSorted((a, b) => a - b);
    const proofs = await all(tree.inclusions(numbers));
    expect(proofs.map(({ number }) => number)).toEqual(numbers);
    for (const { number, hash, proof } of proofs) {
      expect(hash.equals(data[number - 1])).toBe(true);
      expect(provesInclusion(hash, number - 1, size, proof, root)).toBe(true);
    }
    const [first, last] = [proofs[0], proofs[proofs.length - 1]];
    for (const { number, proof } of [first, last]) expect(hex(proof)).toEqual(hex(inclusionProof(number - 1, size, subtreesOf(data))));
    for (const number of numbers.filter((_, i) => i % 5 === 0 || i === numbers.length - 1)) {
      const proof = await tree.consistency(number);
      expect(hex(proof)).toEqual(hex(consistencyProof(number, size, subtreesOf(data))));
      expect(provesConsistency({ size: number, root: rootOf(data.slice(0, number)) }, { size, root }, proof)).toBe(true);
    }
  });

  it('read the leaves once, and those beside a leaf once more, however many are proven', async () => {
    const data = links(10 * BLOCK + 5);
    const { read, hashes } = reading(data);
    const tree = await TreeProofs.of(hashes, data.length);
    expect(read.leaves).toBe(data.length);
    await all(tree.inclusions(Array.from({ length: 500 }, (_, i) => BLOCK + 1 + i))); // within one block
    expect(read.leaves).toBe(data.length + BLOCK);
  });

  it('are not made of a ledger that has not so many links', async () => {
    await expect(TreeProofs.of(reading(links(9)).hashes, 10)).rejects.toThrow(RangeError);
  });
});
