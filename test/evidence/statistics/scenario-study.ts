import { existsSync, readFileSync } from 'node:fs';
import { casesOf, predictionsOf, readingsOf } from '../../../src/evidence/analysis/csv-tables.js';
import { type AnalysisPlan, type Factor, type PlannedEndpoint, bandOf } from '../../../src/evidence/analysis/plan.js';
import type { StudyTables } from '../../../src/evidence/analysis/study-tables.js';

/** The small study of ../shared/stats: its protocol says in words what each endpoint is, its tables are CSV. */
const FOLDER = new URL('../../../../../shared/stats/scenario/', import.meta.url);
export const present = existsSync(FOLDER);
export const textOf = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

interface Protocol {
  readonly threshold: number;
  readonly alpha_one_sided: number;
  readonly conf: number;
  readonly margin_sensitivity: number;
  readonly margin_specificity: number;
  readonly margin_auc: number;
  readonly age_bands: readonly string[];
  readonly min_subgroup_n: number;
  readonly endpoints: readonly { readonly id: string; readonly what: string }[];
}

/** What the protocol's words mean as endpoints of a plan. An endpoint in other words is an error, not a guess. */
function plannedAs({ id, what }: Protocol['endpoints'][number], protocol: Protocol): PlannedEndpoint {
  const factors: Factor[] = [
    { name: 'site', column: 'site' },
    { name: 'vendor', column: 'vendor' },
    { name: 'age_band', column: 'age', bands: protocol.age_bands.map(bandOf) },
  ];
  const comparator = 'routine_recall';
  const byWords: Readonly<Record<string, PlannedEndpoint>> = {
    'AI AUC, all cases, DeLong': { id, kind: 'auc' },
    'AI minus routine_recall sensitivity, Tango, non-inferiority then superiority': {
      id,
      kind: 'paired-accuracy',
      measure: 'sensitivity',
      comparator,
      margin: protocol.margin_sensitivity,
    },
    'AI minus routine_recall specificity, same': {
      id,
      kind: 'paired-accuracy',
      measure: 'specificity',
      comparator,
      margin: protocol.margin_specificity,
    },
    'AI minus mean reader AUC on the reader subset (ai_vs_readers)': {
      id,
      kind: 'against-readers',
      measure: 'auc',
      margin: protocol.margin_auc,
    },
    'subgroup heterogeneity of AI sensitivity, Pearson, Holm': {
      id,
      kind: 'subgroups',
      measure: 'sensitivity',
      factors,
      adjustment: 'holm',
    },
    'AUC with patients as clusters': { id, kind: 'clustered-auc' },
    'calibration, answered cases only, 10 bins': { id, kind: 'calibration', bins: 10, hlGroups: 10, failures: 'excluded' },
    'Fleiss kappa of clinical_action': { id, kind: 'reader-agreement', arm: 'unaided' },
    'P1-P3 with AI errors excluded': { id, kind: 'repeat', of: ['P1', 'P2', 'P3'], failures: 'excluded' },
  };
  const planned = byWords[what];
  if (planned === undefined) throw new Error(`No endpoint is known for: ${what}`);
  return planned;
}

export function scenarioPlan(): AnalysisPlan {
  const protocol = JSON.parse(textOf('protocol.json')) as Protocol;
  return {
    threshold: protocol.threshold,
    scoreRange: [0, 1],
    conf: protocol.conf,
    alphaOneSided: protocol.alpha_one_sided,
    failures: 'worst-case',
    minSubgroupN: protocol.min_subgroup_n,
    endpoints: [
      ...protocol.endpoints.map((one) => plannedAs(one, protocol)),
      { id: 'confusion', kind: 'accuracy' }, // expected.json has it beside the planned ones
    ],
  };
}

export function scenarioTables(): StudyTables {
  return {
    cases: casesOf(textOf('cases.csv'), { binary: ['routine_recall'], category: ['site', 'vendor'], number: ['age'] }),
    predictions: predictionsOf(textOf('predictions.csv')),
    readings: readingsOf(textOf('readings.csv')),
  };
}
