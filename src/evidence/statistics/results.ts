/** Lower and upper limit of a two-sided interval at the level that was asked for. */
export type Interval = readonly [lower: number, upper: number];

/** A number, or plus infinity in the one form that survives JSON: a likelihood ratio at specificity 1 is `"Infinity"`. */
export type Extended = number | 'Infinity';

/** Why a value or an interval is null although the call is answered. */
export type Flag = 'ZERO_VARIANCE' | 'TOO_FEW_FOR_VARIANCE' | 'ZERO_DENOMINATOR' | 'ZERO_CELL' | 'NO_DISCORDANT';

/** The interval between two limits; null where there is none, since one is not finite or rounding leaves no width. */
export const intervalOf = (lower: number, upper: number): Interval | null =>
  lower < upper && Number.isFinite(lower) && Number.isFinite(upper) ? [lower, upper] : null;
