import { escaped, text, type Members, type Query, type Values } from './oracle-query.js';

type Span = readonly [low: number, high: number];

/** The span that a date's text means, by counting its last part up. */
export function span(given: string): Span | undefined {
  const [, date, zone = 'Z'] = /^([\d\-T:.]+?)(Z|[+-]\d\d:\d\d)?$/.exec(given) ?? [];
  if (date === undefined) return undefined;
  const parts = date.split(/[-T:.]/);
  const filled = [...parts.slice(0, 6), ...['01', '01', '01', '00', '00', '00'].slice(parts.length)];
  const start = Date.parse(
    `${filled[0]}-${filled[1]}-${filled[2]}T${filled[3]}:${filled[4]}:${filled[5]}.${(parts[6] ?? '0').padEnd(3, '0').slice(0, 3)}${parts.length > 3 ? zone : 'Z'}`,
  );
  const next = new Date(start);
  if (parts.length === 1) next.setUTCFullYear(next.getUTCFullYear() + 1);
  else if (parts.length === 2) next.setUTCMonth(next.getUTCMonth() + 1);
  else next.setTime(start + [86_400_000, NaN, 60_000, 1_000, 1][parts.length - 3]);
  return [start, next.getTime()];
}

function spansOf(value: unknown): Span[] {
  if (typeof value === 'string') return [span(value) ?? []].flat().length > 0 ? [span(value) as Span] : [];
  const { start, end, event, repeat } = (value ?? {}) as Members;
  const events = [event ?? []].flat().flatMap((one) => [span(text(one)) as Span]);
  const whole: Span[] = events.length > 0 ? [[Math.min(...events.map(([low]) => low)), Math.max(...events.map(([, high]) => high))]] : [];
  const bounds = (repeat as Members | undefined)?.['boundsPeriod'];
  const period: Span[] =
    start === undefined && end === undefined
      ? []
      : [[start === undefined ? -Infinity : (span(text(start)) as Span)[0], end === undefined ? Infinity : (span(text(end)) as Span)[1]]];
  return [...whole, ...period, ...(bounds === undefined ? [] : spansOf(bounds))];
}

/** `now` of the comparison: ap is a tenth of the distance to it. */
export const NOW = Date.UTC(2026, 0, 1);

const PREFIXES: Readonly<Record<string, (own: Span, asked: Span) => boolean>> = {
  '': ([low, high], [from, to]) => from <= low && high <= to,
  eq: ([low, high], [from, to]) => from <= low && high <= to,
  ne: ([low, high], [from, to]) => !(from <= low && high <= to),
  lt: ([low], [from]) => low < from,
  gt: ([, high], [, to]) => high > to,
  le: (own, asked) => PREFIXES['lt'](own, asked) || PREFIXES['eq'](own, asked),
  ge: (own, asked) => PREFIXES['gt'](own, asked) || PREFIXES['eq'](own, asked),
  sa: ([low], [, to]) => low >= to,
  eb: ([, high], [from]) => high <= from,
  ap: ([low, high], [from, to]) => {
    const width = Math.abs(NOW - (from + to) / 2) / 10;
    return low < Math.ceil(to + width) && high > Math.floor(from - width);
  },
};

