/** A decimal as it is written: `digits` × 10^`exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
  readonly scientific: boolean;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
/** No measure is written with more; a longer one would only cost. */
const MOST_DIGITS = 40;

function read(text: string): Decimal | undefined {
  const [, sign, whole, fraction = '', exponent] = DECIMAL.exec(text) ?? [];
  if (whole === undefined || whole.length + fraction.length > MOST_DIGITS) return undefined;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  return { digits, exponent: Number(exponent ?? 0) - fraction.length, scientific: exponent !== undefined };
}

export const isDecimal = (text: string): boolean => read(text) !== undefined;

/** Ends of a span, as texts that Postgres reads as numeric. */
export interface DecimalSpan {
  readonly low: string;
  readonly high: string;
}

/**
 * What the written digits leave open, half a step of the last one to each side: 100 is 99.5 to 100.5, 5.40 is 5.395 to 5.405.
 * With an exponent the step is a tenth of that: 1e2 is 95 to 105 (R4 search.html#number). The text must be a decimal.
 */
export function impliedSpan(text: string): DecimalSpan {
  const { digits, exponent, scientific } = read(text) as Decimal;
  const [scaled, at] = scientific ? [digits * 100n, exponent - 2] : [digits * 10n, exponent - 1];
  return { low: `${scaled - 5n}e${at}`, high: `${scaled + 5n}e${at}` };
}

/** A tenth of the value to each side: what `ap` recommends (R4 search.html#prefix). */
export function nearSpan(text: string): DecimalSpan {
  const { digits, exponent } = read(text) as Decimal;
  const tenth = digits < 0n ? -digits : digits;
  return { low: `${digits * 10n - tenth}e${exponent - 1}`, high: `${digits * 10n + tenth}e${exponent - 1}` };
}
