import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { denseRanks, sortedOrder } from '../../../src/evidence/statistics/ranking/dense-ranks.js';
import { clusteredAuc } from '../../../src/evidence/statistics/roc/clustered-auc.js';
import { delongPaired } from '../../../src/evidence/statistics/roc/delong-paired.js';
import { chooseOperatingPoint, confusionAt } from '../../../src/evidence/statistics/roc/operating-point.js';
import { partialAuc } from '../../../src/evidence/statistics/roc/partial-auc.js';
import { rocAuc } from '../../../src/evidence/statistics/roc/roc-auc.js';
import { rocCurve } from '../../../src/evidence/statistics/roc/roc-curve.js';
import { generatedStudy } from './generated-study.js';

/** Labels of both classes, at least two cases each, with scores of few levels, so that many are equal. */
const cases = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), {
    minLength: 4,
    maxLength: 40,
  })
  .map((rows) => [[1, 0, 1], [1, 2, 0], [0, 1, 1], [0, -1, 2], ...rows])
  .map((rows) => ({
    labels: rows.map(([label]) => label),
    scores: rows.map(([, score]) => score),
    others: rows.map(([, , other]) => other),
  }));

/** DeLong's variance and covariance by all pairs, as the paper writes it. */
function byPairs(labels: readonly number[], columns: readonly (readonly number[])[]) {
  const positive = labels.flatMap((label, i) => (label === 1 ? [i] : []));
  const negative = labels.flatMap((label, i) => (label === 0 ? [i] : []));
  const psi = (x: number, y: number): number => (x > y ? 1 : x === y ? 0.5 : 0);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const v10 = columns.map((s) => positive.map((i) => mean(negative.map((j) => psi(s[i], s[j])))));
  const v01 = columns.map((s) => negative.map((j) => mean(positive.map((i) => psi(s[i], s[j])))));
  const covariance = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + (value - mean(a)) * (b[i] - mean(b)), 0) / (a.length - 1) / a.length;
  return {
    aucs: v10.map(mean),
    covariance: (a: number, b: number): number => covariance(v10[a], v10[b]) + covariance(v01[a], v01[b]),
  };
}

describe('Ranks', () => {
  it('are those of sorting, for any finite doubles', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
        const levels = [...new Set(values.map((value) => value + 0))].sort((a, b) => a - b);
        expect(Array.from(denseRanks(values).ranks)).toEqual(values.map((value) => levels.indexOf(value + 0)));
        expect(denseRanks(values).levels).toBe(levels.length);
      }),
    );
  });

  it('tell subnormal numbers and neighbours apart, and not −0 from 0', () => {
    const values = [0, 5e-324, -0, -5e-324, 1e-310, Number.MAX_VALUE, -Number.MAX_VALUE, 1, 1 + Number.EPSILON];
    expect(Array.from(denseRanks(values).ranks)).toEqual([2, 3, 2, 1, 4, 7, 0, 5, 6]);
  });

  it('keep equal values in their order', () => expect(Array.from(sortedOrder([2, 1, 2, 1, -0, 0]))).toEqual([4, 5, 1, 3, 0, 2]));
});

