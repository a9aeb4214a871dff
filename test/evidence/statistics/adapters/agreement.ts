import { measurementAgreement } from '../../../../src/evidence/statistics/agreement/bland-altman.js';
import { type KappaWeights, cohenKappa } from '../../../../src/evidence/statistics/agreement/cohen-kappa.js';
import { fleissKappa } from '../../../../src/evidence/statistics/agreement/fleiss-kappa.js';
import { intraclassCorrelation } from '../../../../src/evidence/statistics/agreement/icc.js';
import { type MeasurementLevel, krippendorffAlpha } from '../../../../src/evidence/statistics/agreement/krippendorff-alpha.js';
import type { Adapter } from '../reference-cases.js';

interface TwoRaters {
  readonly rater1: number[];
  readonly rater2: number[];
  readonly categories: number[];
  readonly weights: KappaWeights;
  readonly conf: number;
}

export const AGREEMENT: Readonly<Record<string, Adapter>> = {
  cohen_kappa: ({ rater1, rater2, categories, weights, conf }: TwoRaters) => cohenKappa(rater1, rater2, categories, weights, conf),
  fleiss_kappa: ({ counts }: { counts: number[][] }) => fleissKappa(counts),
  icc: ({ ratings, conf }: { ratings: number[][]; conf: number }) => intraclassCorrelation(ratings, conf),
  krippendorff_alpha: ({ ratings, level }: { ratings: (number | null)[][]; level: MeasurementLevel }) => krippendorffAlpha(ratings, level),
  measurement_agreement: ({ a, b, conf }: { a: number[]; b: number[]; conf: number }) => measurementAgreement(a, b, conf),
};
