import { format } from 'd3-format';
import { countText, numberText } from '../../figures/drawing/words.js';
import type { Extended, Interval } from '../../statistics/results.js';

const FOUR = format('.4f');
const SCIENTIFIC = format('.2e');

/** An estimate for people: three decimals, whole numbers as they are; all digits stand in 07-statistics. */
export function estimateText(value: Extended | null): string {
  if (value === null) return 'none';
  if (value === 'Infinity') return 'infinite';
  return Number.isInteger(value) ? countText(value) : numberText(value);
}

export const pText = (p: number): string => (p < 0.0001 ? SCIENTIFIC(p) : FOUR(p));

export const limitsText = (interval: Interval | null): string =>
  interval === null ? 'no interval' : `${numberText(interval[0])} to ${numberText(interval[1])}`;
