import { BadSearchKey, type Bind, type Matching, type SearchKey } from './search-keys.js';

/** A single value, or a range that is open on one side at most (PS3.4 C.2.2.2.5). */
export interface Range {
  readonly single?: string;
  readonly from?: string;
  readonly to?: string;
}

const TIME = /^([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?$/;
const MOMENT = String.raw`\d{4,14}(?:\.\d{1,6})?(?:[+-]\d{4})?`;

/** The value of a DA or TM key. Throws BadSearchKey. */
export function rangeOf(key: SearchKey): Range {
  const isValue = key.vr === 'DA' ? isDate : (value: string) => TIME.test(value);
  const dash = key.value.indexOf('-');
  const [from, to] = dash < 0 ? [key.value, key.value] : [key.value.slice(0, dash), key.value.slice(dash + 1)];
  if ((from === '' && to === '') || ![from, to].every((value) => value === '' || isValue(value)))
    throw new BadSearchKey(key.tag, `is no ${key.vr} value or range`);
  if (dash < 0) return { single: key.value };
  return { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) };
}

/** A day of the calendar as YYYYMMDD (PS3.5 6.2). */
function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(value) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** Dates compare as texts do. What is no date, nor empty, is beyond every range. */
export function dateTimeCondition(date: string, key: SearchKey, bind: Bind): string {
  const { single, from = '0', to = '99999999' } = rangeOf(key);
  if (single !== undefined) return `${date} = ${bind(single)}`;
  return `(${date} >= ${bind(from)} AND ${date} <= ${bind(to)})`;
}

/** Times compare as texts do; one of less precision covers all it begins: 12- means up to 12:59:59.999999. */
export function timeCondition(time: string, key: SearchKey, bind: Bind): string {
  const { single, from = single ?? '0', to = single ?? '9' } = rangeOf(key);
  return `(${time} >= ${bind(shortest(from))} AND ${time} <= ${bind(`${to}~`)})`;
}

/** A time without the zeros at its end: as a text it goes before every other form of the same moment, 12 before 120000.000. */
const shortest = (time: string): string => time.replace(/\.0+$|(?<=\.\d*?)0+$/, '').replace(/(?<=^\d\d)(00|0000)$|(?<=^\d{4})00$/, '');

/** True where a date and a time are ranges of the same form: both closed, or open at the same end. Throws BadSearchKey. */
export function areOneRange(dateKey: SearchKey, timeKey: SearchKey): boolean {
  const [dates, times] = [rangeOf(dateKey), rangeOf(timeKey)];
  const sameForm = (['from', 'to'] as const).every((end) => (dates[end] === undefined) === (times[end] === undefined));
  return sameForm && dates.single === undefined && times.single === undefined;
}

/**
 * A date and a time that are ranges of the same form are one range of moments (combined date-time matching, PS3.18
 * 8.3.4.1.1, PS3.4 C.2.2.2.5.4): 20260101-20260103 with 0800-1200 goes from the first morning to the third noon.
 */
export function combinedCondition(date: string, time: string, dateKey: SearchKey, timeKey: SearchKey, bind: Bind): string {
  const [dates, times] = [rangeOf(dateKey), rangeOf(timeKey)];
  const [from, to] = [bind(dates.from ?? '0'), bind(dates.to ?? '99999999')];
  const days = `${date} >= ${from} AND ${date} <= ${to}`; // what an index of dates serves
  return `(${days} AND (${date}, ${time}) >= (${from}, ${bind(shortest(times.from ?? ''))}) AND (${date}, ${time}) <= (${to}, ${bind(`${times.to ?? ''}~`)}))`;
}

/** A date and time of the index as they read at the asker's offset from UTC (PS3.4 C.2.2.2.5, Timezone Offset From UTC). */
export function atOffset(date: string, time: string, timezoneOffset: string, bind: Bind): { date: string; time: string } {
  const offset = bind(timezoneOffset);
  const local = `(dicom_moment(${date}, ${time}, s.timezone_offset, ${offset}) + (left(${offset}, 3) || ':' || right(${offset}, 2))::interval)`;
  return {
    date: `(to_char(${local}, 'YYYYMMDD') COLLATE "C")`,
    time: `(CASE WHEN ${time} = '' THEN '' ELSE to_char(${local}, 'HH24MISS.US') END COLLATE "C")`,
  };
}

/** The days a range may touch at any offset: what an index of dates can serve beside `atOffset`. */
export function aroundRange(date: string, key: SearchKey, bind: Bind): string {
  const { single, from = single, to = single } = rangeOf(key);
  const bounds = [
    ...(from === undefined ? [] : [`${date} >= ${bind(shifted(from, -1))}`]),
    ...(to === undefined ? [] : [`${date} <= ${bind(shifted(to, 1))}`]),
  ];
  return bounds.join(' AND ');
}

const shifted = (date: string, days: number): string =>
  new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6)) + days))
    .toISOString()
    .slice(0, 10)
    .replaceAll('-', '');

/** Moments (DT) compare in UTC; what names no offset is at the asker's, else at UTC on both sides. */
export function momentCondition(text: string, key: SearchKey, { timezoneOffset = '+0000' }: Matching, bind: Bind): string {
  const range = new RegExp(`^(${MOMENT})?-(${MOMENT})?$`).exec(key.value);
  const [from, to] = range ? [range[1], range[2]] : [key.value, key.value];
  const [begin, end] = [from && interval(from, timezoneOffset, key), to && interval(to, timezoneOffset, key)];
  if (!begin && !end) throw new BadSearchKey(key.tag, 'is no DT value or range');
  const digits = `substring(${text} from '^[0-9.]+')`;
  const date = `left(${digits}, 4) || coalesce(nullif(substr(${digits}, 5, 2), ''), '01') || coalesce(nullif(substr(${digits}, 7, 2), ''), '01')`;
  const moment = `dicom_moment(${date}, coalesce(nullif(substr(${digits}, 9), ''), '00'), coalesce(substring(${text} from '[+-][0-9]{4}$'), s.timezone_offset), ${bind(timezoneOffset)})`;
  const bounds = [
    ...(begin ? [`${moment} >= ${bind(begin[0])}::timestamp`] : []),
    ...(end ? [`${moment} < ${bind(end[1])}::timestamp`] : []),
  ];
  return `(${bounds.join(' AND ')})`;
}

/** The stretch of time that a DT value of any precision covers, in UTC: its begin, and what comes right after it. */
function interval(value: string, offset: string, key: SearchKey): readonly [string, string] {
  const [, digits = '', , fraction = '', own = offset] = /^(\d+)(\.(\d+))?([+-]\d{4})?$/.exec(value) ?? [];
  const parts = [digits.slice(0, 4), ...(digits.slice(4).match(/\d\d/g) ?? [])].map(Number);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  if (
    digits.length % 2 !== 0 ||
    digits.length < 4 ||
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > 31 ||
    hour > 23 ||
    minute > 59 ||
    second > 60
  )
    throw new BadSearchKey(key.tag, 'is no DT value or range');
  const shift = (own.startsWith('-') ? -1 : 1) * (Number(own.slice(1, 3)) * 60 + Number(own.slice(3)));
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const at = (...more: number[]): string => {
    const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0] = more;
    return new Date(Date.UTC(year + y, month - 1 + mo, day + d, hour + h, minute + mi - shift, second + s, milliseconds + ms))
      .toISOString()
      .slice(0, -1);
  };
  const precision = fraction === '' ? parts.length - 1 : 6;
  return [at(), at(...Array.from({ length: 7 }, (_, i) => (i === precision ? 1 : 0)))];
}
