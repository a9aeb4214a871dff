import { describe, expect, it } from '@jest/globals';
import type { UncertaintyEvaluation, UncertaintyMeasure } from '../../src/inference/card-evaluation.js';
import { deriveOutputs } from '../../src/inference/derive-outputs.js';
import { aCard } from './tiny-models.js';

const said = (measure: UncertaintyMeasure, above: number, threshold = 0.2): UncertaintyEvaluation => ({
  referral: { measure, above },
  measures: [],
  predictionSets: { coverage: 0.95, threshold, covered: { value: 0.95, interval: [0.9, 1] }, meanSize: 1 },
});

const tensor = (data: number[], dims: number[]) => ({ data, dims });
const given = (uncertainty: UncertaintyEvaluation | undefined, more = {}) =>
  deriveOutputs(
    { logits: tensor([0, 2], [1, 2]), uncertainty: tensor([0.3], [1]), input_distance: tensor([1.7], [1]), ...more },
    { ...aCard(), ...(uncertainty && { uncertainty }) },
  );

describe('A second look is asked for by the measure that the card names', () => {
  // softmax(0, 2): 0.1192, 0.8808; entropy 0.3653 nats of 0.6931
  it.each<[UncertaintyMeasure, number]>([
    ['uncertainty', 0.3],
    ['predictive_entropy', 0.527],
    ['least_confidence', 0.1192],
    ['input_distance', 1.7],
  ])('%s', (measure, value) => {
    expect(given(said(measure, value - 0.01)).referral).toMatchObject({ measure, refers: true });
    expect(given(said(measure, value + 0.01)).referral).toMatchObject({ measure, refers: false });
    expect(given(said(measure, 0)).referral?.value).toBeCloseTo(value, 3);
  });

  it('is silent where the card names none, or the model does not give it', () => {
    expect(given(undefined).referral).toBeUndefined();
    expect(given(said('input_distance', 1), { input_distance: undefined }).referral).toBeUndefined();
  });

  it('lists the classes that can’t be ruled out', () => {
    expect(given(said('uncertainty', 1, 0.1)).predictionSet).toEqual([0, 1]);
    expect(given(said('uncertainty', 1, 0.2)).predictionSet).toEqual([1]);
    expect(given(said('uncertainty', 1, 0.9)).predictionSet).toEqual([]);
    expect(given(undefined).predictionSet).toBeUndefined();
  });
});
