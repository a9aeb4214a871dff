import { cohenKappa } from '../../statistics/agreement/cohen-kappa.js';
import { confusionMetrics } from '../../statistics/proportions/confusion-metrics.js';
import { type PairedProportions, type PairedTable, pairedProportions } from '../../statistics/proportions/paired-proportions.js';
import { TablesDisagree } from '../faults.js';
import type { AnalysisPlan, ComparatorAgreementEndpoint, PairedAccuracyEndpoint } from '../plan.js';
import { computed } from '../refused.js';
import type { Answers } from '../study-data.js';
import { sortIntoParts } from '../trace.js';
import { traced, tracedOf } from './computed.js';

/** Sensitivity, specificity and their relatives at the threshold. */
export function accuracyEndpoint(answers: Answers, { conf }: AnalysisPlan) {
  const cells = [
    ['tn', 'fp'],
    ['fn', 'tp'],
  ];
  const parts = sortIntoParts(answers.keys, (i) => cells[answers.labels[i]][answers.called[i]], cells.flat());
  const table = { tp: parts['tp'].length, fp: parts['fp'].length, fn: parts['fn'].length, tn: parts['tn'].length };
  return traced(
    answers,
    computed(() => confusionMetrics(table, conf)),
    parts,
  );
}

/** The paired table beside what is computed from it: both right, the model alone, the comparator alone, neither. */
export interface PairedAccuracy extends PairedProportions {
  readonly table: readonly [a: number, b: number, c: number, d: number];
}

/** The model's sensitivity (or specificity) less a comparator's, on the diseased (or healthy) cases. */
export function pairedAccuracyEndpoint(answers: Answers, { conf }: AnalysisPlan, { measure, comparator, margin }: PairedAccuracyEndpoint) {
  const truth = measure === 'sensitivity' ? 1 : 0;
  const places = placesOf(answers, truth);
  const keys = places.map((i) => answers.keys[i]);
  const others = calledBy(answers, comparator);
  const cells = [
    ['bothRight', 'modelAlone'],
    ['comparatorAlone', 'neither'],
  ];
  const parts = sortIntoParts(
    keys,
    (i) => cells[answers.called[places[i]] === truth ? 0 : 1][others[places[i]] === truth ? 0 : 1],
    cells.flat(),
  );
  const [a, b, c, d] = cells.flat().map((cell) => parts[cell].length);
  const table: PairedTable = { a, b, c, d };
  const result = computed<PairedAccuracy>(() => ({ ...pairedProportions(table, margin, conf), table: [a, b, c, d] }));
  return tracedOf(answers, keys, result, parts);
}

/** Cohen's kappa of the model's calls with a comparator's. */
export function comparatorAgreementEndpoint(
  answers: Answers,
  { conf }: AnalysisPlan,
  { comparator, weights }: ComparatorAgreementEndpoint,
) {
  const others = calledBy(answers, comparator);
  const result = computed(() => cohenKappa(answers.called, others, [0, 1], weights, conf));
  const cells = ['bothNegative', 'comparatorPositive', 'modelPositive', 'bothPositive'];
  return traced(
    answers,
    result,
    sortIntoParts(answers.keys, (i) => cells[2 * answers.called[i] + others[i]], cells),
  );
}

/** Where the cases of one truth stand among the answers. */
export const placesOf = ({ labels }: Answers, truth: 0 | 1): number[] => {
  const places: number[] = [];
  for (let i = 0; i < labels.length; i++) if (labels[i] === truth) places.push(i);
  return places;
};

/** @throws TablesDisagree  cases do not say what the comparator called them */
function calledBy({ cases }: Answers, comparator: string): Uint8Array {
  const lacking = cases.filter(({ binary }) => !Object.hasOwn(binary, comparator)).map(({ caseId }) => caseId);
  if (lacking.length > 0) throw new TablesDisagree(`${lacking.length} cases do not say what ${comparator} called them.`, lacking);
  return Uint8Array.from(cases, ({ binary }) => binary[comparator]);
}
