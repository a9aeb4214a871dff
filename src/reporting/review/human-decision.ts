import type { Decision } from '../report-status.js';
import type { StoredFinding } from '../reports.sql.js';

/**
 * What a person did with the model's result: took it as it is, changed something of it, turned it down, or called a finding the other
 * way round than it stood before them.
 */
export type HumanDecision = 'accept' | 'modify' | 'reject' | 'override';

type Called = Pick<StoredFinding, 'label' | 'verdict'>;

/** An amendment is an override where a finding that stood as present is called absent, or the reverse; one left open contradicts nobody. */
export function humanDecision(decision: Decision, before: readonly Called[], after: readonly Called[]): HumanDecision {
  if (decision !== 'amend') return decision;
  const stood = new Map(before.map(({ label, verdict }) => [label, verdict]));
  const isContradicted = ({ label, verdict }: Called): boolean => {
    const was = stood.get(label);
    return was !== verdict && was !== 'second-look' && was !== undefined;
  };
  return after.some(isContradicted) ? 'override' : 'modify';
}
