/**
 * Why a statistic does not exist for what was asked, in the order in which it is looked for
 * (the convention of the numeric references: the first that holds is the answer).
 */
export const STATISTICS_ERRORS = {
  E_EMPTY: 'There is no observation.',
  E_LENGTH_MISMATCH: 'The columns are not of one length.',
  E_LABEL: 'A label is missing or is neither 0 nor 1.',
  E_NON_FINITE: 'A score is missing, not a number or infinite.',
  E_DOMAIN: 'A parameter is out of its range, or a count is negative or no whole number.',
  E_ONE_CLASS: 'All cases are of one class.',
  E_TOO_FEW: 'There are too few observations for this statistic.',
  E_UNBALANCED: 'The design is not fully crossed, or the number of ratings differs between subjects.',
  E_DEGENERATE: 'No disagreement is to be expected: chance-corrected agreement has no value.',
  E_SEPARATION: 'The classes are separated: the logistic fit does not exist.',
  E_NO_OPERATING_POINT: 'No observed score meets what was asked of the operating point.',
  E_UNSTABLE_BOOTSTRAP: 'The statistic is undefined in more than 5 % of the replicates.',
} as const;

export type StatisticsErrorCode = keyof typeof STATISTICS_ERRORS;

/** A statistic that cannot be computed: a coded answer, never a number that is none. */
export class StatisticsError extends Error {
  override readonly name = 'StatisticsError';
  constructor(readonly code: StatisticsErrorCode) {
    super(STATISTICS_ERRORS[code]);
  }
}
