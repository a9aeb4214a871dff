import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { caseKeys, patientKeys, siteKeys } from '../../../src/evidence/datasets/case-keys.js';
import { SampleImpossible } from '../../../src/evidence/datasets/faults.js';
import { proportional, stratifiedSample, type SampleSize } from '../../../src/evidence/datasets/sampling.js';

const cases = fc
  .uniqueArray(fc.tuple(fc.nat(60), fc.nat(1000), fc.constantFrom('A', 'B', 'C')), {
    selector: ([, id]) => id,
    minLength: 3,
    maxLength: 120,
  })
  .map((all) => all.map(([patient, id, stratum]) => ({ id: `i${id}`, patient: `p${patient}`, stratum })));
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('A stratified sample', () => {
  it('is the same for the same seed whatever the order of the cases, of as many patients as asked for, nobody in half', () => {
    fc.assert(
      fc.property(cases, seeds, fc.nat(), (all, seed, some) => {
        const patients = new Set(all.map(({ patient }) => patient));
        const size = 1 + (some % patients.size);
        const sample = stratifiedSample(all, { size }, seed);
        expect(stratifiedSample(all.toReversed(), { size }, seed)).toEqual(sample);
        const drawn = new Set(all.filter(({ id }) => sample.has(id)).map(({ patient }) => patient));
        expect(drawn.size).toBe(size);
        expect(all.filter(({ patient }) => drawn.has(patient)).every(({ id }) => sample.has(id))).toBe(true);
      }),
    );
  });

  it('shares by largest remainder: each stratum gets its share, rounded down or up', () => {
    expect(proportional([50, 30, 20], 10)).toEqual([5, 3, 2]);
    expect(proportional([1, 1, 1], 2)).toEqual([1, 1, 0]); // of equal rests the earlier
    expect(proportional([47_000, 16_000, 15_800, 12_000, 6_100, 3_100], 10)).toEqual([5, 2, 1, 1, 1, 0]); // Hamilton's own example
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 8 }), fc.nat(), (counts, some) => {
        const all = counts.reduce((sum, count) => sum + count, 0);
        fc.pre(all > 0);
        const size = 1 + (some % all);
        const sizes = proportional(counts, size);
        expect(sizes.reduce((sum, share) => sum + share, 0)).toBe(size);
        for (const [i, share] of sizes.entries()) {
          expect(Math.abs(share - (size * counts[i]) / all)).toBeLessThan(1);
          expect(share).toBeLessThanOrEqual(counts[i]);
        }
      }),
    );
  });

  it('takes fixed sizes of strata, and none of a stratum that is not named', () => {
    const all = Array.from({ length: 40 }, (_, i) => ({ id: `i${i}`, patient: `p${i}`, stratum: i < 10 ? 'rare' : 'common' }));
    const sample = stratifiedSample(all, { sizes: { rare: 8 } }, 7);
    expect(sample.size).toBe(8);
    expect(all.filter(({ id }) => sample.has(id)).every(({ stratum }) => stratum === 'rare')).toBe(true);
  });

  it('draws each patient as often as any other', () => {
    const all = Array.from({ length: 10 }, (_, i) => ({ id: `i${i}`, patient: `p${i}`, stratum: '' }));
    const times = new Map<string, number>();
    for (let seed = 0; seed < 4000; seed++)
      for (const id of stratifiedSample(all, { size: 3 }, seed)) times.set(id, (times.get(id) ?? 0) + 1);
    for (const count of times.values()) expect(Math.abs(count - 1200)).toBeLessThan(150); // five deviations of 29
  });

  it('is refused where it can not be', () => {
    const all = [{ id: 'i', patient: 'p', stratum: 'A' }];
    const refused: SampleSize[] = [{ size: 0 }, { size: 2 }, { size: 0.5 }, { sizes: { A: 2 } }, { sizes: { B: 1 } }, { sizes: { A: -1 } }];
    for (const asked of refused) expect(() => stratifiedSample(all, asked, 1)).toThrow(SampleImpossible);
  });
});

describe('De-identified keys', () => {
  it('are C0001 on, each once, the same for the same seed whatever the order, and another order for another seed', () => {
    const ids = Array.from({ length: 300 }, (_, i) => `uid-${i}`);
    const keys = caseKeys(ids, 5);
    expect([...keys.values()].sort()).toEqual(ids.map((_, i) => `C${String(i + 1).padStart(4, '0')}`));
    expect(new Map([...caseKeys(ids.toReversed(), 5)].sort())).toEqual(new Map([...keys].sort()));
    expect(ids.map((id) => caseKeys(ids, 6).get(id))).not.toEqual(ids.map((id) => keys.get(id)));
    const inOrder = ids.filter((id, i) => i > 0 && (keys.get(id) ?? '') > (keys.get(ids[i - 1]) ?? '')).length;
    expect(Math.abs(inOrder - 150)).toBeLessThan(40); // neither up nor down with the UIDs
  });

  it('are of one length, however many there are; sites without a name have none', () => {
    expect(
      [
        ...patientKeys(
          Array.from({ length: 12_000 }, (_, i) => String(i)),
          1,
        ).values(),
      ].every((key) => /^P\d{5}$/.test(key)),
    ).toBe(true);
    expect([...siteKeys(['Here', '', 'There', 'Here'], 1).entries()].sort()).toEqual([
      ['Here', expect.stringMatching(/^S[12]$/)],
      ['There', expect.stringMatching(/^S[12]$/)],
    ]);
  });
});
