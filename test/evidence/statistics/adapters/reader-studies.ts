import { aiAgainstReaders } from '../../../../src/evidence/statistics/readers/ai-against-readers.js';
import { obuchowskiRockette } from '../../../../src/evidence/statistics/readers/obuchowski-rockette.js';
import type { CovarianceMethod, ReaderMetric } from '../../../../src/evidence/statistics/readers/reader-metric.js';
import { froc } from '../../../../src/evidence/statistics/roc/froc.js';
import type { Adapter } from '../reference-cases.js';

interface Reading {
  readonly truth: number[];
  readonly metric: ReaderMetric['metric'];
  readonly threshold: number;
  readonly conf: number;
}

const metricOf = ({ metric, threshold }: Reading): ReaderMetric => (metric === 'auc' ? { metric } : { metric, threshold });

export const READER_STUDIES: Readonly<Record<string, Adapter>> = {
  mrmc_obuchowski_rockette: (input: Reading & { ratings: number[][][]; covariance: CovarianceMethod }) =>
    obuchowskiRockette(input.ratings, input.truth, metricOf(input), input),
  ai_vs_readers: (input: Reading & { ai: number[]; readers: number[][]; margin: number }) =>
    aiAgainstReaders(input.truth, input.ai, input.readers, metricOf(input), input),
  froc: ({ cases }: { cases: { lesions: (number | null)[]; false_marks: number[] }[] }) =>
    froc(cases.map(({ lesions, false_marks: falseMarks }) => ({ lesions, falseMarks }))),
};
