import type { Refused } from '../refused.js';
import type { Answers } from '../study-data.js';
import type { Trace } from '../trace.js';

/** What an endpoint's computation gives: its numbers, or why there are none, and the cases behind them. */
export interface Computed<T extends object> {
  readonly result: T | Refused;
  readonly trace: Trace;
}

/** An endpoint of all the answers there are. */
export function traced<T extends object>(answers: Answers, result: T | Refused, parts: Trace['parts']): Computed<T> {
  return { result, trace: { cases: answers.keys, parts, failures: answers.failures } };
}

/** An endpoint of some of them only. */
export function tracedOf<T extends object>(
  answers: Answers,
  cases: readonly string[],
  result: T | Refused,
  parts: Trace['parts'],
): Computed<T> {
  const among = new Set(cases);
  const failures = answers.failureRule === 'excluded' ? answers.failures : answers.failures.filter((key) => among.has(key));
  return { result, trace: { cases, parts, failures } };
}
