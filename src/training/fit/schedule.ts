export interface Schedule {
  /** Highest learning rate. */
  readonly rate: number;
  readonly steps: number;
  /** Steps over which the rate rises evenly to its highest. */
  readonly warmUp: number;
}

/** Learning rate of a step, counted from 0: even warm-up, then half a cosine down to 0 (Loshchilov and Hutter 2017). */
export function rateAt(step: number, { rate, steps, warmUp }: Schedule): number {
  if (step < warmUp) return (rate * (step + 1)) / warmUp;
  return (rate / 2) * (1 + Math.cos((Math.PI * (step - warmUp)) / Math.max(1, steps - warmUp)));
}
