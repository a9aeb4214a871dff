import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quantile } from '../../../src/evidence/statistics/quantile.js';
import { bootstrap } from '../../../src/evidence/statistics/resampling/bootstrap.js';
import { jackknifeValues } from '../../../src/evidence/statistics/resampling/jackknife.js';
import { drawIndices, nextUniform, seedOf, streamState } from '../../../src/evidence/statistics/resampling/random-stream.js';
import { replicateValues } from '../../../src/evidence/statistics/resampling/replicates.js';
import { planResampling, type ResamplingInput, type Statistic } from '../../../src/evidence/statistics/resampling/resampling-plan.js';
import { rocAuc } from '../../../src/evidence/statistics/roc/roc-auc.js';

const STATISTICS: readonly Statistic[] = ['auc', 'auc_difference', 'sensitivity', 'specificity'];
const rows = fc
  .array(
    fc.record({
      label: fc.integer({ min: 0, max: 1 }),
      score: fc.integer({ min: 0, max: 5 }),
      other: fc.integer({ min: 0, max: 5 }),
      patient: fc.integer({ min: 0, max: 7 }),
    }),
    { minLength: 2, maxLength: 30 },
  )
  .map((some) => [
    { label: 1, score: 3, other: 2, patient: 8 },
    { label: 0, score: 3, other: 2, patient: 9 },
    { label: 1, score: 4, other: 1, patient: 10 },
    { label: 0, score: 1, other: 0, patient: 11 },
    ...some,
  ]);

type Row = { label: number; score: number; other: number; patient: number };

/** The statistic as anyone would compute it; NaN where a class is missing. */
function plainly(statistic: Statistic, cases: readonly Row[], threshold: number): number {
  const labels = cases.map(({ label }) => label);
  const auc = (scores: readonly number[]): number => (new Set(labels).size < 2 ? Number.NaN : rocAuc(labels, scores).auc);
  const share = (label: number, right: (score: number) => boolean): number => {
    const own = cases.filter((one) => one.label === label);
    return own.filter(({ score }) => right(score)).length / own.length;
  };
  switch (statistic) {
    case 'auc':
      return auc(cases.map(({ score }) => score));
    case 'auc_difference':
      return auc(cases.map(({ score }) => score)) - auc(cases.map(({ other }) => other));
    case 'sensitivity':
      return share(1, (score) => score >= threshold);
    case 'specificity':
      return share(0, (score) => score < threshold);
  }
}

const inputOf = (cases: readonly Row[], statistic: Statistic, options: { stratified: boolean; clustered: boolean }): ResamplingInput => ({
  statistic,
  labels: cases.map(({ label }) => label),
  scores: cases.map(({ score }) => score),
  scores2: cases.map(({ other }) => other),
  threshold: 3,
  cluster: options.clustered ? cases.map(({ patient }) => patient) : undefined,
  stratified: options.stratified,
  replicates: 20,
  seed: '77',
});

/** Units in the order in which they are numbered: patients by first appearance, those with a positive case first where stratified. */
function unitsOf(cases: readonly Row[], { stratified, clustered }: { stratified: boolean; clustered: boolean }): Row[][][] {
  const units = clustered ? [...Map.groupBy(cases, ({ patient }) => patient).values()] : cases.map((one) => [one]);
  if (!stratified) return [units];
  const positive = (unit: readonly Row[]): boolean => unit.some(({ label }) => label === 1);
  return [units.filter(positive), units.filter((unit) => !positive(unit))];
}

const DESIGNS = [false, true].flatMap((stratified) => [false, true].map((clustered) => ({ stratified, clustered })));

/** How far apart two values are: nothing where both are undefined, infinitely where one is. */
function distance(got: number, expected: number): number {
  if (Number.isNaN(got) && Number.isNaN(expected)) return 0;
  return Number.isNaN(got) || Number.isNaN(expected) ? Infinity : Math.abs(got - expected);
}

describe('Replicates', () => {
  it.each(DESIGNS)('are the statistic of the units that the stream draws, %o', (design) => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...STATISTICS), (cases, statistic) => {
        const got = replicateValues(planResampling(inputOf(cases, statistic, design)), 0, 20);
        const strata = unitsOf(cases, design);
        for (let replicate = 0; replicate < 20; replicate++) {
          const state = streamState(77n, replicate);
          const drawn = strata.flatMap((units) => units.map(() => units[Math.floor(nextUniform(state) * units.length)])).flat();
          expect(distance(got[replicate], plainly(statistic, drawn, 3))).toBeLessThan(1e-12);
        }
      }),
    );
  });

  it.each(DESIGNS)('without each unit are the statistic of the others, %o', (design) => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...STATISTICS), (cases, statistic) => {
        const got = jackknifeValues(planResampling(inputOf(cases, statistic, design)));
        for (const [s, units] of unitsOf(cases, design).entries())
          for (const [u, unit] of units.entries()) {
            const others = cases.filter((one) => !unit.includes(one));
            expect(distance(got[s][u], plainly(statistic, others, 3))).toBeLessThan(1e-12);
          }
      }),
    );
  });

  it('are the same however they are split', () => {
    const cases = Array.from({ length: 40 }, (_, i) => ({
      label: i % 3 === 0 ? 1 : 0,
      score: (i * 7) % 11,
      other: (i * 5) % 13,
      patient: i % 9,
    }));
    const plan = planResampling(inputOf(cases, 'auc_difference', { stratified: true, clustered: true }));
    const split = [...replicateValues(plan, 0, 7), ...replicateValues(plan, 7, 8), ...replicateValues(plan, 8, 20)];
    expect(split).toEqual([...replicateValues(plan, 0, 20)]);
  });
});

