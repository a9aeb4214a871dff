import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pictureDistance } from '../../../src/evidence/datasets/hash-distance.js';
import { HashIndex } from '../../../src/evidence/datasets/hash-index.js';
import { NOTHING_SHOWN } from '../../../src/evidence/datasets/perceptual-hash.js';

const text = (bits: bigint): string => BigInt.asUintN(64, bits).toString(16).padStart(16, '0');
/** Hashes in clusters: a centre, or its negative, with some bits turned. */
const hashes = fc
  .tuple(
    fc.array(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(), fc.boolean(), fc.array(fc.nat(63), { maxLength: 12 })), { minLength: 1, maxLength: 40 }),
  )
  .map(([centres, members]) =>
    members.map(([which, negative, turned]) => {
      const centre = centres[which % centres.length];
      return text(turned.reduce((hash, bit) => hash ^ (1n << BigInt(bit)), negative ? ~centre : centre));
    }),
  );

describe('The index of perceptual hashes', () => {
  it('finds what comparing with each finds, each once', () => {
    fc.assert(
      fc.property(hashes, fc.nat(15), (all, most) => {
        const index = new HashIndex(all, most);
        for (const [i, hash] of all.entries()) {
          const found: [number, number][] = [];
          index.near(hash, (place, distance) => found.push([place, distance]), i);
          const expected = all
            .slice(0, i)
            .map((other, place): [number, number] => [place, pictureDistance(hash, other)])
            .filter(([place, distance]) => distance <= most && all[place] !== NOTHING_SHOWN && hash !== NOTHING_SHOWN);
          expect(found.sort(([a], [b]) => a - b)).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes pictures that show nothing for nobody’s likeness', () => {
    const index = new HashIndex([NOTHING_SHOWN, 'f'.repeat(16)], 5);
    const found: number[] = [];
    index.near(NOTHING_SHOWN, (place) => found.push(place));
    expect(found).toEqual([]);
    index.near(`${'0'.repeat(15)}1`, (place) => found.push(place));
    expect(found).toEqual([1]); // the negative of a picture that does show something
  });
});
