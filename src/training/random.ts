/** Seeded random numbers, the same on every machine: xoshiro128** (Blackman and Vigna 2021), seeded by splitmix32. */
export class Random {
  private readonly state: Uint32Array;
  private spare: number | undefined;

  /** @param seed  a whole number; `stream` names independent sequences of one seed */
  constructor(seed: number, stream = '') {
    let mixed = seed >>> 0;
    for (const letter of stream) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193) >>> 0; // FNV-1a
    this.state = Uint32Array.from({ length: 4 }, () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let z = mixed;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return (z ^ (z >>> 16)) >>> 0;
    });
  }

  /** 32 random bits. */
  bits(): number {
    const s = this.state;
    const turned = Math.imul(s[1], 5);
    const result = Math.imul((turned << 7) | (turned >>> 25), 9) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** 0 ≤ x < 1 */
  uniform(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number from 0 up to, without, `below`. */
  integer(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  /** Mean 0, deviation 1 (Marsaglia's polar method). */
  normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = y * factor;
      return x * factor;
    }
  }

  /** 0 … count − 1 in random order (Fisher–Yates). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const other = this.integer(i + 1);
      [order[i], order[other]] = [order[other], order[i]];
    }
    return order;
  }
}