describe('A bootstrap', () => {
  const input: ResamplingInput = {
    statistic: 'auc',
    labels: [0, 1, 0, 1, 0, 1, 0, 1],
    scores: [1, 2, 3, 4, 2, 5, 4, 3],
    stratified: true,
    replicates: 100,
    seed: '5',
  };

  it('is another with another seed, and the same with the same', () => {
    expect(bootstrap(input)).toEqual(bootstrap(input));
    expect(bootstrap({ ...input, seed: '6' }).mean).not.toBe(bootstrap(input).mean);
    expect(bootstrap({ ...input, seed: '6' }).first5.slice(0, 4)).toEqual(bootstrap(input).first5.slice(1)); // streams are seed + replicate
  });

  it('does not change with the scores’ scale', () =>
    expect(bootstrap({ ...input, scores: Array.from(input.scores, (score) => Math.exp(score) * 1e-310) })).toEqual(bootstrap(input)));

  it('of one and the same test twice says that nothing varies', () =>
    expect(bootstrap({ ...input, statistic: 'auc_difference', scores2: input.scores })).toMatchObject({
      estimate: 0,
      se: 0,
      bca: null,
      test: null,
      flags: ['ZERO_VARIANCE'],
    }));

  it.each<readonly [string, Partial<ResamplingInput>, string]>([
    ['nothing', { labels: [], scores: [] }, 'E_EMPTY'],
    ['a second test that is missing', { statistic: 'auc_difference' }, 'E_LENGTH_MISMATCH'],
    ['patients for some cases only', { cluster: ['a'] }, 'E_LENGTH_MISMATCH'],
    ['a negative seed', { seed: '-1' }, 'E_DOMAIN'],
    ['a seed of 65 bits', { seed: '18446744073709551616' }, 'E_DOMAIN'],
    ['one replicate', { replicates: 1 }, 'E_DOMAIN'],
    ['half a replicate', { replicates: 10.5 }, 'E_DOMAIN'],
    ['a rate without its threshold', { statistic: 'sensitivity' }, 'E_DOMAIN'],
    ['a statistic that there is not', { statistic: 'accuracy' as Statistic }, 'E_DOMAIN'],
    ['a case of no patient', { cluster: [1, 1, 2, 2, Number.NaN, 3, 3, 3] }, 'E_DOMAIN'],
    ['a case of no patient before one class', { cluster: [1, 1, 2, 2, Number.NaN, 3, 3, 3], labels: [1, 1, 1, 1, 1, 1, 1, 1] }, 'E_DOMAIN'],
    ['a level of 1 before one class', { conf: 1, labels: [1, 1, 1, 1, 1, 1, 1, 1] }, 'E_DOMAIN'],
    ['one class', { labels: [1, 1, 1, 1, 1, 1, 1, 1] }, 'E_ONE_CLASS'],
    ['a class that is hardly ever drawn', { labels: [1, 0, 0, 0, 0, 0, 0, 0], stratified: false }, 'E_UNSTABLE_BOOTSTRAP'],
  ])('refuses %s', (_, change, code) => expect(() => bootstrap({ ...input, ...change })).toThrow(expect.objectContaining({ code })));
});

describe('The generator', () => {
  it('draws indices as its uniform numbers say, at any size', () => {
    for (const size of [1, 2, 3, 29_000, 2 ** 31, 2 ** 32 - 1]) {
      const [state, plain] = [streamState(seedOf('9'), 3), streamState(seedOf('9'), 3)];
      const drawn = new Uint32Array(50);
      drawIndices(state, size, drawn, 50);
      expect([...drawn]).toEqual(Array.from({ length: 50 }, () => Math.floor(nextUniform(plain) * size)));
      expect(state).toEqual(plain);
    }
  });
});

describe('A quantile of type 7', () => {
  it('is R’s: quantile(c(1, 2, 4, 8), c(0, .1, .5, .9, 1))', () =>
    expect([0, 0.1, 0.5, 0.9, 1].map((p) => quantile([1, 2, 4, 8], p))).toEqual([1, 1.3, 3, 6.800000000000001, 8]));

  it('of one value is that value', () => expect(quantile([3], 0.7)).toBe(3));
});
