import {
  requireBothClasses,
  requireFinite,
  requireLabels,
  requireNumber,
  requireOpenUnit,
  requireSameLength,
  requireSome,
  requireThat,
} from '../input-checks.js';
import { numberedClusters } from '../roc/clusters.js';
import { classLevels, type ClassLevels } from '../roc/class-levels.js';
import { seedOf } from './random-stream.js';

/** What a replicate is resampled for; the binary ones take a case as positive where its score ≥ threshold. */
export type Statistic = 'auc' | 'auc_difference' | 'sensitivity' | 'specificity';

export interface ResamplingInput {
  readonly statistic: Statistic;
  /** [cases], 0 or 1 */
  readonly labels: ArrayLike<number>;
  /** [cases], finite */
  readonly scores: ArrayLike<number>;
  /** [cases], the comparator's, for `auc_difference` */
  readonly scores2?: ArrayLike<number>;
  /** for `sensitivity` and `specificity` */
  readonly threshold?: number;
  /** [cases], what patient a case is of: patients are drawn, with all of their cases */
  readonly cluster?: ArrayLike<number | string>;
  /** draws as many positive cases as there are, then as many negative ones; of patients, those with any positive case first */
  readonly stratified: boolean;
  readonly replicates: number;
  /** decimal, unsigned, 64 bits */
  readonly seed: string;
  /** level of the intervals, 0.95 by default */
  readonly conf?: number;
}

/** Units that are drawn together, with the codes of their cases. */
export interface Stratum {
  readonly units: number;
  /** where each unit's codes begin, and where the last one's end; null where a unit is a case */
  readonly offsets: Uint32Array | null;
  /** of each curve the codes of the cases, unit by unit */
  readonly codes: readonly Uint32Array[];
}

/**
 * All that replicates need, as plain arrays that go to a worker. A replicate is how often each code was drawn, and the
 * statistic a function of these counts. Of an AUC the code is twice the place of the score, and one more for a positive case,
 * places being counted anew only where a class ends: neighbours of one class need not be told apart, so counts stay few and the
 * sweep short. Of a binary statistic it is 0 for the other class, 1 for a wrong and 2 for a right answer.
 */
export interface ResamplingPlan {
  readonly statistic: Statistic;
  readonly seed: string;
  readonly replicates: number;
  readonly conf: number;
  readonly strata: readonly Stratum[];
  /** how many codes each curve has */
  readonly codeCounts: readonly number[];
}

/** More replicates than this are a mistake: their values alone are 80 MB. */
const MOST_REPLICATES = 10_000_000;

/** @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN, E_ONE_CLASS */
export function planResampling(input: ResamplingInput): ResamplingPlan {
  const { statistic, labels, scores, scores2, cluster, stratified, replicates, seed, conf = 0.95 } = input;
  requireSome(labels);
  requireSameLength(labels, scores);
  if (statistic === 'auc_difference') requireSameLength(labels, scores2 ?? []);
  if (cluster !== undefined) requireSameLength(labels, cluster);
  const positives = requireLabels(labels);
  requireFinite(scores);
  if (statistic === 'auc_difference' && scores2 !== undefined) requireFinite(scores2);
  requireThat(Number.isSafeInteger(replicates) && replicates >= 2 && replicates <= MOST_REPLICATES, 'E_DOMAIN');
  seedOf(seed);
  requireOpenUnit(conf);
  const clusters = cluster && numberedClusters(cluster);
  const curves = curvesOf(input, { positives, negatives: labels.length - positives });
  return {
    statistic,
    seed,
    replicates,
    conf,
    strata: clusters === undefined ? strataOfCases(curves, labels, stratified) : strataOfClusters(curves, labels, clusters, stratified),
    codeCounts: curves.map(({ count }) => count),
  };
}

interface Curve {
  /** [cases] */
  readonly codes: Uint32Array;
  readonly count: number;
}

