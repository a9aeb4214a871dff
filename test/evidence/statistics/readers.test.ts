import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aiAgainstReaders } from '../../../src/evidence/statistics/readers/ai-against-readers.js';
import { jointConcordance } from '../../../src/evidence/statistics/readers/joint-concordance.js';
import { obuchowskiRockette } from '../../../src/evidence/statistics/readers/obuchowski-rockette.js';
import { accuracyOf, covarianceMatrix, type ReaderMetric } from '../../../src/evidence/statistics/readers/reader-metric.js';
import { froc } from '../../../src/evidence/statistics/roc/froc.js';
import { rocAuc } from '../../../src/evidence/statistics/roc/roc-auc.js';

const rating = fc.integer({ min: 1, max: 4 });
/** Truth of both classes with three columns of ratings, two cases of each class at least. */
const readings = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), rating, rating, rating), { minLength: 3, maxLength: 25 })
  .map((rows) => [[1, 1, 2, 4], [1, 3, 2, 1], [0, 2, 1, 3], [0, 1, 3, 2], ...rows])
  .map((rows) => ({ truth: rows.map(([label]) => label), columns: [1, 2, 3].map((k) => rows.map((row) => row[k])) }));
const AUC: ReaderMetric = { metric: 'auc' };

describe('Covariances of accuracies on the same cases', () => {
  it('by the jackknife are those of leaving out each case', () => {
    fc.assert(
      fc.property(readings, ({ truth, columns }) => {
        const [a, b] = columns.map((column) => accuracyOf(truth, column, AUC));
        const without = (column: readonly number[]) => truth.map((_, i) => rocAuc(truth.toSpliced(i, 1), column.toSpliced(i, 1)).auc);
        const [first, second] = [without(columns[0]), without(columns[1])];
        const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
        const [m1, m2] = [mean(first), mean(second)];
        const n = truth.length;
        const expected = ((n - 1) / n) * first.reduce((sum, value, i) => sum + (value - m1) * (second[i] - m2), 0);
        expect(covarianceMatrix(truth, [a, b], AUC, 'jackknife')[0][1]).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('of pairs of pairs count what all pairs count', () => {
    fc.assert(
      fc.property(readings, ({ truth, columns }) => {
        const [a, b] = columns.map((column) => Uint32Array.from(column));
        const psi = (x: number, y: number): number => (x > y ? 1 : x === y ? 0.5 : 0);
        let expected = 0;
        for (const [i, positive] of truth.entries())
          for (const [j, negative] of truth.entries()) if (positive === 1 && negative === 0) expected += psi(a[i], a[j]) * psi(b[i], b[j]);
        expect(jointConcordance(truth, a, b)).toBe(expected);
      }),
    );
  });

  it.each(['jackknife', 'delong', 'unbiased'] as const)('of a binary metric are those of a mean, by %s', (method) => {
    const metric = { metric: 'sensitivity', threshold: 3 } as const;
    const truth = [1, 1, 1, 1, 0];
    const one = accuracyOf(truth, [3, 1, 4, 2, 4], metric);
    expect(covarianceMatrix(truth, [one], metric, method)[0][0]).toBeCloseTo((0.5 * 0.5) / 3, 15);
  });
});

describe('A reading study', () => {
  const truth = [0, 0, 0, 0, 1, 1, 1, 1];
  const reader1 = [1, 2, 1, 3, 2, 4, 5, 3];
  const reader2 = [2, 1, 1, 4, 3, 3, 5, 4];

  it('of the same readings given as two tests has no difference to test, whatever is random', () => {
    const { ms, rrrc, frrc, rrfc } = obuchowskiRockette(
      [
        [reader1, reader2],
        [reader1, reader2],
      ],
      truth,
      AUC,
    );
    expect([ms.t, ms.tr]).toEqual([0, 0]);
    expect([rrrc.F, frrc.chi2, rrfc.F]).toEqual([null, null, null]);
    for (const { differences } of [rrrc, frrc, rrfc]) expect(differences).toMatchObject([{ estimate: 0, se: 0, p: null, ci: null }]);
  });

  it('in which all readers are perfect has no interval', () => {
    const perfect = [1, 1, 1, 1, 2, 2, 2, 2];
    const { means } = obuchowskiRockette(
      [
        [perfect, perfect],
        [perfect, perfect],
      ],
      truth,
      AUC,
    );
    for (const { estimate, rrrc, frrc, rrfc } of means) expect([estimate, rrrc.ci, frrc.ci, rrfc.ci]).toEqual([1, null, null, null]);
  });

  it('where readers and tests do not interact has infinitely many degrees of freedom, said in a word', () => {
    const worse = [1, 2, 1, 3, 2, 4, 1, 3];
    const { rrrc, rrfc } = obuchowskiRockette(
      [
        [reader1, reader1],
        [worse, worse],
      ],
      truth,
      AUC,
    );
    expect(rrrc.df2).toBe('Infinity');
    expect(rrrc.p).toBeGreaterThan(0);
    expect(rrrc.p).toBeLessThan(1);
    expect(rrfc.F).toBeNull();
  });

  it('does not depend on the order of cases, and turns with the tests', () => {
    const tests = [
      [reader1, reader2],
      [reader2, [1, 1, 2, 2, 1, 5, 2, 3]],
    ];
    const { rrrc } = obuchowskiRockette(tests, truth, AUC);
    const backwards = tests.map((readers) => readers.map((ratings) => [...ratings].reverse()));
    expect(obuchowskiRockette(backwards, [...truth].reverse(), AUC).rrrc.p).toBeCloseTo(rrrc.p ?? 2, 12);
    const turned = obuchowskiRockette([...tests].reverse(), truth, AUC).rrrc.differences[0];
    expect(turned.estimate).toBeCloseTo(-rrrc.differences[0].estimate, 15);
    expect(turned.p).toBeCloseTo(rrrc.differences[0].p ?? 2, 12);
  });

  it.each<readonly [string, readonly (readonly ArrayLike<number>[])[], ArrayLike<number>, string]>([
    [
      'no case',
      [
        [[], []],
        [[], []],
      ],
      [],
      'E_EMPTY',
    ],
    ['no test', [], truth, 'E_EMPTY'],
    [
      'a column that is too short',
      [
        [reader1, [1]],
        [reader1, reader2],
      ],
      truth,
      'E_LENGTH_MISMATCH',
    ],
    [
      'a truth of 2',
      [
        [reader1, reader2],
        [reader1, reader2],
      ],
      [2, ...truth.slice(1)],
      'E_LABEL',
    ],
    [
      'an infinite rating',
      [
        [reader1, reader2],
        [reader1, reader2.with(0, Infinity)],
      ],
      truth,
      'E_NON_FINITE',
    ],
    [
      'one class',
      [
        [reader1, reader2],
        [reader1, reader2],
      ],
      truth.map(() => 1),
      'E_ONE_CLASS',
    ],
    [
      'a class of one case',
      [
        [reader1, reader2],
        [reader1, reader2],
      ],
      [1, 0, 0, 0, 0, 0, 0, 0],
      'E_TOO_FEW',
    ],
    ['one test', [[reader1, reader2]], truth, 'E_TOO_FEW'],
    [
      'a reader who is missing in a test',
      [
        [reader1, reader2, reader1],
        [reader1, reader2],
      ],
      truth,
      'E_UNBALANCED',
    ],
    [
      'a rating that is NaN',
      [
        [reader1, reader2],
        [reader1, reader2.with(3, Number.NaN)],
      ],
      truth,
      'E_UNBALANCED',
    ],
  ])('refuses %s', (_, ratings, labels, code) =>
    expect(() => obuchowskiRockette(ratings, labels, AUC)).toThrow(expect.objectContaining({ code })),
  );
});

describe('AI against readers', () => {
  const truth = [0, 0, 0, 1, 1, 1];
  const ai = [0.1, 0.2, 0.6, 0.5, 0.8, 0.9];

  it('that all read as it does has no difference to test', () => {
    const same = aiAgainstReaders(truth, ai, [ai, ai, ai], AUC, { margin: 0.05 });
    expect(same).toMatchObject({
      difference: 0,
      se: 0,
      df: null,
      t: null,
      p: null,
      ci: null,
      noninferiority: null,
      flags: ['ZERO_VARIANCE'],
    });
  });

  it('that do not differ from each other has infinitely many degrees of freedom', () => {
    const other = [0.3, 0.2, 0.7, 0.25, 0.8, 0.1];
    expect(aiAgainstReaders(truth, ai, [other, other], AUC)).toMatchObject({ msR: 0, df: 'Infinity', flags: [], noninferiority: null });
  });

  it('needs two of them', () =>
    expect(() => aiAgainstReaders(truth, ai, [ai], AUC)).toThrow(expect.objectContaining({ code: 'E_TOO_FEW' })));
});

describe('Localisation', () => {
  it('by one mark a case is the ROC of the cases', () => {
    fc.assert(
      fc.property(readings, ({ truth, columns: [ratings] }) => {
        const marked = truth.map((label, i) =>
          label === 1 ? { lesions: [ratings[i]], falseMarks: [] } : { lesions: [], falseMarks: [ratings[i]] },
        );
        const { auc } = rocAuc(truth, ratings);
        const { afrocAuc, wafrocAuc, hrAuc } = froc(marked);
        for (const area of [afrocAuc, wafrocAuc, hrAuc]) expect(area).toBeCloseTo(auc, 13);
      }),
    );
  });

  it('without any mark is chance, and finds nothing', () => {
    const nothing = froc([
      { lesions: [null, null], falseMarks: [] },
      { lesions: [], falseMarks: [] },
    ]);
    expect(nothing).toMatchObject({ lesions: 2, afrocAuc: 0.5, afroc1Auc: 0.5, wafrocAuc: 0.5, hrAuc: 0.5, cpm: 0 });
    expect(nothing.froc.threshold).toHaveLength(0);
  });

  it('refuses a mark without a rating', () =>
    expect(() => froc([{ lesions: [0.5], falseMarks: [Number.NaN] }])).toThrow(expect.objectContaining({ code: 'E_NON_FINITE' })));
});
