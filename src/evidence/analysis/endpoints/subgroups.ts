import { adjustPValues } from '../../statistics/multiplicity.js';
import { type ProportionHeterogeneity, proportionHeterogeneity } from '../../statistics/pooling/subgroup-heterogeneity.js';
import { proportion } from '../../statistics/proportions/proportion.js';
import type { Interval } from '../../statistics/results.js';
import { TablesDisagree } from '../faults.js';
import type { AnalysisPlan, Factor, SubgroupsEndpoint } from '../plan.js';
import { type Refused, computed, isRefused } from '../refused.js';
import type { Answers } from '../study-data.js';
import type { StudyCase } from '../study-tables.js';
import { type Trace, sortIntoParts } from '../trace.js';
import { placesOf } from './accuracy.js';
import { tracedOf } from './computed.js';

/** One factor's levels, with the share of each, and the test whether they differ. */
export interface FactorResult {
  readonly levels: readonly string[];
  readonly x: readonly number[];
  readonly n: readonly number[];
  /** Null for a level without a case. */
  readonly wilson: readonly (Interval | null)[];
  readonly clopperPearson: readonly (Interval | null)[];
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
  const keys = places.map((i) => answers.keys[i]);
  const right = places.map((i) => answers.called[i] === truth);
  const byFactor = planned.factors.map((factor) => {
    const levelOf = places.map((i) => levelIn(factor, answers.cases[i]));
    const found = [...new Set(levelOf)].sort();
    const bands = factor.bands?.map(({ label }) => label) ?? [];
    const levels = [...bands, ...found.filter((level) => !bands.includes(level))];
    const tested = factor.bands === undefined ? levels : levels.filter((level) => level !== OUTSIDE);
    return { name: factor.name, levelOf, levels, result: resultOf(tested, levelOf, right, plan) };
  });
  const p = byFactor.map(({ result: { heterogeneity } }) => (isRefused(heterogeneity) ? null : (heterogeneity.pearson?.p ?? null)));
  const result = computed<SubgroupResult>(() => {
    const { adjusted } = adjustPValues(p, planned.adjustment, p.length); // the family as planned, with tests that do not exist
    return {
      factors: Object.fromEntries(byFactor.map((factor) => [factor.name, factor.result])),
      adjusted: Object.fromEntries(byFactor.map(({ name }, i) => [name, adjusted[i]])),
    };
  });
  const parts = byFactor.map(({ name, levelOf, levels }) => {
    const label = (level: string): string => `${name}: ${level}`;
    return sortIntoParts(keys, (i) => label(levelOf[i]), levels.map(label));
  });
  return tracedOf(answers, keys, result, Object.assign({}, ...parts) as Trace['parts']);
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
  const shares = n.map((trials, i) => proportion(x[i], trials, plan.conf));
  return {
    levels,
    x,
    n,
    wilson: shares.map((share) => share.wilson),
    clopperPearson: shares.map((share) => share.clopperPearson),
    heterogeneity: computed(() => proportionHeterogeneity(x, n, plan.minSubgroupN)),
  };
}

/** @throws TablesDisagree  the cases have no such column */
function levelIn({ name, column, bands }: Factor, { caseId, category, number }: StudyCase): string {
  const columns: Readonly<Record<string, string | number | null>> = bands === undefined ? category : number;
  if (!Object.hasOwn(columns, column)) throw new TablesDisagree(`The cases have no column ${column} for ${name}.`, [caseId]);
  const value = columns[column];
  if (value === null || value === '') return UNKNOWN;
  if (typeof value === 'string') return value;
  const whole = Math.floor(value);
  return bands?.find(({ from, to }) => whole >= from && whole <= to)?.label ?? OUTSIDE;
}
