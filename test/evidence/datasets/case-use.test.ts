import { describe, expect, it } from '@jest/globals';
import { requireUsesLeft, timesUsedBefore } from '../../../src/evidence/datasets/case-use.js';
import { CasesUsedUp } from '../../../src/evidence/datasets/faults.js';

const use = (studyId: string, instanceHash: string, pixelSha256: string) => ({ studyId, instanceHash, pixelSha256 });

describe('How often a case may be used', () => {
  const cases = [
    { caseKey: 'C0001', instanceHash: 'i1', pixelSha256: 'x1' },
    { caseKey: 'C0002', instanceHash: 'i2', pixelSha256: 'x2' },
    { caseKey: 'C0003', instanceHash: 'i3', pixelSha256: 'x3' },
  ];
  const past = [use('s1', 'i1', 'x1'), use('s1', 'i1', 'x1'), use('s2', 'copy of i1', 'x1'), use('s2', 'i2', 'x2'), use('s3', 'i1', 'x1')];

  it('counts studies, by the instance and by its pixels under another name; not the study itself', () => {
    expect(timesUsedBefore(cases, past)).toEqual(
      new Map([
        ['C0001', 3],
        ['C0002', 1],
        ['C0003', 0],
      ]),
    );
    expect(timesUsedBefore(cases, past, 's3').get('C0001')).toBe(2);
  });

  it('is refused with the keys of the cases that are used up', () => {
    const used = timesUsedBefore(cases, past);
    expect(() => requireUsesLeft(used, 4)).not.toThrow();
    for (const [limit, keys] of [
      [3, ['C0001']],
      [1, ['C0001', 'C0002']],
    ] as const)
      try {
        requireUsesLeft(used, limit);
        throw new Error('it was taken');
      } catch (error) {
        expect(error).toBeInstanceOf(CasesUsedUp);
        expect(error).toMatchObject({ code: 'cases-used-up', status: 409, keys });
        expect((error as Error).message).not.toContain('C000');
      }
  });
});
