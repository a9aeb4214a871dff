import type { Extended, Interval } from '../../statistics/results.js';

/** An interval and how it was made. */
export interface Limits {
  readonly method: string;
  /** Null: it does not exist. */
  readonly interval: Interval | null;
}

/** A test that was made: its p-value, and what follows from it by the level that the plan fixed; no decision where the plan tests nothing. */
export interface Test {
  readonly name: string;
  /** Null: it does not exist. */
  readonly p: number | null;
  readonly decision: string;
}

/** A number of an endpoint's result, with what belongs to it. */
export interface Measure {
  readonly name: string;
  /** Null where there is none: `why` says so. */
  readonly estimate: Extended | null;
  readonly limits: readonly Limits[];
  readonly test: Test | null;
  /** Parts of the endpoint's trace that it counts; none: all its cases. */
  readonly parts: readonly string[];
  /** Why a number or an interval is not there, or what must be said with it. */
  readonly note: string;
}

export const measure = (name: string, estimate: Extended | null, more: Partial<Omit<Measure, 'name' | 'estimate'>> = {}): Measure => ({
  name,
  estimate,
  limits: [],
  test: null,
  parts: [],
  note: '',
  ...more,
});

/** What a flag of a result means (statistics/results.ts). */
const FLAGS: Readonly<Record<string, string>> = {
  ZERO_VARIANCE: 'no interval: the estimate has no variance in these cases (ZERO_VARIANCE)',
  TOO_FEW_FOR_VARIANCE: 'no interval: too few cases (TOO_FEW_FOR_VARIANCE)',
  ZERO_DENOMINATOR: 'no value: there is no such case (ZERO_DENOMINATOR)',
  ZERO_CELL: 'no interval: a count is 0 (ZERO_CELL)',
  NO_DISCORDANT: 'no pair is discordant (NO_DISCORDANT)',
};

export const flagged = (flags: readonly string[]): string => flags.map((flag) => FLAGS[flag] ?? flag).join('; ');
