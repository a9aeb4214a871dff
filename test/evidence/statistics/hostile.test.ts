import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { adjustPValues, type Adjustment } from '../../../src/evidence/statistics/multiplicity.js';
import { clusteredProportion } from '../../../src/evidence/statistics/proportions/clustered-proportion.js';
import { confusionMetrics } from '../../../src/evidence/statistics/proportions/confusion-metrics.js';
import { mcnemar } from '../../../src/evidence/statistics/proportions/mcnemar.js';
import { decisionCurve } from '../../../src/evidence/statistics/proportions/net-benefit.js';
import { pairedProportions } from '../../../src/evidence/statistics/proportions/paired-proportions.js';
import { predictiveValuesAtPrevalence } from '../../../src/evidence/statistics/proportions/predictive-values.js';
import { unpairedProportions } from '../../../src/evidence/statistics/proportions/unpaired-proportions.js';
import { aiAgainstReaders } from '../../../src/evidence/statistics/readers/ai-against-readers.js';
import { obuchowskiRockette } from '../../../src/evidence/statistics/readers/obuchowski-rockette.js';
import { bootstrap } from '../../../src/evidence/statistics/resampling/bootstrap.js';
import { clusteredAuc } from '../../../src/evidence/statistics/roc/clustered-auc.js';
import { delongPaired } from '../../../src/evidence/statistics/roc/delong-paired.js';
import { delongUnpaired } from '../../../src/evidence/statistics/roc/delong-unpaired.js';
import { froc } from '../../../src/evidence/statistics/roc/froc.js';
import { chooseOperatingPoint } from '../../../src/evidence/statistics/roc/operating-point.js';
import { partialAuc } from '../../../src/evidence/statistics/roc/partial-auc.js';
import { rocAuc } from '../../../src/evidence/statistics/roc/roc-auc.js';
import { rocCurve } from '../../../src/evidence/statistics/roc/roc-curve.js';
import { STATISTICS_ERRORS, StatisticsError, type StatisticsErrorCode } from '../../../src/evidence/statistics/statistics-error.js';

type Columns = { labels: ArrayLike<number>; scores: ArrayLike<number>; conf?: number };

/** Every method that takes labels and scores, called with as little beside them as it needs. */
const OF_COLUMNS: Readonly<Record<string, (columns: Columns) => unknown>> = {
  rocAuc: ({ labels, scores, conf }) => rocAuc(labels, scores, conf),
  delongPaired: ({ labels, scores, conf }) => delongPaired(labels, scores, Array.from(scores).reverse(), { conf, margin: 0.05 }),
  delongUnpaired: ({ labels, scores, conf }) => delongUnpaired({ labels, scores }, { labels, scores }, conf),
  clusteredAuc: ({ labels, scores, conf }) =>
    clusteredAuc(
      labels,
      scores,
      Array.from(scores, (_, i) => i >> 1),
      conf,
    ),
  bootstrap: ({ labels, scores, conf }) =>
    bootstrap({ statistic: 'auc', labels, scores, conf, stratified: true, replicates: 20, seed: '1' }),
  aiAgainstReaders: ({ labels, scores, conf }) =>
    aiAgainstReaders(labels, scores, [scores, Array.from(scores).reverse()], { metric: 'auc' }, { conf }),
  obuchowskiRockette: ({ labels, scores, conf }) => {
    const turned = Array.from(scores).reverse();
    return obuchowskiRockette(
      [
        [scores, turned],
        [turned, scores],
      ],
      labels,
      { metric: 'auc' },
      { conf },
    );
  },
  partialAuc: ({ labels, scores, conf }) => partialAuc(labels, scores, { focus: 'specificity', low: 0.5, high: conf ?? 1 }),
  operatingPoint: ({ labels, scores, conf }) =>
    chooseOperatingPoint({ labels, scores }, { rule: 'sensitivity_at_least', target: conf ?? 0.9 }),
};
const codeOf = (call: () => unknown): StatisticsErrorCode | undefined => {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof StatisticsError) return error.code;
    throw error;
  }
};

