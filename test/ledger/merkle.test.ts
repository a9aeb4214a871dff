import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { checkpointText } from '../../src/ledger/checkpoint.js';
import {
  consistencyProof,
  EMPTY_ROOT,
  GrowingTree,
  inclusionProof,
  provesConsistency,
  provesInclusion,
  subtreesOf,
} from '../../src/ledger/merkle.js';

const REFERENCE = new URL('../../../../shared/stats/audit_chain.json', import.meta.url);
const present = existsSync(REFERENCE);
if (!present) console.warn('4 tests of the reference tree are skipped: there is no ../shared/stats/audit_chain.json');
const referenced = present ? it : it.skip;

interface Expected {
  readonly chain: readonly string[];
  readonly roots_by_size: readonly string[];
  readonly inclusion: readonly { readonly index: number; readonly tree_size: number; readonly proof: readonly string[] }[];
  readonly consistency: readonly { readonly first: number; readonly second: number; readonly proof: readonly string[] }[];
  readonly checkpoint_text: string;
  readonly public_key_x: string;
  readonly signature_base64: string;
}
interface Case {
  readonly input: { readonly ed25519_seed_hex: string; readonly origin: string };
  readonly expected: Expected;
}
const reference = (): Case => (JSON.parse(readFileSync(REFERENCE, 'utf8')) as { cases: [Case] }).cases[0];
const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
const hex = (all: readonly Uint8Array[]): string[] => all.map((one) => Buffer.from(one).toString('hex'));
const leaves = (count: number): Buffer[] => Array.from({ length: count }, (_, i) => createHash('sha256').update(`leaf ${i}`).digest());
const rootOf = (data: readonly Uint8Array[]): Buffer => {
  const tree = new GrowingTree();
  for (const one of data) tree.add(one);
  return tree.root();
};
/** MTH as RFC 9162 2.1.1 writes it down. */
function asWritten(data: readonly Uint8Array[]): Buffer {
  if (data.length === 0) return createHash('sha256').digest();
  if (data.length === 1) return createHash('sha256').update(Buffer.of(0)).update(data[0]).digest();
  let k = 1;
  while (k * 2 < data.length) k *= 2;
  return createHash('sha256')
    .update(Buffer.of(1))
    .update(asWritten(data.slice(0, k)))
    .update(asWritten(data.slice(k)))
    .digest();
}

