import { describe, expect, it } from '@jest/globals';
import { consensusOf, type Said } from '../../../src/evidence/studies/consensus.js';

const rule = (labelsPerCase: number, adjudication: 'majority' | 'adjudicator') => ({ procedure: '', labelsPerCase, adjudication });
const said = (caseKey: string, ...labels: readonly (0 | 1 | null)[]): Said[] =>
  labels.map((label, i) => ({ caseKey, member: `T${i + 1}`, label, adjudicates: false }));

describe('The truth of cases', () => {
  it('is what more than half of those who could tell say, once enough have said something', () => {
    const labels = [
      ...said('A', 1, 1, 0),
      ...said('B', 0, null, 0),
      ...said('C', 1, 0),
      ...said('D', 1, 0, null),
      ...said('E', null, null, null),
    ];
    const { truth, open } = consensusOf(['A', 'B', 'C', 'D', 'E', 'F'], labels, rule(3, 'majority'));
    expect([...truth]).toEqual([
      ['A', 1],
      ['B', 0],
    ]);
    expect(open).toEqual(['C', 'D', 'E', 'F']);
  });

  it('is an adjudicator’s where all must agree and do not, or where somebody could not tell', () => {
    const labels = [...said('A', 1, 1), ...said('B', 1, 0), ...said('C', 1, null)];
    expect(consensusOf(['A', 'B', 'C'], labels, rule(2, 'adjudicator'))).toMatchObject({ open: ['B', 'C'] });
    const decided = [...labels, { caseKey: 'B', member: 'T3', label: 0 as const, adjudicates: true }];
    expect(consensusOf(['A', 'B', 'C'], decided, rule(2, 'adjudicator')).truth.get('B')).toBe(0);
  });

  it('takes the last word of a person, who counts once', () => {
    const twice: Said[] = [...said('A', 1), ...said('A', 0)];
    expect(consensusOf(['A'], twice, rule(1, 'majority')).truth.get('A')).toBe(0);
    expect(consensusOf(['A'], twice, rule(2, 'majority')).open).toEqual(['A']);
  });
});
