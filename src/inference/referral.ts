import type { UncertaintyEvaluation, UncertaintyMeasure } from './card-evaluation.js';

/** What a model says of its own doubt about one image, by the measure that its card trusts most. */
export interface Referral {
  readonly measure: UncertaintyMeasure;
  readonly value: number;
  /** From here on a second look is asked for. */
  readonly above: number;
  readonly refers: boolean;
}

/** The numbers that a card may choose from. */
export interface Doubts {
  readonly uncertainty: number | undefined;
  readonly predictiveEntropy: number | undefined;
  readonly confidence: number;
  readonly inputDistance: number | undefined;
}

/** Undefined where the card names no measure, or one that the model did not give. */
export function referralOf(doubts: Doubts, card: UncertaintyEvaluation | undefined): Referral | undefined {
  if (card === undefined) return undefined;
  const { measure, above } = card.referral;
  const value = {
    uncertainty: doubts.uncertainty,
    predictive_entropy: doubts.predictiveEntropy,
    least_confidence: 1 - doubts.confidence,
    input_distance: doubts.inputDistance,
  }[measure];
  return value === undefined ? undefined : { measure, value, above, refers: value > above };
}

/** The classes, by index, that a split-conformal set holds (card-evaluation.ts); undefined where the card has no threshold. */
export function predictionSetOf(probabilities: readonly number[], card: UncertaintyEvaluation | undefined): number[] | undefined {
  if (card === undefined) return undefined;
  return probabilities.flatMap((probability, k) => (probability >= card.predictionSets.threshold ? [k] : []));
}
