/** Why a figure cannot be drawn, in the order in which it is looked for; the codes are those of the statistics where both have one. */
export const FIGURE_ERRORS = {
  E_EMPTY: 'There is nothing to draw.',
  E_LENGTH_MISMATCH: 'The columns are not of one length.',
  E_LABEL: 'A label is missing or is neither 0 nor 1.',
  E_NON_FINITE: 'A number is missing, not a number or infinite.',
  E_DOMAIN: 'A number is out of its range, a count is negative or no whole number, or an interval is upside down.',
  E_ORDER: 'The points are not in ascending order.',
  E_INCONSISTENT: 'The counts do not add up.',
} as const;

export type FigureErrorCode = keyof typeof FIGURE_ERRORS;

/** A figure that cannot be drawn from what was given: a coded answer, never a drawing with a hole in it. */
export class FigureError extends Error {
  override readonly name = 'FigureError';
  constructor(readonly code: FigureErrorCode) {
    super(FIGURE_ERRORS[code]);
  }
}
