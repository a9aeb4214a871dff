import { requireBothClasses, requireThat } from '../input-checks.js';
import { sortedOrder } from '../ranking/dense-ranks.js';
import { StatisticsError, type StatisticsErrorCode } from '../statistics-error.js';
import { type BrierScore, brierScore } from './brier.js';
import { type HosmerLemeshow, hosmerLemeshowOf, spiegelhalterTest } from './goodness-of-fit.js';
import { type CalibrationSlope, inTheLargeOf, logits, slopeOf } from './logistic-recalibration.js';
import { requireClip, requireGroups, requireProbabilities } from './probabilities.js';
import { type Reliability, equalMassError, rankGroups, reliability } from './reliability.js';

/** Why a part of the report is null. */
export type CalibrationGap = 'ZERO_DENOMINATOR' | Extract<StatisticsErrorCode, 'E_SEPARATION' | 'E_TOO_FEW'>;

/** How well probabilities mean what they say (Van Calster et al. 2019). */
export interface Calibration extends BrierScore, Reliability {
  readonly n: number;
  readonly events: number;
  readonly aceEqualMass: number;
  readonly calibrationSlope: number | null;
  readonly calibrationSlopeSe: number | null;
  readonly calibrationInterceptJoint: number | null;
  readonly calibrationInTheLarge: number;
  readonly calibrationInTheLargeSe: number;
  readonly hosmerLemeshow: HosmerLemeshow | null;
  readonly spiegelhalterZ: number | null;
  readonly spiegelhalterP: number | null;
  /** For each field that is null, why. */
  readonly undefined: Readonly<Partial<Record<'calibrationSlope' | 'hosmerLemeshow' | 'spiegelhalterZ', CalibrationGap>>>;
}

export interface CalibrationOptions {
  /** Equal-width bins, and bins of equal mass. */
  readonly bins?: number;
  readonly hlGroups?: number;
  /** Clip of the probabilities, for logit and logarithm only. */
  readonly eps?: number;
  /** Level of the bins' intervals. */
  readonly conf?: number;
}

/**
 * The whole calibration of probabilities, from one sort. A single part is cheaper by its own function, and says by its code
 * why it does not exist where here it is null.
 * @param y  0 or 1 a case
 * @param p  probabilities of 1, 0…1
 * @throws E_EMPTY, E_LENGTH_MISMATCH, E_LABEL, E_NON_FINITE, E_DOMAIN, E_ONE_CLASS
 */
export function calibration(y: ArrayLike<number>, p: ArrayLike<number>, options: CalibrationOptions = {}): Calibration {
  const { bins = 10, hlGroups = 10, eps = 1e-12, conf = 0.95 } = options;
  const { positives, negatives } = requireProbabilities(y, p);
  requireGroups(bins);
  requireGroups(hlGroups);
  requireThat(hlGroups >= 2, 'E_DOMAIN');
  requireClip(eps);
  const bars = reliability(y, p, bins, conf);
  requireBothClasses({ positives, negatives });
  const order = sortedOrder(p);
  const logit = logits(p, eps);
  const large = inTheLargeOf(y, logit, positives);
  const slope = slopeOrNull(y, logit);
  const hl = y.length < hlGroups ? null : hosmerLemeshowOf(rankGroups(y, p, order, hlGroups));
  const spiegelhalter = spiegelhalterTest(y, p);
  return {
    n: y.length,
    events: positives,
    ...bars,
    aceEqualMass: equalMassError(rankGroups(y, p, order, bins)),
    ...brierScore(y, p, eps),
    calibrationSlope: slope?.slope ?? null,
    calibrationSlopeSe: slope?.slopeSe ?? null,
    calibrationInterceptJoint: slope?.interceptJoint ?? null,
    calibrationInTheLarge: large.intercept,
    calibrationInTheLargeSe: large.interceptSe,
    hosmerLemeshow: hl,
    spiegelhalterZ: spiegelhalter.z,
    spiegelhalterP: spiegelhalter.p,
    undefined: {
      ...(slope === null && { calibrationSlope: 'E_SEPARATION' as const }),
      ...(hl === null && { hosmerLemeshow: 'E_TOO_FEW' as const }),
      ...(hl?.chi2 === null && { hosmerLemeshow: 'ZERO_DENOMINATOR' as const }),
      ...(spiegelhalter.z === null && { spiegelhalterZ: 'ZERO_DENOMINATOR' as const }),
    },
  };
}

function slopeOrNull(y: ArrayLike<number>, logit: Float64Array): CalibrationSlope | null {
  try {
    return slopeOf(y, logit);
  } catch (error) {
    if (error instanceof StatisticsError && error.code === 'E_SEPARATION') return null;
    throw error;
  }
}
