import { chanceOf, drawn, type Stream } from './chance.js';

const LEAST_DIGITS = 4;

/**
 * De-identified keys in an order of chance: `C0001` to however many there are, all of one length, so that they stand in order as text. The same
 * seed and values give the same keys; a key tells nothing of its value, not even which came first.
 */
export const caseKeys = (instances: Iterable<string>, seed: number): Map<string, string> =>
  keysOf(instances, seed, 'case keys', 'C', LEAST_DIGITS);

/** `P0001` for each patient. */
export const patientKeys = (patients: Iterable<string>, seed: number): Map<string, string> =>
  keysOf(patients, seed, 'patient keys', 'P', LEAST_DIGITS);

/** `S1` for each site; none for what names no site. */
export const siteKeys = (institutions: Iterable<string>, seed: number): Map<string, string> =>
  keysOf(
    [...institutions].filter((name) => name !== ''),
    seed,
    'site keys',
    'S',
    1,
  );

function keysOf(values: Iterable<string>, seed: number, stream: Stream, letter: string, leastDigits: number): Map<string, string> {
  const distinct = new Set(values);
  const digits = Math.max(leastDigits, String(distinct.size).length);
  const order = drawn(distinct, distinct.size, chanceOf(seed, stream));
  return new Map(order.map((value, i) => [value, `${letter}${String(i + 1).padStart(digits, '0')}`]));
}
