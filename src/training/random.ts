/**
 * Random numbers that are the same on every machine for the same seed: xoshiro128** 1.1 (Blackman and Vigna), its state filled
 * by splitmix32 so that seeds beside each other give unlike sequences. Fast, and not for secrets.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  /** The second of the two normal numbers that are made at once. */
  private spare: number | undefined;

  /** @param seed  a whole number, 0 … 2^53 − 1 */
  constructor(seed: number) {
    let state = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b)) | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    [this.a, this.b, this.c, this.d] = [next(), next(), next(), next()];
  }

  /** One of many independent sequences of a seed, told apart by name (FNV-1a). */
  static named(seed: number, name: string): Random {
    let hash = 0x811c9dc5;
    for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    return new Random((hash >>> 0) * 2 ** 21 + (seed % 2 ** 21));
  }

  /** Goes on where another generator was when `state()` was asked of it. */
  static from([a, b, c, d, spare]: readonly (number | null)[]): Random {
    const random = new Random(0);
    Object.assign(random, { a, b, c, d, spare: spare ?? undefined });
    return random;
  }

  /** Four 32-bit words and the spare normal number: what a checkpoint keeps. */
  state(): (number | null)[] {
    return [this.a, this.b, this.c, this.d, this.spare ?? null];
  }

  /** 32 random bits, 0 … 2^32 − 1. */
  bits(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** In 0 … 1, 1 excluded, in steps of 2^−32. */
  uniform(): number {
    return this.bits() * 2 ** -32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** A whole number 0 … below − 1, each as likely as another. @param below  1 … 2^32 */
  integer(below: number): number {
    const most = 2 ** 32 - (2 ** 32 % below); // the rest would come once more than others
    let bits = this.bits();
    while (bits >= most) bits = this.bits();
    return bits % below;
  }

  /** Of mean 0 and standard deviation 1 (Marsaglia's polar method). */
  normal(): number {
    if (this.spare !== undefined) {
      const { spare } = this;
      this.spare = undefined;
      return spare;
    }
    let x: number, y: number, radius: number;
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      radius = x * x + y * y;
    } while (radius >= 1 || radius === 0);
    const stretch = Math.sqrt((-2 * Math.log(radius)) / radius);
    this.spare = y * stretch;
    return x * stretch;
  }

  /** Puts a list in random order, in place (Fisher and Yates). */
  shuffle<List extends unknown[] | Uint32Array>(list: List): List {
    for (let last = list.length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = list[last];
      list[last] = list[other];
      list[other] = kept;
    }
    return list;
  }

  /** The numbers 0 … length − 1 in random order. */
  permutation(length: number): Uint32Array {
    return this.shuffle(Uint32Array.from({ length }, (_, i) => i));
  }
}
