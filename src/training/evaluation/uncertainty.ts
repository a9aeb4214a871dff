import {
  UNCERTAINTY_MEASURES,
  type AreaWithInterval,
  type UncertaintyEvaluation,
  type UncertaintyMeasure,
} from '../../inference/card-evaluation.js';
import type { Scores } from '../fit/scorer.js';
import { round, roundDown } from '../round.js';
import { conformalThreshold } from './calibration.js';
import { called, rounded, withInterval } from './outcomes.js';
import { predictiveEntropy, ranking, type Ranking } from './ranking.js';

export interface Scored {
  readonly label: number;
  readonly scores: Scores;
}

const COVERAGE = 0.95;
/** Of validation cases, the share above which a second look is asked for. */
const REFERRED = 0.1;

export const probabilitiesOf = ({ scores }: Pick<Scored, 'scores'>): number[] => Array.from(scores['probabilities']);

/** A measure of one case; higher for less sure. Undefined where the model does not give it. */
export function measured(measure: UncertaintyMeasure, { scores }: Pick<Scored, 'scores'>): number | undefined {
  if (measure === 'predictive_entropy') return predictiveEntropy(Array.from(scores['probabilities']));
  if (measure === 'least_confidence') return 1 - Math.max(...scores['probabilities']);
  return scores[measure]?.[0];
}

/**
 * What each measure of uncertainty is worth on the test cases, and on pictures of other kinds; which of them asks for a
 * second look (drivingMeasure), and from where on.
 */
export function evaluateUncertainty(
  val: readonly Scored[],
  test: readonly Scored[],
  others: readonly { readonly dataset: string; readonly cases: readonly Pick<Scored, 'scores'>[] }[],
  operatingThreshold: number,
): UncertaintyEvaluation {
  const given = UNCERTAINTY_MEASURES.filter((measure) => measured(measure, test[0]) !== undefined);
  const values = (measure: UncertaintyMeasure, cases: readonly Pick<Scored, 'scores'>[]) => cases.map((one) => measured(measure, one) ?? 0);
  const wrong = (one: Scored) => called({ probabilities: probabilitiesOf(one) }, operatingThreshold) !== one.label;
  const errors = (measure: UncertaintyMeasure, cases: readonly Scored[]) =>
    ranking(
      values(measure, cases.filter(wrong)),
      values(
        measure,
        cases.filter((one) => !wrong(one)),
      ),
    );
  const measures = given.map((measure) => {
    const onErrors = errors(measure, test);
    const apart = others.flatMap(({ dataset, cases }) => {
      const found = ranking(values(measure, cases), values(measure, test));
      return found === undefined ? [] : [{ dataset, ...area(found) }];
    });
    return { measure, ...(onErrors && { errors: area(onErrors) }), outOfDistribution: apart };
  });
  const driving = drivingMeasure(given, (measure) => errors(measure, val));
  const sorted = values(driving, val).sort((a, b) => b - a);
  const threshold = roundDown(
    conformalThreshold(
      val.map(probabilitiesOf),
      val.map(({ label }) => label),
      COVERAGE,
    ),
  );
  const sets = test.map((one) => probabilitiesOf(one).map((probability) => probability >= threshold));
  const covered = sets.filter((set, i) => set[test[i].label]).length;
  return {
    referral: { measure: driving, above: roundDown(sorted[Math.floor(REFERRED * sorted.length)]) },
    measures,
    predictionSets: {
      coverage: COVERAGE,
      threshold,
      covered: withInterval(covered, test.length),
      meanSize: round(sets.reduce((sum, set) => sum + set.filter(Boolean).length, 0) / sets.length),
    },
  };
}

/**
 * Entropy, unless another measure ranks the errors of validation better than by chance it would: its area's lower bound lies above
 * entropy's area. Few errors, or none, leave entropy.
 */
function drivingMeasure(
  measures: readonly UncertaintyMeasure[],
  worth: (measure: UncertaintyMeasure) => Ranking | undefined,
): UncertaintyMeasure {
  const usual: UncertaintyMeasure = 'predictive_entropy';
  const ofUsual = worth(usual)?.auc ?? 1;
  const better = measures.filter((measure) => (worth(measure)?.interval[0] ?? 0) > ofUsual);
  return better.sort((a, b) => (worth(b)?.auc ?? 0) - (worth(a)?.auc ?? 0)).at(0) ?? usual;
}

const area = ({ auc, interval, found, others }: Ranking): AreaWithInterval => ({
  auc: round(auc),
  interval: rounded(interval),
  found,
  others,
});
