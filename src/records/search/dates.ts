/** A span of time in milliseconds since 1970: from `low` to before `high`; infinite where it is open. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/**
 * The span that a date, dateTime or instant means: the whole of its year, month, day, minute, second or millisecond (R4
 * search.html#date). Where it names no zone, UTC's. A leap second is the second after it. Undefined where it is no date.
 */
export function spanOf(text: string): Span | undefined {
  const [whole, year, month, day, hour, minute, second, fraction, zone] = DATE.exec(text) ?? [];
  if (whole === undefined || year === '0000' || (hour !== undefined && minute === undefined)) return undefined;
  if (Number(day ?? 1) > daysIn(Number(year), Number(month ?? 1)) || Number(day ?? 1) === 0 || outside(month, 1, 12)) return undefined;
  if (outside(hour, 0, 23) || outside(minute, 0, 59) || outside(second, 0, 60)) return undefined;
  const start = new Date(0);
  start.setUTCFullYear(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)); // Date.UTC takes 99 for 1999
  start.setUTCHours(Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), Number((fraction ?? '').slice(0, 3).padEnd(3, '0')));
  const low = start.getTime() - offsetOf(zone);
  if (month === undefined) return { low, high: start.setUTCFullYear(start.getUTCFullYear() + 1) - offsetOf(zone) };
  if (day === undefined) return { low, high: start.setUTCMonth(start.getUTCMonth() + 1) - offsetOf(zone) };
  return { low, high: low + (hour === undefined ? 86_400_000 : second === undefined ? 60_000 : fraction === undefined ? 1_000 : 1) };
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

const outside = (text: string | undefined, least: number, most: number): boolean =>
  text !== undefined && (Number(text) < least || Number(text) > most);

/** Milliseconds that a zone is ahead of UTC. */
function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** As Postgres reads a point of time. */
export const timestampText = (time: number): string =>
  time > LATEST ? 'infinity' : time < EARLIEST ? '-infinity' : new Date(time).toISOString();

/** The years that FHIR's dates can name: 0001 to 9999. What a zone or a nearness takes beyond them is beyond all others. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
