import { StatisticsError } from '../../../src/evidence/statistics/statistics-error.js';

/** A linear congruential generator (Numerical Recipes): numbers in 0…1, the same in every run. Tests only. */
export function chance(seed: number): () => number {
  let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

/** Codes 0…levels − 1. */
export function columnOf(length: number, levels: number, seed: number): number[] {
  const next = chance(seed);
  return Array.from({ length }, () => Math.floor(next() * levels));
}

/** Labels with probabilities of which their log odds are `slope` times too small, shifted by `shift`. */
export function calibrated(n: number, seed: number, slope = 1, shift = 0): { y: Uint8Array; p: Float64Array } {
  const next = chance(seed);
  const logit = Float64Array.from({ length: n }, () => -1 + 1.5 * Math.log(1 / next() - 1));
  return {
    p: logit.map((one) => 1 / (1 + Math.exp(-one))),
    y: Uint8Array.from(logit, (one) => (next() < 1 / (1 + Math.exp(-slope * one - shift)) ? 1 : 0)),
  };
}

/** The code that a call is refused with; none where it has an answer. */
export function refusedWith(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof StatisticsError) return error.code;
    throw error;
  }
}
