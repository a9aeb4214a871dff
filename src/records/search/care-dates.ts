import type { Condition } from './condition.js';
import { dateTest } from './parse-value.js';
import { timelineDates } from './timeline.js';

/**
 * What `start` and `end` of $everything ask (R4 patient-operation-everything.html: "the date range relates to care dates"): what was
 * within them as far as its date says, and what has no such date. Throws BadSearchParameter.
 */
export function careDates(bound: 'start' | 'end', value: string, now: number): Condition {
  const date = dateTest(bound, `${bound === 'start' ? 'ge' : 'le'}${value}`, now);
  const undated: Condition = { kind: 'missing', parameters: timelineDates, table: 'search_date', missing: true };
  return { kind: 'any', any: [[undated], [{ kind: 'date', parameters: timelineDates, any: [date] }]] };
}