function curvesOf(input: ResamplingInput, classes: { positives: number; negatives: number }): Curve[] {
  const { statistic, labels, scores, scores2, threshold } = input;
  switch (statistic) {
    case 'auc':
      requireBothClasses(classes);
      return [rankCodes(labels, scores)];
    case 'auc_difference':
      requireBothClasses(classes);
      return [rankCodes(labels, scores), rankCodes(labels, scores2 ?? [])];
    case 'sensitivity':
    case 'specificity': {
      requireNumber(threshold ?? Number.NaN);
      requireThat((statistic === 'sensitivity' ? classes.positives : classes.negatives) > 0, 'E_ONE_CLASS');
      return [answerCodes(labels, scores, threshold ?? 0, statistic === 'sensitivity' ? 1 : 0)];
    }
    default:
      requireThat(false, 'E_DOMAIN');
      return [];
  }
}

function rankCodes(labels: ArrayLike<number>, scores: ArrayLike<number>): Curve {
  const levels = classLevels(labels, scores);
  const places = placesBetweenClasses(levels);
  const codes = levels.ranks.map((rank, i) => 2 * places[rank] + labels[i]);
  return { codes, count: 2 * (places[places.length - 1] + 1) };
}

/** The place of each level where levels that follow each other and hold one and the same class are one. */
function placesBetweenClasses({ positivesAt, negativesAt }: ClassLevels): Uint32Array {
  const places = new Uint32Array(positivesAt.length);
  const kind = (level: number): number => (positivesAt[level] === 0 ? 0 : negativesAt[level] === 0 ? 1 : 2);
  for (let level = 1, place = 0; level < places.length; level++) {
    if (kind(level) === 2 || kind(level) !== kind(level - 1)) place++;
    places[level] = place;
  }
  return places;
}

function answerCodes(labels: ArrayLike<number>, scores: ArrayLike<number>, threshold: number, label: 0 | 1): Curve {
  const codes = new Uint32Array(labels.length);
  for (let i = 0; i < codes.length; i++) if (labels[i] === label) codes[i] = (scores[i] >= threshold ? 1 : 0) === label ? 2 : 1;
  return { codes, count: 3 };
}

function strataOfCases(curves: readonly Curve[], labels: ArrayLike<number>, stratified: boolean): Stratum[] {
  if (!stratified) return [{ units: labels.length, offsets: null, codes: curves.map(({ codes }) => codes) }];
  return [1, 0]
    .map((label) => ({ offsets: null, codes: curves.map(({ codes }) => codes.filter((_, i) => labels[i] === label)) }))
    .map((stratum) => ({ units: stratum.codes[0].length, ...stratum }))
    .filter(({ units }) => units > 0);
}

function strataOfClusters(
  curves: readonly Curve[],
  labels: ArrayLike<number>,
  { clusterOf, count }: ReturnType<typeof numberedClusters>,
  stratified: boolean,
): Stratum[] {
  const sizes = new Uint32Array(count);
  const withPositive = new Uint8Array(count);
  for (let i = 0; i < clusterOf.length; i++) {
    sizes[clusterOf[i]]++;
    if (labels[i] === 1) withPositive[clusterOf[i]] = 1;
  }
  const groups = stratified ? [1, 0] : [undefined];
  return groups
    .map((group) => {
      const offsets = [0];
      const startOf = new Float64Array(count).fill(-1); // next free place of each cluster in this stratum
      for (let c = 0, end = 0; c < count; c++) {
        if (group !== undefined && withPositive[c] !== group) continue;
        startOf[c] = end;
        offsets.push((end += sizes[c]));
      }
      const codes = curves.map(() => new Uint32Array(offsets[offsets.length - 1]));
      for (let i = 0; i < clusterOf.length; i++) {
        const place = startOf[clusterOf[i]];
        if (place < 0) continue;
        for (const [k, curve] of curves.entries()) codes[k][place] = curve.codes[i];
        startOf[clusterOf[i]]++;
      }
      return { units: offsets.length - 1, offsets: Uint32Array.from(offsets), codes };
    })
    .filter(({ units }) => units > 0);
}
