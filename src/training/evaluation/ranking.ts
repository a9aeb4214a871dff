import { entropyOf } from '../../inference/derive-outputs.js';
import { rocArea } from './roc.js';

/** How well a measure puts the cases that it should find above the others. */
export interface Ranking {
  readonly auc: number;
  readonly interval: readonly [number, number];
  /** Cases to be found, and the others. */
  readonly found: number;
  readonly others: number;
}

/** Undefined where there are fewer than two of either: then no area can be given. */
export function ranking(wanted: readonly number[], others: readonly number[]): Ranking | undefined {
  if (wanted.length < 2 || others.length < 2) return undefined;
  const labels = [...wanted.map(() => 1), ...others.map(() => 0)];
  const { auc, interval } = rocArea([...wanted, ...others], labels);
  return { auc, interval, found: wanted.length, others: others.length };
}

/** Entropy of exclusive classes' probabilities over its greatest value, 0..1, as the server derives it. */
export const predictiveEntropy = (probabilities: readonly number[]): number => entropyOf(probabilities, 'softmax') ?? 0;
