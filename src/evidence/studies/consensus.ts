import type { ReferenceStandard } from './protocol.js';

/** What somebody said of a case. */
export interface Said {
  readonly caseKey: string;
  readonly member: string;
  readonly label: 0 | 1 | null;
  readonly adjudicates: boolean;
}

/** The truth of each case that has one, and the keys of those that have none yet. */
export interface Consensus {
  readonly truth: ReadonlyMap<string, 0 | 1>;
  readonly open: readonly string[];
}

/**
 * The reference standard by the protocol's rule. The last word of each person counts, and `labelsPerCase` people must have said something.
 * Where they disagree an adjudicator's word decides, who is none of them; else that of more than half of those who could tell, or of all of
 * them where adjudication is the rule.
 * @param labels  in the order that they were given
 */
export function consensusOf(cases: readonly string[], labels: readonly Said[], rule: ReferenceStandard): Consensus {
  const truth = new Map<string, 0 | 1>();
  const byCase = Map.groupBy(labels, ({ caseKey }) => caseKey);
  for (const caseKey of cases) {
    const decided = decide(byCase.get(caseKey) ?? [], rule);
    if (decided !== null) truth.set(caseKey, decided);
  }
  return { truth, open: cases.filter((caseKey) => !truth.has(caseKey)) };
}

function decide(said: readonly Said[], { labelsPerCase, adjudication }: ReferenceStandard): 0 | 1 | null {
  const last = new Map(said.filter(({ adjudicates }) => !adjudicates).map((one) => [one.member, one.label])); // the later of a person's replaces the earlier
  if (last.size < labelsPerCase) return null;
  const agree = new Set(last.values()).size === 1 && ![...last.values()].includes(null);
  const adjudicated = said.findLast(({ adjudicates, member }) => adjudicates && !last.has(member));
  if (adjudicated !== undefined && !agree) return adjudicated.label;
  const told = [...last.values()].filter((label) => label !== null);
  const positive = told.filter((label) => label === 1).length;
  const needed = adjudication === 'adjudicator' ? last.size : told.length / 2 + 0.5;
  if (positive >= needed && told.length > 0) return 1;
  return told.length - positive >= needed && told.length > 0 ? 0 : null;
}
