import fc from 'fast-check';
import { expect } from '@jest/globals';
import { StatisticsError } from '../../../src/evidence/statistics/statistics-error.js';

/** Numbers that break what was not thought through: no number, infinite, both zeros, subnormal, near what a double holds. */
const BREAKERS = [0, -0, 1, -1, 0.5, Number.MIN_VALUE, -Number.MIN_VALUE, 1e-300, 1e308, -1e308, 2 ** 53, 1 + Number.EPSILON];
const NO_NUMBERS = [NaN, Infinity, -Infinity];

export const anyNumber = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...BREAKERS) },
  { weight: 1, arbitrary: fc.constantFrom(...NO_NUMBERS) },
  { weight: 3, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
);
export const finiteNumber = anyNumber.filter(Number.isFinite);
export const anyProbability = fc.oneof(
  fc.constantFrom(0, 1, 0.5, Number.MIN_VALUE, 1 - Number.EPSILON / 2, 1e-13, 0.1, 0.3, 0.7),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
export const anyLabel = fc.constantFrom<0 | 1>(0, 1);
export const anyCount = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(0, 1, 1e9));
export const anyLevel = fc.constantFrom(0.9, 0.95, 0.99, 1e-6, 1 - 1e-9);

export const column = <T>(of: fc.Arbitrary<T>, maxLength = 12): fc.Arbitrary<T[]> => fc.array(of, { maxLength });

/** A call has an answer that is sound, or a coded one: no other error, no NaN, no infinite number, no interval without width. */
export function expectSound(call: () => unknown): void {
  let answer: unknown;
  try {
    answer = call();
  } catch (error) {
    if (error instanceof StatisticsError) return;
    throw error;
  }
  expect(faultsIn(answer)).toEqual([]);
}

/** What is unsound in an answer, by its path. */
function faultsIn(answer: unknown, path = ''): string[] {
  if (typeof answer === 'number') return Number.isFinite(answer) ? [] : [`${path} is ${answer}`];
  if (ArrayBuffer.isView(answer)) return Array.from(answer as Float64Array).flatMap((one, i) => faultsIn(one, `${path}[${i}]`));
  if (Array.isArray(answer)) {
    const within = answer.flatMap((one, i) => faultsIn(one, `${path}[${i}]`));
    const interval = /(ci|interval|loa|wilson|tango|wald)$/i.test(path) && answer.length === 2 && typeof answer[0] === 'number';
    return interval && !(answer[0] < answer[1]) ? [...within, `${path} is ${answer.join(' to ')}`] : within;
  }
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.entries(answer).flatMap(([name, value]) => faultsIn(value, `${path}.${name}`));
}
