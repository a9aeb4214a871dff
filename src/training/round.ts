/** Four digits are more than the test sets can tell apart. */
export const round = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Down, so that the case that set a threshold stays at or above it. */
export const roundDown = (value: number): number => Math.floor(value * 1e4) / 1e4;

/** Up, so that the case that set a limit stays at or below it. */
export const roundUp = (value: number): number => Math.ceil(value * 1e4) / 1e4;
