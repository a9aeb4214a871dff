import { fNoncentralUpper, fQuantileUpper } from '../distributions/f.js';
import { normalCritical, normalUpper } from '../distributions/normal.js';
import { requireCounts, requireNumber, requireOpenUnit, requireThat } from '../input-checks.js';

/** What a pilot's Obuchowski-Rockette analysis gave, and the study that is planned from it. */
export interface MrmcDesign {
  /** Readers J and cases K of the planned study. */
  readonly readers: number;
  readonly cases: number;
  /** Cases K* of the pilot: its error terms shrink by the quotient K* : K. */
  readonly pilotCases: number;
  /** Difference of the two modalities' figures of merit that is to be found. */
  readonly effect: number;
  /** Variance of the interaction test × reader; an estimate below 0 counts as 0. */
  readonly varTr: number;
  readonly varError: number;
  readonly cov1: number;
  readonly cov2: number;
  readonly cov3: number;
  readonly alpha: number;
}

export interface MrmcPower {
  readonly lambda: number;
  readonly df2: number;
  readonly power: number;
}

/** An effect of over a thousand standard errors is a slip, and its power's series has as many terms. */
const LARGEST_LAMBDA = 1e6;

/** Degrees of freedom at which √F is normal to the last digits that are of use. */
const AS_GOOD_AS_NORMAL = 1e10;

const fPower = (lambda: number, df2: number, alpha: number): number => fNoncentralUpper(fQuantileUpper(alpha, 1, df2), 1, df2, lambda);

function normalPower(lambda: number, alpha: number): number {
  const critical = normalCritical(1 - alpha);
  return normalUpper(critical - Math.sqrt(lambda)) + normalUpper(critical + Math.sqrt(lambda));
}

/**
 * Power of a fully crossed reader study with two modalities, readers and cases both random (Hillis, Obuchowski and Berbaum
 * 2011), by the noncentral F distribution.
 * @throws E_DOMAIN a parameter out of its range, a λ above 10⁶, or components whose denominator is not above 0; E_TOO_FEW fewer than two readers
 */
export function mrmcPower(design: MrmcDesign): MrmcPower {
  const { readers, cases, pilotCases, effect, varTr, varError, cov1, cov2, cov3, alpha } = design;
  requireCounts(readers, cases, pilotCases);
  for (const number of [effect, varTr, varError, cov1, cov2, cov3]) requireNumber(number);
  requireOpenUnit(alpha);
  requireThat(cases >= 1 && pilotCases >= 1 && varError >= 0, 'E_DOMAIN');
  requireThat(readers >= 2, 'E_TOO_FEW');
  const shrink = pilotCases / cases;
  const between = Math.max(cov2 - cov3, 0);
  const ofReaders = Math.max(varTr, 0) + shrink * (varError - cov1 - between);
  const denominator = Math.max(varTr, 0) + shrink * (varError - cov1 + (readers - 1) * between);
  requireThat(denominator > 0 && ofReaders > 0, 'E_DOMAIN');
  const lambda = (readers * effect * effect) / (2 * denominator);
  requireThat(lambda <= LARGEST_LAMBDA, 'E_DOMAIN');
  const df2 = (denominator / ofReaders) ** 2 * (readers - 1);
  requireThat(df2 < Infinity, 'E_DOMAIN');
  return { lambda, df2, power: df2 > AS_GOOD_AS_NORMAL ? normalPower(lambda, alpha) : fPower(lambda, df2, alpha) };
}
