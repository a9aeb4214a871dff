import { accuracyEndpoint, comparatorAgreementEndpoint, pairedAccuracyEndpoint } from './endpoints/accuracy.js';
import type { Computed } from './endpoints/computed.js';
import { aucEndpoint, calibrationEndpoint, clusteredAucEndpoint } from './endpoints/discrimination.js';
import { againstReadersEndpoint, aidedReadersEndpoint, readerAgreementEndpoint } from './endpoints/readers.js';
import { subgroupsEndpoint } from './endpoints/subgroups.js';
import { type AnalysisPlan, type FailureRule, type SingleEndpoint, checkPlan } from './plan.js';
import { type Answers, type StudyData, answersUnder, joinTables } from './study-data.js';
import { ARMS, type StudyTables } from './study-tables.js';

/** How each kind of endpoint is computed: one place, so that its result's type follows from it. */
const COMPUTE = {
  auc: (answers, _, plan) => aucEndpoint(answers, plan),
  'clustered-auc': (answers, _, plan) => clusteredAucEndpoint(answers, plan),
  accuracy: (answers, _, plan) => accuracyEndpoint(answers, plan),
  'paired-accuracy': (answers, _, plan, planned) => pairedAccuracyEndpoint(answers, plan, planned),
  'comparator-agreement': (answers, _, plan, planned) => comparatorAgreementEndpoint(answers, plan, planned),
  'against-readers': (answers, data, plan, planned) => againstReadersEndpoint(answers, data, plan, planned),
  'aided-readers': (answers, data, plan, planned) => aidedReadersEndpoint(answers, data, plan, planned),
  'reader-agreement': (answers, data, _, planned) => readerAgreementEndpoint(answers, data, planned),
  subgroups: (answers, _, plan, planned) => subgroupsEndpoint(answers, plan, planned),
  calibration: (answers, _, plan, planned) => calibrationEndpoint(answers, plan, planned),
} satisfies { [Kind in SingleEndpoint['kind']]: Compute<Extract<SingleEndpoint, { kind: Kind }>> };

type Compute<Endpoint> = (answers: Answers, data: StudyData, plan: AnalysisPlan, planned: Endpoint) => Computed<object>;
type Kind = SingleEndpoint['kind'];

/** An endpoint's numbers with their intervals, or the code of why there are none, and the cases behind them. */
export type EndpointResult = {
  [K in Kind]: {
    readonly id: string;
    readonly kind: K;
    readonly failures: FailureRule;
    /** The endpoint of the plan that this one repeats under another rule; else not there. */
    readonly repeats?: string;
  } & ReturnType<(typeof COMPUTE)[K]>;
}[Kind];

/** What was analysed: the first box of a flow diagram. */
export interface StudyCounts {
  readonly cases: number;
  readonly patients: number;
  readonly positives: number;
  readonly failures: number;
  readonly casesRead: number;
  readonly readers: number;
}

export interface Analysis {
  readonly counts: StudyCounts;
  /** In the plan's order; a repeat gives one result for each endpoint that it repeats. */
  readonly endpoints: readonly EndpointResult[];
}

/**
 * All endpoints of a study, from its plan and its tables. Pure, and the same to the last digit in whatever order rows come.
 * @throws PlanContradictory, TablesDisagree  before anything is computed of what does not fit together
 */
export function analyse(plan: AnalysisPlan, tables: StudyTables): Analysis {
  checkPlan(plan);
  const data = joinTables(tables);
  const answers = new Map<FailureRule, Answers>();
  const under = (rule: FailureRule): Answers => {
    const known = answers.get(rule) ?? answersUnder(rule, data, plan);
    answers.set(rule, known);
    return known;
  };
  const compute = (planned: SingleEndpoint, rule: FailureRule, id: string): EndpointResult => {
    const computed = (COMPUTE[planned.kind] as Compute<SingleEndpoint>)(under(rule), data, plan, planned);
    return { id, kind: planned.kind, failures: rule, ...computed } as EndpointResult;
  };
  const single = new Map(plan.endpoints.flatMap((one) => (one.kind === 'repeat' ? [] : [[one.id, one] as const])));
  const endpoints = plan.endpoints.flatMap((planned): EndpointResult[] =>
    planned.kind === 'repeat'
      ? planned.of.map((id) => ({ ...compute(single.get(id)!, planned.failures, planned.id), repeats: id }))
      : [compute(planned, planned.failures ?? plan.failures, planned.id)],
  );
  return { counts: countsOf(data), endpoints };
}

const countsOf = ({ cases, scores, readings, readers }: StudyData): StudyCounts => ({
  cases: cases.length,
  patients: new Set(cases.map(({ patientId }) => patientId)).size,
  positives: cases.filter(({ truth }) => truth === 1).length,
  failures: scores.filter((score) => score === null).length,
  casesRead: new Set(ARMS.flatMap((arm) => [...readings[arm].keys()])).size,
  readers: readers.length,
});
