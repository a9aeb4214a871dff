import {
  requireLabels,
  requireOpenUnit,
  requireSameLength,
  requireSome,
  requireThat,
  requireNumber,
  type ClassCounts,
} from '../input-checks.js';
import { StatisticsError } from '../statistics-error.js';
import type { ReaderMetric } from './reader-metric.js';

/**
 * The checks of a fully crossed reading study.
 * @param columns  one of ratings for each test and reader, [cases]
 * @returns how many cases of either class there are
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE (an infinite rating), E_DOMAIN, and as the last E_UNBALANCED, given by
 *         `requireAllRated`, since a rating that is missing is a case that a reader did not read
 */
export function requireRatings(
  truth: ArrayLike<number>,
  columns: readonly ArrayLike<number>[],
  metric: ReaderMetric,
  conf: number,
): ClassCounts {
  requireSome(truth);
  requireSome(columns);
  requireSameLength(truth, ...columns);
  const positives = requireLabels(truth);
  for (const column of columns)
    for (let i = 0; i < column.length; i++)
      if (column[i] === Infinity || column[i] === -Infinity) throw new StatisticsError('E_NON_FINITE');
  requireThat(['auc', 'sensitivity', 'specificity'].includes(metric.metric), 'E_DOMAIN');
  if (metric.metric !== 'auc') requireNumber(metric.threshold);
  requireOpenUnit(conf);
  return { positives, negatives: truth.length - positives };
}

/** @throws E_UNBALANCED a rating is missing (null, undefined, NaN) */
export function requireAllRated(columns: readonly ArrayLike<number>[]): void {
  for (const column of columns)
    for (let i = 0; i < column.length; i++) if (!Number.isFinite(column[i])) throw new StatisticsError('E_UNBALANCED');
}
