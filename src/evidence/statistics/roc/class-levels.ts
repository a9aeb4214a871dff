import { denseRanks } from '../ranking/dense-ranks.js';

/** How many cases of each class have each score: all that an empirical ROC curve knows. */
export interface ClassLevels {
  readonly positives: number;
  readonly negatives: number;
  /** place of each case's score among the different scores, 0 for the smallest, in the order of the cases */
  readonly ranks: Uint32Array;
  /** positives at each score, smallest first */
  readonly positivesAt: Uint32Array;
  readonly negativesAt: Uint32Array;
}

/**
 * @param labels  0 or 1 each, checked before
 * @throws E_NON_FINITE  a score that is missing, not a number or infinite
 */
export function classLevels(labels: ArrayLike<number>, scores: ArrayLike<number>): ClassLevels {
  const { ranks, levels } = denseRanks(scores);
  const positivesAt = new Uint32Array(levels);
  const negativesAt = new Uint32Array(levels);
  let positives = 0;
  for (let i = 0; i < ranks.length; i++) {
    if (labels[i] === 1) {
      positivesAt[ranks[i]]++;
      positives++;
    } else negativesAt[ranks[i]]++;
  }
  return { positives, negatives: ranks.length - positives, ranks, positivesAt, negativesAt };
}
