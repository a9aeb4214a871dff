import { createHash } from 'node:crypto';

/** Gives numbers from 0 up to, but not including, 1. */
export type Random = () => number;

/** A stream of random numbers (mulberry32) that follows from its key: other keys give streams that know nothing of it. */
export function randomOf(...key: readonly (string | number)[]): Random {
  let state = createHash('sha256').update(JSON.stringify(key)).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

/** A smooth field over the unit square. */
export type Field = (u: number, v: number) => number;

const FALLOFF = 0.55;

/**
 * Clouds: value noise, each octave twice as fine and FALLOFF as strong as the one before.
 * @param cells  of the coarsest octave along each side
 * @returns a field with values in −1..1
 */
export function clouds(random: Random, cells: number, octaves: number): Field {
  const layers = Array.from({ length: octaves }, (_, octave) => lattice(random, cells * 2 ** octave));
  const strength = (1 - FALLOFF ** octaves) / (1 - FALLOFF);
  return (u, v) => {
    let sum = 0;
    for (let octave = 0, weight = 1; octave < octaves; octave++, weight *= FALLOFF) sum += weight * layers[octave](u, v);
    return sum / strength;
  };
}

/** Random values at the corners of `cells` × `cells` cells, blended smoothly between them. */
function lattice(random: Random, cells: number): Field {
  const stride = cells + 2; // the last cell's far corners, for u or v of exactly 1
  const corners = Float32Array.from({ length: stride * stride }, () => between(random, -1, 1));
  return (u, v) => {
    const [x, y] = [u * cells, v * cells];
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [across, down] = [ease(x - column), ease(y - row)];
    const at = row * stride + column;
    const above = corners[at] + (corners[at + 1] - corners[at]) * across;
    const below = corners[at + stride] + (corners[at + stride + 1] - corners[at + stride]) * across;
    return above + (below - above) * down;
  };
}

const ease = (t: number): number => t * t * (3 - 2 * t);