/** All that is written in a date, a Period or a Timing. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const { start, end, event, repeat } = (value ?? {}) as Members;
  const bounds = (repeat as Members | undefined)?.['boundsPeriod'];
  return [text(start), text(end), ...[event ?? []].flat().map(text), ...(bounds === undefined ? [] : textsOf(bounds))];
}

const minuteOf = (given: string): string => (given.includes('T') ? given.slice(0, 16) + (/(Z|[+-]\d\d:\d\d)$/.exec(given)?.[0] ?? '') : '');

export function dateQueries(name: string, values: Values): Query[] {
  const texts = values.flatMap(textsOf).flatMap((one) => [one, one.slice(0, 4), one.slice(0, 7), one.slice(0, 10), minuteOf(one)]);
  return [...new Set(texts)]
    .filter((one) => one !== '')
    .flatMap((one) =>
      Object.entries(PREFIXES).map(([prefix, holds]) => ({
        name,
        value: `${prefix}${one}`,
        matches: (own: Values) => own.flatMap(spansOf).some((each) => holds(each, span(one) as Span)),
      })),
    );
}

interface Amount {
  readonly low: number;
  readonly high: number;
  readonly unit: readonly string[];
}

function amountsOf(value: unknown): Amount[] {
  if (typeof value === 'number') return [{ low: value, high: value, unit: ['', '', ''] }];
  const given = (value ?? {}) as Members;
  const unit = (from: Members): string[] => [text(from['system']), text(from['code']), text(from['unit'])];
  if ('low' in given || 'high' in given) {
    const [low, high] = [(given['low'] ?? {}) as Members, (given['high'] ?? {}) as Members];
    return [
      {
        low: typeof low['value'] === 'number' ? low['value'] : -Infinity,
        high: typeof high['value'] === 'number' ? high['value'] : Infinity,
        unit: unit({ ...high, ...low }),
      },
    ];
  }
  if (typeof given['value'] !== 'number' || 'origin' in given) return [];
  const { comparator, value: at } = given as { comparator?: string; value: number };
  return [{ low: comparator?.startsWith('<') ? -Infinity : at, high: comparator?.startsWith('>') ? Infinity : at, unit: unit(given) }];
}

/** Half a step of the last digit that is written; with an exponent half of that of the digits. */
function leftOpen(written: string): number {
  const [, fraction = '', exponent] = /^-?\d+(?:\.(\d+))?(?:e(-?\d+))?$/.exec(written) ?? [];
  return exponent === undefined ? 0.5 * 10 ** -fraction.length : 0.5 * 10 ** (Number(exponent) - fraction.length - 1);
}

export function quantityQueries(name: string, values: Values): Query[] {
  return values.flatMap(amountsOf).flatMap(({ low, high, unit: [system, code, unit] }) => {
    const at = [low, high].find(Number.isFinite) as number;
    const units: (readonly [string, (own: Amount) => boolean])[] = [['', () => true]];
    if (system !== '' && code !== '')
      units.push([`|${escaped(system)}|${escaped(code)}`, (own) => own.unit[0] === system && own.unit[1] === code]);
    if (unit !== '') units.push([`||${escaped(unit)}`, (own) => own.unit[1] === unit || own.unit[2] === unit]);
    if (code !== '') units.push([`||${escaped(code)}`, (own) => own.unit[1] === code || own.unit[2] === code]);
    const forms = [String(at), at.toExponential()].map((one) => one.replace('+', ''));
    if (!forms[0].includes('e')) forms.push(`${at}${Number.isInteger(at) ? '.' : ''}0`, at.toFixed(0));
    return forms.flatMap((written) =>
      units.flatMap(([suffix, same]) =>
        Object.entries(amountTests(written)).map(([prefix, holds]) => ({
          name,
          value: `${prefix}${written}${suffix}`,
          matches: (own: Values) => own.flatMap(amountsOf).some((one) => same(one) && holds(one)),
        })),
      ),
    );
  });
}

function amountTests(written: string): Readonly<Record<string, (own: Amount) => boolean>> {
  const [at, half] = [Number(written), leftOpen(written)];
  // Of a large number half a step is less than a double tells apart.
  const within = (own: Amount): boolean => own.low >= at - half && (own.high < at + half || own.high === at);
  return {
    '': within,
    eq: within,
    ne: (own) => !within(own),
    lt: (own) => own.low < at,
    gt: (own) => own.high > at,
    le: (own) => own.low <= at,
    ge: (own) => own.high >= at,
    sa: (own) => own.low > at,
    eb: (own) => own.high < at,
    ap: (own) => own.low <= at + Math.abs(at) / 10 && own.high >= at - Math.abs(at) / 10,
  };
}
