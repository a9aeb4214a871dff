import { requireThat } from '../input-checks.js';

/**
 * The bootstrap's generator, specified so that an auditor can run it again and any number of workers gives the same bytes:
 * xoshiro128** (Blackman and Vigna 2021) started with two outputs of SplitMix64, one stream for each replicate.
 */

/** Looked up once: in a context of its own (a test's, a sandbox's) each look at a global costs more than the product. */
const { imul } = Math;

const MASK64 = 0xffff_ffff_ffff_ffffn;
const DECIMAL = /^\d{1,20}$/;

/** The four state words of a stream. */
export type StreamState = Int32Array;

/** A seed of 64 bits, as decimal text since JSON's numbers hold 53. @throws E_DOMAIN */
export function seedOf(text: string): bigint {
  requireThat(typeof text === 'string' && DECIMAL.test(text) && BigInt(text) <= MASK64, 'E_DOMAIN');
  return BigInt(text);
}

/** The stream of one replicate: SplitMix64 starts at (seed + replicate) mod 2⁶⁴. */
export function streamState(seed: bigint, replicate: number): StreamState {
  let counter = (seed + BigInt(replicate)) & MASK64;
  const output = (): bigint => {
    counter = (counter + 0x9e37_79b9_7f4a_7c15n) & MASK64;
    let z = counter;
    z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK64;
    z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK64;
    return z ^ (z >> 31n);
  };
  const a = output();
  const b = output();
  return Int32Array.of(
    Number(BigInt.asIntN(32, a)),
    Number(BigInt.asIntN(32, a >> 32n)),
    Number(BigInt.asIntN(32, b)),
    Number(BigInt.asIntN(32, b >> 32n)),
  );
}

/** The next 32 bits, 0 to 2³² − 1. */
export function nextUint32(state: StreamState): number {
  const [s0, s1, s2, s3] = state;
  const product = imul(s1, 5);
  const result = imul((product << 7) | (product >>> 25), 9) >>> 0;
  const x2 = s2 ^ s0;
  const x3 = s3 ^ s1;
  state[0] = s0 ^ x3;
  state[1] = s1 ^ x2;
  state[2] = x2 ^ (s1 << 9);
  state[3] = (x3 << 11) | (x3 >>> 21);
  return result;
}

/** A number from 0 up to 1, of 53 bits: 27 of a first draw, 26 of a second. */
export function nextUniform(state: StreamState): number {
  const first = nextUint32(state) >>> 5;
  const second = nextUint32(state) >>> 6;
  return (first * 67_108_864 + second) / 9_007_199_254_740_992;
}

/**
 * Draws `count` of the numbers 0 to size − 1 with replacement into `drawn`: floor(uniform × size) each. The generator's steps are
 * written out, since all that the bootstrap takes is here.
 */
export function drawIndices(state: StreamState, size: number, drawn: Uint32Array, count: number): void {
  let s0 = state[0];
  let s1 = state[1];
  let s2 = state[2];
  let s3 = state[3];
  for (let k = 0; k < count; k++) {
    let product = imul(s1, 5);
    const first = imul((product << 7) | (product >>> 25), 9) >>> 5;
    let shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    product = imul(s1, 5);
    const second = imul((product << 7) | (product >>> 25), 9) >>> 6;
    shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = (s3 << 11) | (s3 >>> 21);
    drawn[k] = ((first * 67_108_864 + second) / 9_007_199_254_740_992) * size; // stored without its fraction
  }
  state[0] = s0;
  state[1] = s1;
  state[2] = s2;
  state[3] = s3;
}
