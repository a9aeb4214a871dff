/** Perceptual hashes as two words of 32 bits each: what comparing many of them needs. */
export interface HashWords {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

export function hashWords(hashes: readonly string[]): HashWords {
  const high = new Uint32Array(hashes.length);
  const low = new Uint32Array(hashes.length);
  for (const [i, hash] of hashes.entries()) {
    high[i] = parseInt(hash.slice(0, 8), 16);
    low[i] = parseInt(hash.slice(8), 16);
  }
  return { high, low };
}

const { imul } = Math;

/** How many bits of a word are set (H. S. Warren, Hacker's Delight, 2nd ed., 5-1). */
export function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x5555_5555);
  v = (v & 0x3333_3333) + ((v >>> 2) & 0x3333_3333);
  return imul((v + (v >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** In how many of 64 bits two hashes differ (R. W. Hamming 1950). */
export function hammingDistance(a: string, b: string): number {
  const { high, low } = hashWords([a, b]);
  return bitCount(high[0] ^ high[1]) + bitCount(low[0] ^ low[1]);
}

/** The distance of two pictures, either of which may be the other's negative. */
export function pictureDistance(a: string, b: string): number {
  const distance = hammingDistance(a, b);
  return Math.min(distance, 64 - distance);
}
