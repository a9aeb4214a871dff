import type { ClassEvaluation, ModelEvaluation, ShareWithInterval, SubgroupEvaluation } from '../../inference/card-evaluation.js';
import { round } from '../round.js';
import { expectedCalibrationError } from './calibration.js';
import { proportion } from './proportion.js';
import { macroAuc, oneAgainstRest, type RocArea } from './roc.js';

/** What a model said of one case, and the truth. */
export interface Outcome {
  readonly file: string;
  readonly label: number;
  readonly attributes: Readonly<Record<string, string>>;
  /** One for each class. */
  readonly probabilities: readonly number[];
}

const MOST_ERRORS_NAMED = 10;
const METHOD =
  'DeLong 1988, 95 % (Wilson on the smaller class where all pairs are ordered); pictures taken as independent, though those of one patient, or of neighbouring slices, are not: the true interval is wider';

/** The class that is called: of two, the second from its operating threshold on; of more, the likeliest. */
export function called({ probabilities }: Pick<Outcome, 'probabilities'>, operatingThreshold: number): number {
  if (probabilities.length === 2) return probabilities[1] >= operatingThreshold ? 1 : 0;
  return probabilities.indexOf(Math.max(...probabilities));
}

export interface EvaluationForm {
  readonly dataset: string;
  readonly split: string;
  /** Of the second of two classes; of more, of each. */
  readonly operatingThreshold: number;
  /** Of the classes. */
  readonly labels: readonly string[];
  /** Attributes by whose values the cases are reported apart too. */
  readonly subgroups: readonly string[];
}

export function evaluate(
  outcomes: readonly Outcome[],
  { dataset, split, operatingThreshold, subgroups, labels }: EvaluationForm,
): ModelEvaluation {
  const classes = outcomes[0].probabilities.length;
  const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (const outcome of outcomes) confusion[outcome.label][called(outcome, operatingThreshold)]++;
  const areas = Array.from({ length: classes }, (_, k) => oneAgainstRest(probabilitiesOf(outcomes), labelsOf(outcomes), k));
  const binary = classes === 2;
  const interval = binary ? areas[1].interval : meanInterval(areas);
  return {
    dataset,
    split,
    cases: outcomes.length,
    positives: outcomes.filter(({ label }) => label > 0).length,
    auc: round(macroAuc(probabilitiesOf(outcomes), labelsOf(outcomes))),
    aucInterval: [round(interval[0]), round(interval[1])],
    intervalMethod: binary ? METHOD : `mean of each class against the rest, and of their bounds; ${METHOD}`,
    ...rates(confusion),
    accuracy: shareOf(outcomes, operatingThreshold),
    calibrationError: round(expectedCalibrationError(probabilitiesOf(outcomes), labelsOf(outcomes))),
    ...(!binary && { byClass: labels.map((label, k) => classOf(outcomes, k, label, areas[k], operatingThreshold)) }),
    confusion,
    subgroups: subgroups.flatMap((attribute) => subgroupsBy(attribute, outcomes, operatingThreshold)),
    errors: errorsOf(outcomes, operatingThreshold),
  };
}

const probabilitiesOf = (outcomes: readonly Outcome[]) => outcomes.map(({ probabilities }) => probabilities);
const labelsOf = (outcomes: readonly Outcome[]) => outcomes.map(({ label }) => label);

/** Wide enough whatever the classes' areas have to do with each other. */
function meanInterval(areas: readonly RocArea[]): [number, number] {
  const mean = (bound: 0 | 1) => areas.reduce((sum, { interval }) => sum + interval[bound], 0) / areas.length;
  return [mean(0), mean(1)];
}

/** One class against the rest, called from the threshold on as a report calls it. */
function classOf(outcomes: readonly Outcome[], k: number, label: string, { auc, interval }: RocArea, threshold: number): ClassEvaluation {
  const [own, others] = [outcomes.filter((one) => one.label === k), outcomes.filter((one) => one.label !== k)];
  const called = (cases: readonly Outcome[]) => cases.filter(({ probabilities }) => probabilities[k] >= threshold).length;
  return {
    label,
    cases: own.length,
    auc: round(auc),
    aucInterval: rounded(interval),
    sensitivity: withInterval(called(own), own.length),
    specificity: withInterval(others.length - called(others), others.length),
  };
}

type Rates = Pick<ModelEvaluation, 'sensitivity' | 'specificity' | 'sensitivityInterval' | 'specificityInterval'>;

function rates(confusion: readonly (readonly number[])[]): Rates {
  const total = (row: readonly number[]) => row.reduce((sum, count) => sum + count, 0);
  if (confusion.length === 2) {
    const found = proportion(confusion[1][1], total(confusion[1]));
    const spared = proportion(confusion[0][0], total(confusion[0]));
    return {
      sensitivity: round(found?.value ?? 0),
      specificity: round(spared?.value ?? 0),
      ...(found && { sensitivityInterval: rounded(found.interval) }),
      ...(spared && { specificityInterval: rounded(spared.interval) }),
    };
  }
  const all = confusion.reduce((sum, row) => sum + total(row), 0);
  const sensitivities = confusion.map((row, k) => row[k] / total(row));
  const specificities = confusion.map((row, k) => {
    const calledIt = confusion.reduce((sum, other) => sum + other[k], 0);
    return (all - total(row) - (calledIt - row[k])) / (all - total(row));
  });
  const mean = (values: readonly number[]) => round(total(values) / values.length);
  return { sensitivity: mean(sensitivities), specificity: mean(specificities) };
}

function shareOf(outcomes: readonly Outcome[], operatingThreshold: number): ShareWithInterval {
  const right = outcomes.filter((outcome) => called(outcome, operatingThreshold) === outcome.label).length;
  return withInterval(right, outcomes.length);
}

/** @param total  above 0 */
export function withInterval(count: number, total: number): ShareWithInterval {
  const share = proportion(count, total);
  return { value: round(share?.value ?? 0), interval: rounded(share?.interval ?? [0, 1]) };
}

function subgroupsBy(attribute: string, outcomes: readonly Outcome[], operatingThreshold: number): SubgroupEvaluation[] {
  const groups = Map.groupBy(outcomes, ({ attributes }) => attributes[attribute] ?? 'not given');
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([value, cases]) => {
      const enough = cases[0].probabilities.every((_, k) => cases.filter(({ label }) => label === k).length >= 2);
      const auc = enough ? { auc: round(macroAuc(probabilitiesOf(cases), labelsOf(cases))) } : {};
      return { attribute, value, cases: cases.length, accuracy: shareOf(cases, operatingThreshold), ...auc };
    });
}

function errorsOf(outcomes: readonly Outcome[], operatingThreshold: number): string[] {
  const wrong = outcomes.filter((outcome) => called(outcome, operatingThreshold) !== outcome.label);
  const sure = ({ label, probabilities }: Outcome) => probabilities[label];
  return wrong
    .sort((a, b) => sure(a) - sure(b))
    .slice(0, MOST_ERRORS_NAMED)
    .map(({ file }) => file);
}

export const rounded = ([low, high]: readonly [number, number]): [number, number] => [round(low), round(high)];
