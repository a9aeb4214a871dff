import { StatisticsError, type StatisticsErrorCode } from './statistics-error.js';

/**
 * The checks of every statistic, called in the order of STATISTICS_ERRORS. Each is one pass without allocation, since
 * columns have up to a million cases.
 */

/** Throws the coded answer where the statistic's own condition is not met (NaN meets none). */
export function requireThat(condition: boolean, code: StatisticsErrorCode): void {
  if (!condition) throw new StatisticsError(code);
}

/** @throws E_EMPTY */
export function requireSome(column: ArrayLike<unknown>): void {
  requireThat(column.length > 0, 'E_EMPTY');
}

/** @throws E_LENGTH_MISMATCH */
export function requireSameLength(column: ArrayLike<unknown>, ...others: readonly ArrayLike<unknown>[]): void {
  for (const other of others) requireThat(other.length === column.length, 'E_LENGTH_MISMATCH');
}

/**
 * Labels are 0 or 1.
 * @returns how many are 1
 * @throws E_LABEL
 */
export function requireLabels(labels: ArrayLike<number>): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label === 1) positives++;
    else if (label !== 0) throw new StatisticsError('E_LABEL');
  }
  return positives;
}

/** Every value is a finite number; null, undefined and text are not. @throws E_NON_FINITE */
export function requireFinite(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) throw new StatisticsError('E_NON_FINITE');
}

/** A confidence level or a probability that is neither 0 nor 1. @throws E_DOMAIN */
export function requireOpenUnit(value: number): void {
  requireThat(typeof value === 'number' && value > 0 && value < 1, 'E_DOMAIN');
}

/** A share: 0, 1 or between them. @throws E_DOMAIN */
export function requireUnit(value: number): void {
  requireThat(typeof value === 'number' && value >= 0 && value <= 1, 'E_DOMAIN');
}

/** A finite number. @throws E_DOMAIN */
export function requireNumber(value: number): void {
  requireThat(Number.isFinite(value), 'E_DOMAIN');
}

/** Whole numbers from 0 that a double holds exactly. @throws E_DOMAIN */
export function requireCounts(...counts: readonly number[]): void {
  for (const count of counts) requireThat(Number.isSafeInteger(count) && count >= 0, 'E_DOMAIN');
}

/** How many cases of either class there are. */
export interface ClassCounts {
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Labels with one or more columns of scores: the checks that come before a parameter's.
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE
 */
export function requireLabelledScores(labels: ArrayLike<number>, ...scores: readonly ArrayLike<number>[]): ClassCounts {
  requireSome(labels);
  requireSameLength(labels, ...scores);
  const positives = requireLabels(labels);
  for (const column of scores) requireFinite(column);
  return { positives, negatives: labels.length - positives };
}

/** @throws E_ONE_CLASS */
export function requireBothClasses({ positives, negatives }: ClassCounts): void {
  requireThat(positives > 0 && negatives > 0, 'E_ONE_CLASS');
}
