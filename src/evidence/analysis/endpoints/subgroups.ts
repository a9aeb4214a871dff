import { adjustPValues } from '../../statistics/multiplicity.js';
import { type ProportionHeterogeneity, proportionHeterogeneity } from '../../statistics/pooling/subgroup-heterogeneity.js';
import { wilson } from '../../statistics/proportions/proportion.js';
import type { Interval } from '../../statistics/results.js';
import { TablesDisagree } from '../faults.js';
import type { AnalysisPlan, Factor, SubgroupsEndpoint } from '../plan.js';
import { type Refused, computed, isRefused } from '../refused.js';
import type { Answers } from '../study-data.js';
import type { StudyCase } from '../study-tables.js';
import { sortIntoParts } from '../trace.js';
import { placesOf } from './accuracy.js';
import { tracedOf } from './computed.js';

/** One factor's levels, with the share of each, and the test whether they differ. */
export interface FactorResult {
  readonly levels: readonly string[];
  readonly x: readonly number[];
  readonly n: readonly number[];
  /** Null for a level without a case. */
  readonly wilson: readonly (Interval | null)[];
  readonly heterogeneity: ProportionHeterogeneity | Refused;
}

export interface SubgroupResult {
  readonly factors: Readonly<Record<string, FactorResult>>;
  /** P-values adjusted over all the factors that were planned; null where a factor has no test. */
  readonly adjusted: Readonly<Record<string, number | null>>;
}

/** What a case whose value is not known is called. */
const UNKNOWN = 'unknown';
/** What a case is called whose number is in no band: it is shown, and tested as little as a small group. */
const OUTSIDE = 'outside the bands';

/** Whether the model's sensitivity (or specificity) is the same in all subgroups. */
export function subgroupsEndpoint(answers: Answers, plan: AnalysisPlan, planned: SubgroupsEndpoint) {
  const truth = planned.measure === 'sensitivity' ? 1 : 0;
  const places = placesOf(answers, truth);
  const keys = places.map((i) => answers.cases[i].caseId);
  const right = places.map((i) => answers.called[i] === truth);
  const parts: Record<string, readonly string[]> = {};
  const factors: Record<string, FactorResult> = {};
  for (const factor of planned.factors) {
    const levelOf = places.map((i) => levelIn(factor, answers.cases[i]));
    const groups = sortIntoParts(keys, (i) => levelOf[i], bandLabels(factor));
    const levels = factor.bands === undefined ? Object.keys(groups).sort() : Object.keys(groups);
    for (const level of levels) parts[`${factor.name}: ${level}`] = groups[level];
    const tested = levels.filter((level) => level !== OUTSIDE);
    factors[factor.name] = resultOf(tested, levelOf, right, plan);
  }
  const names = planned.factors.map(({ name }) => name);
  const p = names.map((name) => {
    const { heterogeneity } = factors[name];
    return isRefused(heterogeneity) ? null : (heterogeneity.pearson?.p ?? null);
  });
  const result = computed<SubgroupResult>(() => {
    const { adjusted } = adjustPValues(p, planned.adjustment, names.length); // the family as planned, tests that failed as well
    return { factors, adjusted: Object.fromEntries(names.map((name, i) => [name, adjusted[i]])) };
  });
  return tracedOf(answers, keys, result, parts);
}

function resultOf(levels: readonly string[], levelOf: readonly string[], right: readonly boolean[], plan: AnalysisPlan): FactorResult {
  const place = new Map(levels.map((level, i) => [level, i]));
  const x = levels.map(() => 0);
  const n = levels.map(() => 0);
  for (const [i, level] of levelOf.entries()) {
    const at = place.get(level);
    if (at === undefined) continue;
    n[at]++;
    if (right[i]) x[at]++;
  }
  return {
    levels,
    x,
    n,
    wilson: n.map((trials, i) => (trials === 0 ? null : wilson(x[i], trials, plan.conf))),
    heterogeneity: computed(() => proportionHeterogeneity(x, n, plan.minSubgroupN)),
  };
}

const bandLabels = ({ bands = [] }: Factor): string[] => bands.map(({ label }) => label);

/** @throws TablesDisagree  the cases have no such column */
function levelIn({ name, column, bands }: Factor, { caseId, category, number }: StudyCase): string {
  const value = bands === undefined ? category[column] : number[column];
  if (value === undefined) throw new TablesDisagree(`The cases have no column ${column} for ${name}.`, [caseId]);
  if (value === null || value === '') return UNKNOWN;
  if (typeof value === 'string') return value;
  const whole = Math.floor(value);
  return bands?.find(({ from, to }) => whole >= from && whole <= to)?.label ?? OUTSIDE;
}
