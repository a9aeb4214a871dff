import type { ParseContext } from '../search/parse-condition.js';
import { parseSearch } from '../search/parse-search.js';
import type { Search } from '../search/search.js';
import { ConditionAbsent } from './faults.js';

/** A condition on what is there: a search, and how it was written, by which those who ask the same wait for each other. */
export interface Condition {
  readonly search: Search;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** A search that must name something: without a parameter any resource would meet it. @throws BadSearchParameter, ConditionAbsent */
export function conditionOf(type: string, parameters: Condition['parameters'], context: ParseContext): Condition {
  const { search, used } = parseSearch({ type, parameters, lenient: false }, context);
  if (search.conditions.length === 0) throw new ConditionAbsent();
  return { search, parameters: used };
}
