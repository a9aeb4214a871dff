import type { RocBand } from '../../figures/roc.js';
import { quantile } from '../../statistics/quantile.js';
import { drawIndices, seedOf, streamState } from '../../statistics/resampling/random-stream.js';
import { rankedClasses } from '../../statistics/roc/roc-auc.js';

export interface BandOptions {
  /** Decimal, 64 bits. */
  readonly seed: string;
  readonly replicates: number;
  readonly conf: number;
}

const STEPS = 100;

/**
 * Pointwise limits of the true positive rate at each hundredth of the false positive rate: percentiles of a stratified bootstrap with the
 * study's seed (prng of the statistics; as pROC's `ci.se` has it, with the rates interpolated along the curve).
 * @throws StatisticsError
 */
export function rocBand(labels: ArrayLike<number>, scores: ArrayLike<number>, { seed, replicates, conf }: BandOptions): RocBand {
  const { ranks, positivesAt } = rankedClasses(labels, scores);
  const levels = positivesAt.length;
  const ofClass = (label: number): Uint32Array => ranks.filter((_, i) => labels[i] === label);
  const [negatives, positives] = [ofClass(0), ofClass(1)];
  const start = seedOf(seed);
  const rates = Array.from({ length: STEPS + 1 }, () => new Float64Array(replicates));
  for (let replicate = 0; replicate < replicates; replicate++) {
    const state = streamState(start, replicate);
    const drawnPositives = resampled(state, positives, levels);
    const drawnNegatives = resampled(state, negatives, levels);
    ratesAtSteps(drawnPositives, drawnNegatives, (step, tpr) => (rates[step][replicate] = tpr));
  }
  const tail = (1 - conf) / 2;
  const sorted = rates.map((one) => one.sort());
  return {
    fpr: sorted.map((_, step) => step / STEPS),
    lower: sorted.map((one) => quantile(one, tail)),
    upper: sorted.map((one) => quantile(one, 1 - tail)),
  };
}

/** How often each level is drawn. */
function resampled(state: ReturnType<typeof streamState>, ranks: Uint32Array, levels: number): Uint32Array {
  const drawn = new Uint32Array(ranks.length);
  drawIndices(state, ranks.length, drawn, ranks.length);
  const counts = new Uint32Array(levels);
  for (const i of drawn) counts[ranks[i]]++;
  return counts;
}

/** The curve's true positive rate at each step of the false positive rate, from the highest score down; the upper end where it rises straight. */
function ratesAtSteps(positivesAt: Uint32Array, negativesAt: Uint32Array, tell: (step: number, tpr: number) => void): void {
  const sum = (counts: Uint32Array): number => counts.reduce((all, one) => all + one, 0);
  const [positives, negatives] = [sum(positivesAt), sum(negativesAt)];
  let [found, alarms, step] = [0, 0, 0];
  for (let level = positivesAt.length - 1; level >= 0; level--) {
    const [fromFound, fromAlarms] = [found, alarms];
    found += positivesAt[level];
    alarms += negativesAt[level];
    if (alarms === fromAlarms) continue;
    for (; step <= STEPS && step * negatives < alarms * STEPS; step++) {
      const along = Math.max(0, (step * negatives) / STEPS - fromAlarms) / (alarms - fromAlarms);
      tell(step, (fromFound + along * (found - fromFound)) / positives);
    }
  }
  for (; step <= STEPS; step++) tell(step, 1);
}
