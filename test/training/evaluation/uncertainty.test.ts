import { describe, expect, it } from '@jest/globals';
import { evaluateUncertainty, type Scored } from '../../../src/training/evaluation/uncertainty.js';

/** Right cases are sure, wrong ones are not; `distance` tells other pictures from these. */
const scored = (label: number, probability: number, uncertainty: number, distance: number): Scored => ({
  label,
  scores: {
    probabilities: Float32Array.of(1 - probability, probability),
    uncertainty: Float32Array.of(uncertainty),
    input_distance: Float32Array.of(distance),
  },
});
const right = (i: number) => scored(i % 2, i % 2 === 1 ? 0.97 - i / 1000 : 0.03 + i / 1000, 0.5 + (i % 3) / 10, 1 + i / 100);
const wrong = (i: number) => scored(i % 2, i % 2 === 1 ? 0.4 - i / 100 : 0.6 + i / 100, 0.5 + (i % 3) / 10, 1 + i / 100);
const cases = [...Array.from({ length: 40 }, (_, i) => right(i)), ...Array.from({ length: 6 }, (_, i) => wrong(i))];
const others = [{ dataset: 'photos', cases: Array.from({ length: 5 }, () => scored(0, 0.1, 0.5, 9)) }];

describe('What measures of doubt are worth', () => {
  const { referral, measures, predictionSets } = evaluateUncertainty(cases, cases, others, 0.5);
  const of = (name: string) => measures.find(({ measure }) => measure === name);

  it('is told by how well each puts wrong calls above right ones, and other pictures above these', () => {
    expect(of('predictive_entropy')?.errors).toMatchObject({ auc: 1, found: 6, others: 40 });
    expect(of('uncertainty')?.errors?.auc).toBeLessThan(0.7);
    expect(of('input_distance')?.outOfDistribution).toEqual([
      { dataset: 'photos', auc: 1, interval: [expect.any(Number), 1], found: 5, others: 46 },
    ]);
    expect(of('predictive_entropy')?.outOfDistribution[0].auc).toBeLessThan(1);
  });

  it('chooses entropy where none is clearly better, from the value on that a tenth of validation exceeds', () => {
    expect(referral.measure).toBe('predictive_entropy');
    const entropies = cases.map(({ scores: { probabilities } }) => -[...probabilities].reduce((sum, p) => sum + p * Math.log2(p), 0));
    const above = entropies.filter((value) => value > referral.above).length;
    expect(above).toBeGreaterThanOrEqual(4);
    expect(above).toBeLessThanOrEqual(5);
  });

  it('chooses another that ranks the errors of validation clearly better', () => {
    const told = (one: Scored, doubt: number): Scored => ({ ...one, scores: { ...one.scores, uncertainty: Float32Array.of(doubt) } });
    const sure = (i: number) => told(scored(i % 2, i % 2 === 1 ? 0.05 : 0.95, 0, 1), 0.9 + i / 1000); // wrong, and no entropy
    const knowing = [
      ...Array.from({ length: 40 }, (_, i) => told(right(i), 0.1 + i / 1000)),
      ...Array.from({ length: 6 }, (_, i) => sure(i)),
    ];
    expect(evaluateUncertainty(knowing, knowing, [], 0.5).referral.measure).toBe('uncertainty');
  });

  it('takes entropy where nothing was wrong', () => {
    const allRight = cases.slice(0, 40);
    expect(evaluateUncertainty(allRight, allRight, [], 0.5).referral.measure).toBe('predictive_entropy');
  });

  it('makes sets that hold the true class in at least the share of cases that it says', () => {
    expect(predictionSets.covered.value).toBeGreaterThanOrEqual(0.95);
    expect(predictionSets.meanSize).toBeGreaterThan(1);
    expect(predictionSets.meanSize).toBeLessThanOrEqual(2);
  });
});