describe('The area under the ROC curve', () => {
  // Hanley and McNeil, Radiology 143 (1982) 29, table I: 109 CT images rated 1 to 5
  it('is Hanley and McNeil’s: 0.893, standard error 0.032', () => {
    const rated = (label: number, counts: readonly number[]) =>
      counts.flatMap((count, k) => Array.from({ length: count }, () => [label, k + 1]));
    const rows = [...rated(0, [33, 6, 6, 11, 2]), ...rated(1, [3, 2, 2, 11, 33])];
    const { auc, seHanleyMcneil } = rocAuc(
      rows.map(([label]) => label),
      rows.map(([, rating]) => rating),
    );
    expect([auc.toFixed(3), seHanleyMcneil.toFixed(3)]).toEqual(['0.893', '0.032']);
  });

  it('and its variance are those of all pairs', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores, others }) => {
        const truth = byPairs(labels, [scores, others]);
        const both = delongPaired(labels, scores, others);
        expect(both.auc1).toBeCloseTo(truth.aucs[0], 13);
        expect(rocAuc(labels, scores).variance).toBeCloseTo(truth.covariance(0, 0), 13);
        expect(both.covariance).toBeCloseTo(truth.covariance(0, 1), 13);
        const ofDifference = truth.covariance(0, 0) + truth.covariance(1, 1) - 2 * truth.covariance(0, 1);
        expect((both.seDifference ?? Number.NaN) ** 2).toBeCloseTo(ofDifference, 13);
      }),
    );
  });

  it('does not change with the scores’ scale, the cases’ order or the kind of array, and turns with the labels', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const plain = rocAuc(labels, scores);
        const stretched = scores.map((score) => 1e300 * Math.atan(score));
        expect(rocAuc(labels, stretched)).toEqual(plain);
        expect(rocAuc(Uint8Array.from(labels), Float32Array.from(scores))).toEqual(plain);
        expect(rocAuc([...labels].reverse(), [...scores].reverse())).toEqual(plain);
        const turned = rocAuc(
          labels.map((label) => 1 - label),
          scores,
        );
        expect(turned.auc).toBeCloseTo(1 - plain.auc, 14);
        expect(turned.variance).toBeCloseTo(plain.variance ?? Number.NaN, 14);
      }),
    );
  });

  it('is the area below its own points', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const { auc } = rocAuc(labels, scores);
        const { tpr, fpr } = rocCurve(labels, scores);
        const area = tpr.reduce((sum, y, i) => sum + ((fpr[i] - (fpr[i - 1] ?? 0)) * (y + (tpr[i - 1] ?? 0))) / 2, 0);
        expect(area).toBeCloseTo(auc, 13);
        for (const focus of ['specificity', 'sensitivity'] as const) {
          expect(partialAuc(labels, scores, { focus, low: 0, high: 1 }).pauc).toBeCloseTo(auc, 13);
          const [low, high] = [0, 0.3].map((from, k) => partialAuc(labels, scores, { focus, low: from, high: [0.3, 1][k] }).pauc);
          expect(low + high).toBeCloseTo(auc, 13);
        }
      }),
    );
  });

  it('of the same order twice has no interval of its difference, at a million cases too', () => {
    const { labels, scores1 } = generatedStudy(1_000_000, '3', 0.4);
    const same = delongPaired(
      labels,
      scores1,
      scores1.map((score) => Math.log1p(score)),
      { margin: 0.05 },
    );
    expect(same).toMatchObject({
      difference: 0,
      seDifference: 0,
      z: null,
      p: null,
      ci: null,
      noninferiority: null,
      flags: ['ZERO_VARIANCE'],
    });
    expect(same.correlation).toBeCloseTo(1, 9);
  });

  it('with every case a patient of its own is DeLong’s, but for the term that patients add', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const { variance, varianceUnclustered } = clusteredAuc(
          labels,
          scores,
          labels.map((_, i) => i),
        );
        expect(variance).toBeCloseTo(varianceUnclustered ?? Number.NaN, 13);
      }),
    );
  });

  it('has no variance where all cases of a class are one patient’s', () =>
    expect(clusteredAuc([1, 1, 0, 0], [3, 4, 1, 5], ['a', 'a', 'b', 'c'])).toMatchObject({
      variance: null,
      ci: null,
      flags: ['TOO_FEW_FOR_VARIANCE'],
    }));
});

describe('An operating point', () => {
  const tuning = { labels: [0, 0, 1, 0, 1, 1], scores: [-0, 0.25, 0.25, 0.5, 0.5, 1] };

  it('is a score that was observed, and meets its target on the same cases', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 1, noNaN: true }), ({ labels, scores }, target) => {
        const { threshold, tuning: met } = chooseOperatingPoint({ labels, scores }, { rule: 'sensitivity_at_least', target });
        const { tp, fn, fp, tn } = confusionAt({ labels, scores }, threshold);
        expect(scores).toContain(threshold);
        expect(met).toEqual({ sensitivity: tp / (tp + fn), specificity: 1 - fp / (fp + tn) });
        expect(met.sensitivity).toBeGreaterThanOrEqual(target - 1e-12);
      }),
    );
  });

  it('is the highest of equally good ones, for a specificity the lowest', () => {
    expect(chooseOperatingPoint(tuning, { rule: 'youden' }).threshold).toBe(1); // 0.25, 0.5 and 1 are equally good
    expect(chooseOperatingPoint(tuning, { rule: 'specificity_at_least', target: 1 / 3 }).threshold).toBe(0.25);
    expect(chooseOperatingPoint(tuning, { rule: 'sensitivity_at_least', target: 0 }).threshold).toBe(1);
    const free = { rule: 'min_cost', prevalence: 0.5, costFalseNegative: 0, costFalsePositive: 0 } as const;
    expect(chooseOperatingPoint(tuning, free).threshold).toBe(1);
  });
});