/** Paths of numbers that are none, and of intervals that are none: not two finite limits, or the lower above the upper. */
function faultsIn(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is ${value}`];
  if (typeof value !== 'object' || value === null) return value === undefined ? [`${path} is undefined`] : [];
  const within = Object.entries(value).flatMap(([name, field]) => faultsIn(field, `${path}.${name}`));
  const interval =
    Array.isArray(value) && /\.(ci\w*|wilson|clopperPearson|tango|newcombe\w*|miettinenNurminen|percentile|basic)$/.test(path);
  return interval && !(value.length === 2 && value[0] <= value[1]) ? [...within, `${path} is ${String(value)}`] : within;
}

/** What is wrong with an answer; nothing of a coded refusal. */
function problemsOf(call: () => unknown): string[] {
  let answer: unknown = null;
  const code = codeOf(() => (answer = call()));
  if (code !== undefined) return code in STATISTICS_ERRORS ? [] : [`unknown code ${code}`];
  return faultsIn(answer);
}

const SCORES = fc.oneof(
  fc.constantFrom(0, -0, 5e-324, -5e-324, 1e-310, Number.MAX_VALUE, -Number.MAX_VALUE, 1, 1 + Number.EPSILON, 1 / 3),
  fc.integer({ min: 0, max: 3 }),
);
const count = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0, 1, 29_000, 1e9, 1e12));

describe('Every method on columns', () => {
  const names = Object.keys(OF_COLUMNS);

  it.each(names)('%s looks for what is wrong in the references’ order', (name) => {
    const call = OF_COLUMNS[name];
    const missing = null as unknown as number;
    const readers = ['aiAgainstReaders', 'obuchowskiRockette'].includes(name); // a rating that is missing is a case not read
    const bad = readers ? Infinity : missing;
    expect([
      codeOf(() => call({ labels: [], scores: [1], conf: 2 })),
      codeOf(() => call({ labels: [2, 0], scores: [bad], conf: 2 })),
      codeOf(() => call({ labels: [2, 0], scores: [bad, 1], conf: 2 })),
      codeOf(() => call({ labels: [missing, 0], scores: [1, 1], conf: 2 })),
      codeOf(() => call({ labels: [0, 0], scores: [bad, 1], conf: 2 })),
      codeOf(() => call({ labels: [0, 0], scores: [1, 1], conf: 2 })),
      codeOf(() => call({ labels: [0, 0], scores: [1, 1], conf: Number.NaN })),
      codeOf(() => call({ labels: [0, 0], scores: [1, 1] })),
      codeOf(() => call({ labels: [1, 1], scores: [1, 1] })),
    ]).toEqual([
      'E_EMPTY',
      'E_LENGTH_MISMATCH',
      'E_LABEL',
      'E_LABEL',
      'E_NON_FINITE',
      'E_DOMAIN',
      'E_DOMAIN',
      'E_ONE_CLASS',
      'E_ONE_CLASS',
    ]);
  });

  it.each(names)('%s answers without NaN, infinities or turned intervals, or refuses with a code', (name) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), SCORES), { maxLength: 12 }), (rows) => {
        const columns = { labels: rows.map(([label]) => label), scores: rows.map(([, score]) => score) };
        expect(problemsOf(() => OF_COLUMNS[name](columns))).toEqual([]);
      }),
    );
  });

  it.each(names)('%s takes −0 and 0 as one score, and labels of −0', (name) => {
    const labels = [0, 1, 0, 1, 0, 1];
    const scores = [0, 0, -1, 2, 0, 1];
    const turned = { labels: [-0, 1, -0, 1, -0, 1], scores: [-0, 0, -1, 2, -0, 1] };
    expect(JSON.stringify(OF_COLUMNS[name](turned))).toBe(JSON.stringify(OF_COLUMNS[name]({ labels, scores })));
  });
});

describe('Every method on counts', () => {
  const OF_COUNTS: Readonly<Record<string, (a: number, b: number, c: number, d: number) => unknown>> = {
    confusionMetrics: (tp, fp, fn, tn) => confusionMetrics({ tp, fp, fn, tn }),
    predictiveValues: (tp, fp, fn, tn) => predictiveValuesAtPrevalence({ tp, fp, fn, tn }, 0.005),
    mcnemar: (b, c) => mcnemar(b, c),
    pairedProportions: (a, b, c, d) => pairedProportions({ a, b, c, d }, 0.05),
    unpairedProportions: (x1, more1, x2, more2) => unpairedProportions({ x1, n1: x1 + more1, x2, n2: x2 + more2 }, 0.05),
    clusteredProportion: (x1, more1, x2, more2) => clusteredProportion([x1, x2], [x1 + more1, x2 + more2]),
  };

  it.each(Object.keys(OF_COUNTS))('%s answers without NaN, infinities or turned intervals, or refuses with a code', (name) => {
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        expect(problemsOf(() => OF_COUNTS[name](a, b, c, d))).toEqual([]);
      }),
    );
  });

  it.each(Object.keys(OF_COUNTS))('%s refuses what is no count', (name) => {
    for (const wrong of [-1, 0.5, Number.NaN, Infinity, 2 ** 53, null as unknown as number, '3' as unknown as number])
      expect(codeOf(() => OF_COUNTS[name](wrong, 2, 3, 4))).toBe('E_DOMAIN');
  });
});

describe('Other hostile input', () => {
  it('of p-values is refused', () => {
    for (const wrong of [-0.1, 1.1, Number.NaN, undefined as unknown as number])
      expect(codeOf(() => adjustPValues([wrong], 'holm'))).toBe('E_DOMAIN');
    expect(codeOf(() => adjustPValues([], 'holm'))).toBe('E_EMPTY');
    expect(codeOf(() => adjustPValues([0.1, 0.2], 'holm', 1))).toBe('E_DOMAIN');
    expect(codeOf(() => adjustPValues([0.1], 'sidak' as Adjustment))).toBe('E_DOMAIN');
    expect(codeOf(() => adjustPValues([0.1], 'toString' as Adjustment))).toBe('E_DOMAIN');
  });

  it('of probabilities and thresholds is refused', () => {
    expect(codeOf(() => decisionCurve([0, 1], [0.5, 1.5], [0.5]))).toBe('E_DOMAIN');
    expect(codeOf(() => decisionCurve([0, 1], [0.5, 0.5], [0]))).toBe('E_DOMAIN');
    expect(codeOf(() => decisionCurve([0, 1], [0.5, 0.5], []))).toBe('E_EMPTY');
  });

  it('of marks answers or is refused', () => {
    const mark = fc.option(SCORES, { nil: null });
    fc.assert(
      fc.property(
        fc.array(fc.record({ lesions: fc.array(mark, { maxLength: 3 }), falseMarks: fc.array(SCORES, { maxLength: 3 }) }), {
          maxLength: 8,
        }),
        (cases) => expect(problemsOf(() => froc(cases))).toEqual([]),
      ),
    );
  });

  it('of a million equal scores is one point and chance', () => {
    const labels = new Uint8Array(1_000_000).fill(1, 500_000);
    const scores = new Float32Array(1_000_000).fill(0.1);
    expect(rocAuc(labels, scores)).toMatchObject({ auc: 0.5, variance: 0, ciDelong: null, flags: ['ZERO_VARIANCE'] });
    expect(rocCurve(labels, scores).threshold).toHaveLength(1);
  });
});
