import { describe, expect, it } from '@jest/globals';
import { evaluate, type Outcome } from '../../../src/training/evaluation/outcomes.js';

const FORM = { dataset: 'cases', split: 'test', operatingThreshold: 0.6, subgroups: ['side'], labels: ['no', 'yes'] };
const binary = (label: number, probability: number, side: string): Outcome => ({
  file: `${label}-${probability}`,
  label,
  attributes: { side },
  probabilities: [1 - probability, probability],
});

describe('What a model did on cases', () => {
  it('of two classes is called from the operating threshold on', () => {
    const cases = [
      binary(0, 0.1, 'left'),
      binary(0, 0.59, 'left'),
      binary(0, 0.7, 'right'),
      binary(1, 0.6, 'left'),
      binary(1, 0.95, 'left'),
      binary(1, 0.3, 'right'),
    ];
    const { confusion, sensitivity, specificity, accuracy, auc, errors, subgroups, positives } = evaluate(cases, FORM);
    expect(confusion).toEqual([
      [2, 1],
      [1, 2],
    ]);
    expect([sensitivity, specificity, positives]).toEqual([0.6667, 0.6667, 3]);
    expect(accuracy).toEqual({ value: 0.6667, interval: [0.3, 0.9032] }); // Wilson, 4 of 6
    expect(auc).toBe(0.6667); // 6 of 9 pairs
    expect(errors).toEqual(['0-0.7', '1-0.3'].sort((a, b) => sure(a) - sure(b)));
    expect(subgroups).toEqual([
      { attribute: 'side', value: 'left', cases: 4, accuracy: { value: 1, interval: [0.5101, 1] }, auc: 1 },
      { attribute: 'side', value: 'right', cases: 2, accuracy: { value: 0, interval: [0, 0.6576] } },
    ]);

    function sure(file: string): number {
      const { label, probabilities } = cases.find((one) => one.file === file) ?? cases[0];
      return probabilities[label];
    }
  });

  it('of three classes is called by the likeliest; sensitivity and specificity are means over the classes', () => {
    const one = (label: number, probabilities: number[]): Outcome => ({ file: '', label, attributes: {}, probabilities });
    const cases = [
      one(0, [0.4, 0.3, 0.3]),
      one(0, [0.5, 0.3, 0.2]),
      one(1, [0.2, 0.7, 0.1]),
      one(1, [0.6, 0.3, 0.1]),
      one(2, [0.1, 0.2, 0.7]),
      one(2, [0.1, 0.1, 0.8]),
    ];
    const {
      confusion,
      sensitivity,
      specificity,
      positives,
      accuracy,
      auc,
      aucInterval,
      byClass = [],
    } = evaluate(cases, {
      ...FORM,
      subgroups: [],
      labels: ['a', 'b', 'c'],
    });
    expect(confusion).toEqual([
      [2, 0, 0],
      [1, 1, 0],
      [0, 0, 2],
    ]);
    expect(sensitivity).toBeCloseTo((1 + 0.5 + 1) / 3, 4);
    expect(specificity).toBeCloseTo((0.75 + 1 + 1) / 3, 4);
    expect([positives, accuracy?.value]).toEqual([4, 0.8333]);
    // As a report calls them, from 0.6 on: of a neither, though both are likeliest; b once; c twice.
    expect(byClass.map(({ label, cases: own }) => [label, own])).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 2],
    ]);
    expect(byClass.map((one) => one.sensitivity.value)).toEqual([0, 0.5, 1]);
    expect(byClass.map((one) => one.specificity.value)).toEqual([0.75, 1, 1]);
    expect(byClass[2].sensitivity.interval).toEqual([0.3424, 1]); // Wilson, 2 of 2
    expect(auc).toBeCloseTo(byClass.reduce((sum, one) => sum + one.auc, 0) / 3, 3);
    expect(aucInterval[0]).toBeCloseTo(byClass.reduce((sum, one) => sum + one.aucInterval[0], 0) / 3, 3);
    expect(aucInterval[1]).toBeLessThanOrEqual(1);
  });
});
