import { MDR_CLASSES } from './device-facts.js';
import type { DecisionImpact, DeviceFacts, Ground, HealthcareSituation, MdrClass, Significance } from './device-facts.js';

/** The rule of Annex VIII that gave the class. */
export const MDR_SUB_RULES = ['22', '11a.i', '11a.ii', '11a', '11b', '3.3', '11c'] as const;
export type MdrSubRule = (typeof MDR_SUB_RULES)[number];

/** Indicative classes, situation by significance (MDCG 2019-11 rev.1, Annex III, Table 1). */
export const MDCG_TABLE: Readonly<Record<HealthcareSituation, Readonly<Record<Significance, MdrClass>>>> = {
  critical: { 'treat-or-diagnose': 'III', drive: 'IIb', inform: 'IIa' },
  serious: { 'treat-or-diagnose': 'IIb', drive: 'IIa', inform: 'IIa' },
  'non-serious': { 'treat-or-diagnose': 'IIa', drive: 'IIa', inform: 'IIa' },
};

/** What the legal text says of a decision's impact (Annex VIII Rule 11, first paragraph). */
const CLASS_BY_IMPACT: Readonly<Record<DecisionImpact, MdrClass>> = {
  'death-or-irreversible': 'III',
  'serious-or-surgery': 'IIb',
  other: 'IIa',
};

const NOT_DEVICES: ReadonlySet<DeviceFacts['function']> = new Set(['storage', 'communication', 'administrative'] as const);

export interface MdrAnswer {
  /** Whether it is a medical device at all. */
  readonly qualifies: boolean;
  /** Null where it is none, or where Rule 11 needs facts that were not given: those are in `missing`. */
  readonly class: MdrClass | null;
  readonly subRule: MdrSubRule | null;
  /** What MDCG's indicative table says beside it; null where an axis is not given or Rule 11's first paragraph does not apply. */
  readonly tableClass: MdrClass | null;
  /** The legal text and the table differ: a written justification is required. */
  readonly tableConflict: boolean;
  /** Null where the class is open. */
  readonly notifiedBody: boolean | null;
  readonly missing: readonly (keyof DeviceFacts)[];
  readonly grounds: readonly Ground[];
}

interface Applies {
  readonly subRule: MdrSubRule;
  readonly class: MdrClass;
  readonly ground: Ground;
}

const ANNEX = 'Regulation (EU) 2017/745 Annex VIII';

function rule22({ closedLoopTherapy }: DeviceFacts): Applies[] {
  if (!closedLoopTherapy) return [];
  const rule = 'active therapeutic device with an integrated diagnostic function that determines the management: III';
  return [{ subRule: '22', class: 'III', ground: { rule, citation: `${ANNEX} Rule 22`, facts: ['closedLoopTherapy'] } }];
}

function rule11a({ decisionInformation, decisionImpact }: DeviceFacts, tableClass: MdrClass | null): Applies[] {
  if (!decisionInformation) return [];
  const byImpact = decisionImpact === undefined ? null : CLASS_BY_IMPACT[decisionImpact];
  const given = byImpact ?? tableClass;
  if (given === null) return [];
  const ground: Ground =
    byImpact === null
      ? {
          rule: `information for decisions, impact not stated: the indicative table says ${given}`,
          citation: 'MDCG 2019-11 rev.1 (June 2025) Annex III Table 1',
          facts: ['decisionInformation', 'situation', 'significance'],
        }
      : {
          rule: `information for decisions whose impact is ${decisionImpact}: ${given}`,
          citation: `${ANNEX} Rule 11, first paragraph`,
          facts: ['decisionInformation', 'decisionImpact'],
        };
  const subRule = given === 'III' ? '11a.i' : given === 'IIb' ? '11a.ii' : '11a';
  return [{ subRule, class: given, ground }];
}

function rule11b({ monitoring }: DeviceFacts): Applies[] {
  if (monitoring === 'none') return [];
  const given = monitoring === 'non-vital' ? 'IIa' : 'IIb';
  const rule = `monitors physiological processes, ${monitoring}: ${given}`;
  return [{ subRule: '11b', class: given, ground: { rule, citation: `${ANNEX} Rule 11, second paragraph`, facts: ['monitoring'] } }];
}

function rule33({ drivesDeviceClass }: DeviceFacts): Applies[] {
  if (drivesDeviceClass === undefined) return [];
  const rule = `drives a device of class ${drivesDeviceClass}: at least that class`;
  return [{ subRule: '3.3', class: drivesDeviceClass, ground: { rule, citation: `${ANNEX} 3.3`, facts: ['drivesDeviceClass'] } }];
}

const RULE_11C: Applies = {
  subRule: '11c',
  class: 'I',
  ground: {
    rule: 'all other software: I',
    citation: `${ANNEX} Rule 11, third paragraph`,
    facts: ['decisionInformation', 'monitoring', 'drivesDeviceClass', 'closedLoopTherapy'],
  },
};

const rank = (one: MdrClass): number => MDR_CLASSES.indexOf(one);

function notADevice({ medicalPurpose }: DeviceFacts): MdrAnswer {
  const ground: Ground = medicalPurpose
    ? {
        rule: 'no action on data beyond storage, archival, communication, simple search or lossless compression: not a device',
        citation: 'MDCG 2019-11 rev.1 (June 2025) Figure 1, decision step 3',
        facts: ['function'],
      }
    : { rule: 'no medical purpose: not a device', citation: 'Regulation (EU) 2017/745 Art 2(1)', facts: ['medicalPurpose'] };
  return {
    qualifies: false,
    class: null,
    subRule: null,
    tableClass: null,
    tableConflict: false,
    notifiedBody: false,
    missing: [],
    grounds: [ground],
  };
}

/**
 * Qualification and class under Regulation (EU) 2017/745, Annex VIII.
 * Of several rules the strictest wins (3.5); where two give the same class, the first of 22, 11a, 11b, 3.3, 11c is named.
 */
export function mdrClass(facts: DeviceFacts): MdrAnswer {
  if (!facts.medicalPurpose || NOT_DEVICES.has(facts.function)) return notADevice(facts);
  const { situation, significance, decisionInformation, decisionImpact } = facts;
  const tableClass =
    decisionInformation && situation !== undefined && significance !== undefined ? MDCG_TABLE[situation][significance] : null;
  const found = [...rule22(facts), ...rule11a(facts, tableClass), ...rule11b(facts), ...rule33(facts)];
  const undecided = decisionInformation && decisionImpact === undefined && tableClass === null;
  if (found.length === 0 && !undecided) found.push(RULE_11C);
  const strictest = found.reduce<Applies | null>((best, one) => (best === null || rank(one.class) > rank(best.class) ? one : best), null);
  const open = undecided && strictest?.class !== 'III'; // nothing is stricter than III, whatever Rule 11 would say
  const grounds = found.map(({ ground }) => ground);
  if (found.length > 1) grounds.push({ rule: 'several rules apply: the strictest', citation: `${ANNEX} 3.5`, facts: [] });
  return {
    qualifies: true,
    class: open ? null : (strictest?.class ?? null),
    subRule: open ? null : (strictest?.subRule ?? null),
    tableClass,
    tableConflict: decisionImpact !== undefined && tableClass !== null && CLASS_BY_IMPACT[decisionImpact] !== tableClass,
    notifiedBody: open ? null : strictest !== null && strictest.class !== 'I',
    missing: open ? (['decisionImpact', 'situation', 'significance'] as const).filter((one) => facts[one] === undefined) : [],
    grounds,
  };
}