describe('The Merkle tree of the ledger', () => {
  referenced('has the roots of the reference at each size', () => {
    const { expected } = reference();
    const tree = new GrowingTree();
    const roots = expected.chain.map((hash) => {
      tree.add(bytes(hash));
      return tree.root();
    });
    expect(hex(roots)).toEqual(expected.roots_by_size);
  });

  referenced('proves of the reference that a record is in it', () => {
    const { chain, inclusion, roots_by_size: roots } = reference().expected;
    for (const { index, tree_size: size, proof } of inclusion) {
      expect(hex(inclusionProof(index, size, subtreesOf(chain.map(bytes))))).toEqual(proof);
      expect(provesInclusion(bytes(chain[index]), index, size, proof.map(bytes), bytes(roots[size - 1]))).toBe(true);
    }
  });

  referenced('proves of the reference that it only grew', () => {
    const { chain, consistency, roots_by_size: roots } = reference().expected;
    for (const { first, second, proof } of consistency) {
      expect(hex(consistencyProof(first, second, subtreesOf(chain.map(bytes))))).toEqual(proof);
      const [one, other] = [first, second].map((size) => ({ size, root: bytes(roots[size - 1]) }));
      expect(provesConsistency(one, other, proof.map(bytes))).toBe(true);
    }
  });

  referenced('is signed as the reference is', () => {
    const { input, expected } = reference();
    const pkcs8 = Buffer.concat([bytes('302e020100300506032b657004220420'), bytes(input.ed25519_seed_hex)]); // RFC 8410 7
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    const text = checkpointText({ origin: input.origin, size: 7, root: rootOf(expected.chain.map(bytes)) });
    expect(text).toBe(expected.checkpoint_text);
    expect(sign(null, Buffer.from(text), key).toString('base64')).toBe(expected.signature_base64);
    const known = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: expected.public_key_x }, format: 'jwk' });
    expect(verify(null, Buffer.from(text), known, Buffer.from(expected.signature_base64, 'base64'))).toBe(true);
  });

  it('has the root that the RFC defines, at every size', () => {
    const data = leaves(70);
    for (let size = 0; size <= data.length; size++) expect(rootOf(data.slice(0, size))).toEqual(asWritten(data.slice(0, size)));
    expect(rootOf([])).toEqual(EMPTY_ROOT);
  });

  it('grows on from its peaks as if it had never stopped', () => {
    const data = leaves(40);
    for (let stop = 0; stop <= data.length; stop++) {
      const first = new GrowingTree();
      for (const one of data.slice(0, stop)) first.add(one);
      const again = new GrowingTree(first.size, first.frontier);
      for (const one of data.slice(stop)) again.add(one);
      expect(again.root()).toEqual(rootOf(data));
    }
    expect(() => new GrowingTree(3, leaves(1))).toThrow(RangeError);
    expect(() => new GrowingTree(1, [Buffer.alloc(31)])).toThrow(RangeError);
    expect(() => new GrowingTree().add(Buffer.alloc(33))).toThrow(RangeError);
  });

  it('proves each leaf of trees of all sizes, and no other data, place, size or proof', () => {
    const data = leaves(33);
    for (let size = 1; size <= data.length; size++) {
      const [root, subtrees] = [rootOf(data.slice(0, size)), subtreesOf(data)];
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(index, size, subtrees);
        expect(provesInclusion(data[index], index, size, proof, root)).toBe(true);
        expect(provesInclusion(data[(index + 1) % data.length], index, size, proof, root)).toBe(false);
        expect(provesInclusion(data[index], index, size, [...proof, root], root)).toBe(false);
        if (size > 1) expect(provesInclusion(data[index], (index + 1) % size, size, proof, root)).toBe(false);
        if (proof.length > 0) expect(provesInclusion(data[index], index, size, proof.slice(1), root)).toBe(false);
      }
      expect(provesInclusion(data[0], size, size, [], root)).toBe(false);
    }
    expect(() => inclusionProof(3, 3, subtreesOf(data))).toThrow(RangeError);
  });

  it('proves of each two sizes that the larger begins with the smaller, and of nothing else', () => {
    const data = leaves(20);
    const heads = data.map((_, i) => ({ size: i + 1, root: rootOf(data.slice(0, i + 1)) }));
    for (const second of heads)
      for (const first of heads.slice(0, second.size)) {
        const proof = consistencyProof(first.size, second.size, subtreesOf(data));
        expect(provesConsistency(first, second, proof)).toBe(true);
        expect(provesConsistency({ ...first, root: Buffer.alloc(32, 7) }, second, proof)).toBe(false);
        expect(provesConsistency(first, { ...second, root: Buffer.alloc(32, 7) }, proof)).toBe(false);
        expect(provesConsistency(first, second, [...proof, data[0]])).toBe(false);
        if (proof.length > 0) expect(provesConsistency(first, second, proof.slice(0, -1))).toBe(false);
      }
    expect(provesConsistency(heads[4], heads[2], [])).toBe(false);
    expect(() => consistencyProof(0, 3, subtreesOf(data))).toThrow(RangeError);
  });

  it('takes no proof for true that was changed in one bit', () => {
    const data = leaves(25);
    const root = rootOf(data);
    const held = fc.check(
      fc.property(fc.nat(24), fc.nat(), fc.nat(255), (index, place, bit) => {
        const proof = inclusionProof(index, 25, subtreesOf(data)).map((one) => Buffer.from(one));
        const changed = proof[place % proof.length];
        changed[bit >> 3] ^= 1 << (bit & 7);
        return !provesInclusion(data[index], index, 25, proof, root);
      }),
    );
    expect(held.counterexample).toBeNull();
  });
});
