import { existsSync, readFileSync } from 'node:fs';
import type { Classification } from '../../../src/evidence/classification/classify.js';
import type { DeviceFacts, DeviceFunction } from '../../../src/evidence/classification/device-facts.js';

const SHARED = new URL('../../../../../shared/stats/classification/cases.json', import.meta.url);
export const present = existsSync(SHARED);

/** A worked case as the reference writes it. */
export interface WorkedCase {
  readonly name: string;
  readonly input: Readonly<Record<string, boolean | string>>;
  readonly expected: unknown;
}

export const workedCases: readonly WorkedCase[] = present
  ? (JSON.parse(readFileSync(SHARED, 'utf8')) as { cases: WorkedCase[] }).cases
  : [];

/** The reference's own table, of which ours must say the same. */
export interface DecisionTable {
  readonly as_of: string;
  readonly imdrf: { readonly table: Readonly<Record<string, Readonly<Record<string, string>>>> };
  readonly mdr: { readonly annex3_table: Readonly<Record<string, Readonly<Record<string, string>>>> };
  readonly fda: { readonly functions: Readonly<Record<string, { regulation?: string; codes?: string[]; class?: string }>> };
}

export const decisionTable = (): DecisionTable => JSON.parse(readFileSync(new URL('decision-table.json', SHARED), 'utf8')) as DecisionTable;

const FUNCTIONS: Readonly<Record<string, DeviceFunction>> = {
  characterization_cancer: 'characterization-of-cancer',
  triage_notification: 'triage-and-notification',
  prioritization_lesions: 'prioritization-of-lesions',
  cds_without_image: 'decision-support-without-image',
};

const FIELDS: Readonly<Record<string, keyof DeviceFacts>> = {
  analyzes_image_or_signal: 'analysesImageOrSignal',
  high_risk_no_general_or_special_controls: 'highRiskBeyondSpecialControls',
  hcp_user: 'professionalUser',
  hcp_can_review_basis: 'basisReviewable',
  uses_only_medical_information: 'onlyMedicalInformation',
};

export const functionOf = (name: string): DeviceFunction => FUNCTIONS[name] ?? (name.replaceAll('_', '-') as DeviceFunction);

const camel = (name: string): string => name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The reference's names (snake case, short) as ours. */
export function factsOf(input: WorkedCase['input']): DeviceFacts {
  const entries = Object.entries(input).map(([name, value]) => {
    if (typeof value !== 'string') return [FIELDS[name] ?? camel(name), value];
    if (name === 'function') return [name, functionOf(value)];
    return [camel(name), value.replaceAll('_', '-')];
  });
  return Object.fromEntries(entries) as DeviceFacts;
}

/** Our answer in the reference's fields. */
export const asReference = ({
  imdrf,
  mdr,
  iec62304,
  fda,
  aiAct,
}: Pick<Classification, 'imdrf' | 'mdr' | 'iec62304' | 'fda' | 'aiAct'>): unknown => ({
  imdrf_category: imdrf.category,
  mdr: {
    qualifies: mdr.qualifies,
    class: mdr.class,
    sub_rule: mdr.subRule,
    table_class: mdr.tableClass,
    table_conflict: mdr.tableConflict,
    notified_body: mdr.notifiedBody,
  },
  iec62304: iec62304.class,
  fda: {
    device: fda.device,
    class: fda.class,
    regulation: fda.regulation,
    product_codes: fda.productCodes,
    pathway: fda.pathway,
    documentation_level: fda.documentationLevel,
  },
  ai_act: { high_risk: aiAct.highRisk },
});
