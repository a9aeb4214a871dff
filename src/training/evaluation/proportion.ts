const Z = 1.959963984540054;

export interface Proportion {
  readonly value: number;
  /** 95 %, Wilson 1927 */
  readonly interval: readonly [number, number];
}

/** A share of `total` cases; undefined where there are none. */
export function proportion(count: number, total: number): Proportion | undefined {
  if (total === 0) return undefined;
  const value = count / total;
  const width = 1 + Z ** 2 / total;
  const middle = (value + Z ** 2 / (2 * total)) / width;
  const half = (Z / width) * Math.sqrt((value * (1 - value)) / total + Z ** 2 / (4 * total ** 2));
  return { value, interval: [Math.max(0, middle - half), Math.min(1, middle + half)] };
}
