import { format } from 'd3-format';
import type { Interval } from '../figure.js';

/** Numbers for people; always with the point and comma of d3's own default locale, whatever the machine's is. */
const FIXED = format('.3f');
const SCIENTIFIC = format('.3~e');
const GROUPED = format(',d');

/** Three decimals, or an exponent where these would say nothing. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 0.0005 || size >= 1e6) ? SCIENTIFIC(value) : FIXED(value);
}

export const countText = (count: number): string => GROUPED(count);

/** A share in per cent with one decimal, without a sign of its own. */
export const percentText = (share: number): string => `${format('.1f')(share * 100)} %`;

/** The level of an interval: `95 %`. */
export const levelText = (conf: number): string => `${format('.6~f')(conf * 100)} %`;

export const intervalText = (interval: Interval | null): string =>
  interval === null ? 'no interval' : `${numberText(interval[0])} to ${numberText(interval[1])}`;

/** `0.912 (95 % CI 0.880 to 0.940)`. */
export const withInterval = (estimate: number, interval: Interval | null, conf: number): string =>
  `${numberText(estimate)} (${interval === null ? 'no interval' : `${levelText(conf)} CI ${intervalText(interval)}`})`;

/** `1 case`, `2 cases`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${countText(count)} ${count === 1 ? one : many}`;
