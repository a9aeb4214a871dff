import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { betaCdf, betaQuantile, betaQuantileUpper, betaUpper } from '../../../src/evidence/statistics/distributions/beta.js';
import { binomialCdf, binomialMass, binomialUpper } from '../../../src/evidence/statistics/distributions/binomial.js';
import { chiSquareCdf, chiSquareUpper } from '../../../src/evidence/statistics/distributions/chi-square.js';
import { fNoncentralUpper, fQuantile, fQuantileUpper, fUpper } from '../../../src/evidence/statistics/distributions/f.js';
import {
  normalCdf,
  normalCritical,
  normalQuantile,
  normalTwoSided,
  normalUpper,
} from '../../../src/evidence/statistics/distributions/normal.js';
import { studentCdf, studentCritical, studentQuantile, studentUpper } from '../../../src/evidence/statistics/distributions/student-t.js';
import { StatisticsError } from '../../../src/evidence/statistics/statistics-error.js';

const relative = (got: number, expected: number): number => Math.abs(got - expected) / Math.abs(expected);
const df = fc.double({ min: 0.5, max: 1e6, noNaN: true });
const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });

describe('Distributions', () => {
  // printed tables: Abramowitz and Stegun 1964, 26.1 and 26.8–26.10, to their last digit
  it.each([
    ['normal, 97.5 %', normalQuantile(0.975), 1.95996, 5],
    ['t, 10 degrees of freedom, 97.5 %', studentQuantile(0.975, 10), 2.228, 3],
    ['t, 1, 99.5 %', studentQuantile(0.995, 1), 63.657, 3],
    ['F, 4 and 20, upper 5 %', fQuantileUpper(0.05, 4, 20), 2.87, 2],
    ['chi-square, 5, above 11.0705', chiSquareUpper(11.0705, 5), 0.05, 6],
  ])('have the printed value: %s', (_, got, printed, digits) => expect(got.toFixed(digits)).toBe(printed.toFixed(digits)));

  // mpmath 1.3.0 at 40 digits
  it.each([
    ['chi-square where @stdlib gammainc 0.3.1 is 0.1 % off', chiSquareUpper(2515.067824242803, 963.2317943720061), 6.624577446093101e-139],
    ['F where R 4.2.2 gives 0', fUpper(42.457518009641845, 60.51465086419137, 1525.2651817310566), 1.8893826944744375e-280],
    ['F where @stdlib betainc 0.2.3 is 0.4 % off', fUpper(34.57330905563293, 42.99621043224792, 404294.77584857354), 3.87903881147894e-283],
    ['normal at 37', normalUpper(37), 5.725571222524577e-300],
  ])('keep their digits in the far tail: %s', (_, got, exact) => expect(relative(got, exact)).toBeLessThan(1e-12));

  it('are symmetric, and their tails make one', () => {
    fc.assert(
      fc.property(fc.double({ min: -30, max: 30, noNaN: true }), df, (x, n) => {
        expect(normalCdf(x)).toBe(normalUpper(-x));
        expect(studentCdf(x, n)).toBe(studentUpper(-x, n));
        expect(studentCdf(x, n) + studentUpper(x, n)).toBeCloseTo(1, 14);
        expect(chiSquareCdf(x * x, n) + chiSquareUpper(x * x, n)).toBeCloseTo(1, 13);
      }),
    );
  });

  it('are undone by their quantiles', () => {
    fc.assert(
      fc.property(probability, df, df, (p, a, b) => {
        expect(relative(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-12);
        expect(relative(studentCdf(studentQuantile(p, a), a), p)).toBeLessThan(1e-9);
        expect(relative(betaCdf(betaQuantile(p, a, b), a, b), p)).toBeLessThan(1e-9);
        expect(betaUpper(betaQuantileUpper(p, a, b), a, b)).toBeCloseTo(p, 4); // near 1 a double holds few digits of the distance
        expect(relative(1 - fUpper(fQuantile(p, a, b), a, b), p)).toBeLessThan(1e-3);
      }),
    );
  });

  it('agree where one is a case of another', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 30, noNaN: true }), df, (t, n) => {
        expect(relative(2 * studentUpper(t, n), fUpper(t * t, 1, n))).toBeLessThan(1e-9);
        expect(relative(normalTwoSided(t), chiSquareUpper(t * t, 1))).toBeLessThan(1e-9);
        expect(relative(fNoncentralUpper(t, 3, n, 1e-13), fUpper(t, 3, n))).toBeLessThan(1e-9);
      }),
    );
    expect(studentUpper(2, Infinity)).toBe(normalUpper(2));
    expect(relative(studentUpper(2, 9e15), normalUpper(2))).toBeLessThan(1e-13);
    expect(relative(studentQuantile(0.975, 9e15), normalQuantile(0.975))).toBeLessThan(1e-13);
    expect(relative(fUpper(3, 4, 9e15), chiSquareUpper(12, 4))).toBeLessThan(1e-13);
    expect(fUpper(3, 4, Infinity)).toBe(chiSquareUpper(12, 4));
    expect(studentCritical(0.95, Infinity)).toBe(normalCritical(0.95));
  });

  it('sum a binomial distribution to its tails, of few trials and of a billion', () => {
    let sum = 0;
    for (let k = 0; k <= 40; k++) {
      sum += binomialMass(k, 40, 0.3);
      expect(relative(binomialCdf(k, 40, 0.3), sum)).toBeLessThan(1e-13);
    }
    expect(binomialMass(500_000_000, 1e9, 0.5)).toBeCloseTo(1 / Math.sqrt(Math.PI * 5e8), 12);
    expect(binomialCdf(499_999_999, 1e9, 0.5)).toBeCloseTo(0.5 - binomialMass(500_000_000, 1e9, 0.5) / 2, 10);
    expect([binomialCdf(-1, 5, 0.5), binomialUpper(5, 5, 0.5), binomialMass(2.5, 5, 0.5), binomialMass(0, 5, 0)]).toEqual([0, 0, 0, 1]);
  });

  it('have their ends', () => {
    expect([betaCdf(0, 2, 3), betaCdf(1, 2, 3), betaUpper(0, 2, 3), betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1, 1, 0, 1]);
    expect([chiSquareUpper(0, 3), chiSquareUpper(Infinity, 3), fUpper(Infinity, 2, 3), studentUpper(Infinity, 2)]).toEqual([1, 0, 0, 0]);
    expect(Object.is(normalQuantile(0.5), 0)).toBe(true);
  });

  it.each<readonly [string, () => number]>([
    ['a probability of 0', () => normalQuantile(0)],
    ['a probability of 1', () => studentQuantile(1, 5)],
    ['a probability that is no number', () => betaQuantile(Number.NaN, 1, 1)],
    ['a value that is no number', () => normalCdf(Number.NaN)],
    ['no degrees of freedom', () => studentUpper(1, 0)],
    ['infinitely many numerator degrees', () => fUpper(1, Infinity, 5)],
    ['a negative chi-square', () => chiSquareUpper(-1, 2)],
    ['half a trial', () => binomialCdf(1, 2.5, 0.5)],
    ['a negative noncentrality', () => fNoncentralUpper(1, 1, 1, -1)],
  ])('refuse %s', (_, call) => expect(call).toThrow(new StatisticsError('E_DOMAIN')));
});
