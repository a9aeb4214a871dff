import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import { isServed } from '../../../src/records/served-types.js';
import type { SearchParameter } from '../../../src/records/search/search-parameters.js';

/**
 * What a search should find, worked out the slow way and by itself: HL7's FHIRPath gives the values that a parameter looks at,
 * and each rule of R4 search.html is written down once more, over plain values.
 */
export type Resource = Readonly<Record<string, unknown>> & { readonly resourceType: string; readonly id: string };
type Values = readonly unknown[];
type Members = Readonly<Record<string, unknown>>;

export interface Query {
  readonly name: string;
  readonly value: string;
  readonly matches: (values: Values) => boolean;
}

const compiled = new Map<string, (resource: object) => unknown[]>();

/** The values of a parameter in a resource. A reference's target is told by its address, as nothing is fetched. */
export function valuesOf({ expressions }: SearchParameter, resource: Resource): Values {
  return expressions.flatMap((given) => {
    const expression = given.replace(
      /\.where\(resolve\(\) is (\w+)\)/g,
      (_, type: string) => `.where(reference.matches('(^|/)${type}/[A-Za-z0-9.-]+(/_history/.*)?$'))`,
    );
    const evaluate = compiled.get(expression) ?? (fhirpath.compile(expression, r4) as (resource: object) => unknown[]);
    compiled.set(expression, evaluate);
    return evaluate(resource);
  });
}

const escaped = (text: string): string => text.replace(/[\\,|$]/g, (one) => `\\${one}`);
const objects = (given: unknown): Members[] =>
  [given ?? []].flat().filter((one): one is Members => typeof one === 'object' && one !== null);
const text = (given: unknown): string => (typeof given === 'string' ? given : '');

/** The queries that a parameter's values suggest: each modifier and prefix, on a value that is there and on others. */
export function queriesOf(parameter: SearchParameter, values: Values): Query[] {
  const { name, type } = parameter;
  const missing = ['true', 'false'].map((value) => ({
    name: `${name}:missing`,
    value,
    matches: (own: Values) => (own.length === 0) === (value === 'true'),
  }));
  switch (type) {
    case 'token':
      return [...missing, ...tokenQueries(name, values)];
    case 'string':
      return [...missing, ...stringQueries(name, values)];
    case 'uri':
      return [...missing, ...uriQueries(name, values)];
    case 'date':
      return [...missing, ...dateQueries(name, values)];
    case 'reference':
      return [...missing, ...referenceQueries(parameter, values)];
    case 'number':
    case 'quantity':
      return [...missing, ...quantityQueries(name, values)];
    default:
      return [];
  }
}

interface Token {
  readonly system: string;
  readonly code: string;
}

/** Of a plain code the system is implied by its binding, which the values do not say: it is looked for by its code alone. */
function tokensOf(value: unknown): Token[] {
  if (typeof value !== 'object' || value === null) return [{ system: '?', code: String(value) }];
  const given = value as Members;
  if ('coding' in given || 'text' in given) return objects(given['coding']).flatMap(tokensOf);
  if ('code' in given) return [{ system: text(given['system']), code: text(given['code']) }];
  const contact = ['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other'].includes(text(given['system']));
  if (given['value'] === undefined && given['system'] === undefined) return [];
  return [{ system: contact ? '' : text(given['system']), code: text(given['value']) }];
}

function tokenQueries(name: string, values: Values): Query[] {
  const tokens = values.flatMap(tokensOf).filter(({ code }) => code !== '');
  const has = (test: (token: Token) => boolean) => (own: Values) => own.flatMap(tokensOf).some(test);
  const words = values.flatMap(wordsOf);
  return [
    ...tokens.flatMap(({ system, code }) => [
      { name, value: escaped(code), matches: has((one) => one.code === code) },
      { name: `${name}:not`, value: escaped(code), matches: (own: Values) => !has((one) => one.code === code)(own) },
      ...(system === '?'
        ? []
        : [
            { name, value: `${escaped(system)}|${escaped(code)}`, matches: has((one) => one.code === code && one.system === system) },
            { name, value: `|${escaped(code)}`, matches: has((one) => one.code === code && one.system === '') },
          ]),
      ...(system === '?' || system === ''
        ? []
        : [{ name, value: `${escaped(system)}|`, matches: has((one) => one.system === system && one.code !== '') }]),
    ]),
    ...words.map((word) => ({
      name: `${name}:text`,
      value: escaped(word.slice(0, 5)),
      matches: (own: Values) => own.flatMap(wordsOf).some((one) => plain(one).startsWith(plain(word.slice(0, 5)))),
    })),
    { name, value: 'no-such-code', matches: () => false },
  ];
}

function wordsOf(value: unknown): string[] {
  const given = (value ?? {}) as Members;
  const { coding, text: words, display, type } = given;
  return [...objects(coding).map((one) => text(one['display'])), text(words), text(display), text(objects(type)[0]?.['text'])].filter(
    (one) => one !== '',
  );
}

/** Another way to the same: letters without their marks, in one case. */
const plain = (given: string): string =>
  [...given.normalize('NFKD')]
    .filter((letter) => !/\p{Mark}/u.test(letter))
    .join('')
    .toLocaleLowerCase('en')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  const given = (value ?? {}) as Members;
  return ['text', 'family', 'given', 'prefix', 'suffix', 'line', 'city', 'district', 'state', 'postalCode', 'country'].flatMap((part) =>
    [given[part] ?? []].flat().filter((one) => typeof one === 'string'),
  );
}

function stringQueries(name: string, values: Values): Query[] {
  const some = (test: (given: string) => boolean) => (own: Values) => own.flatMap(stringsOf).some(test);
  return [...new Set(values.flatMap(stringsOf))]
    .filter((given) => plain(given) !== '')
    .flatMap((given) => [
      {
        name,
        value: escaped(given.slice(0, 4).toUpperCase()),
        matches: some((one) => plain(one).startsWith(plain(given.slice(0, 4).toUpperCase()))),
      },
      { name: `${name}:exact`, value: escaped(given), matches: some((one) => one === given) },
      {
        name: `${name}:contains`,
        value: escaped(given.slice(1, 6)),
        matches: some((one) => plain(one).includes(plain(given.slice(1, 6)))),
      },
    ])
    .filter(({ value }) => plain(value) !== '' && value.trim() === value && !value.endsWith('\\'));
}

function uriQueries(name: string, values: Values): Query[] {
  const some = (test: (given: string) => boolean) => (own: Values) => own.some((one) => test(text(one)));
  return [...new Set(values.map(text))].flatMap((given) => {
    const parent = given.replace(/\/[^/]*$/, '');
    return [
      { name, value: escaped(given), matches: some((one) => one === given) },
      { name: `${name}:below`, value: escaped(parent), matches: some((one) => one === parent || one.startsWith(`${parent}/`)) },
      {
        name: `${name}:above`,
        value: escaped(`${given}/more`),
        matches: some(
          (one) =>
            `${given}/more` === one ||
            ((/^\w+:\/\/[^/]+/.test(one) || one.startsWith('urn') || one !== '') &&
              `${given}/more`.startsWith(`${one.replace(/\/$/, '')}/`) &&
              one.length > 0),
        ),
      },
    ];
  });
}

type Span = readonly [low: number, high: number];

/** The span that a date's text means, by counting its last part up. */
function span(given: string): Span | undefined {
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

function dateQueries(name: string, values: Values): Query[] {
  const texts = values.flatMap((value) =>
    typeof value === 'string'
      ? [value, value.slice(0, 4), value.slice(0, 7)]
      : [text((value as Members)['start']), text((value as Members)['end'])],
  );
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

function referenceQueries({ name, targets }: SearchParameter, values: Values): Query[] {
  const texts = (own: Values): string[] =>
    own
      .flatMap((one) => (typeof one === 'string' ? [one, one.split('|')[0]] : [addressOf(one as Members)]))
      .filter((one) => one !== '' && !one.startsWith('#') && !one.endsWith('/'));
  const identifiers = values
    .filter((one) => (one as Members | undefined)?.['resourceType'] === undefined)
    .flatMap((one) => objects((one as Members | undefined)?.['identifier']));
  return [
    ...[...new Set(texts(values))].flatMap((given) => {
      const [type, id] = /^([A-Z]\w+)\/([A-Za-z0-9.-]{1,64})$/.exec(given)?.slice(1) ?? [];
      const exact = { name, value: escaped(given), matches: (own: Values) => texts(own).includes(given) };
      if (type === undefined || !isServed(type) || (targets.length > 0 && !targets.includes(type))) return [exact];
      return [
        exact,
        { name: `${name}:${type}`, value: id, matches: (own: Values) => texts(own).includes(given) || texts(own).includes(id) },
      ];
    }),
    ...identifiers.map((identifier) => ({
      name: `${name}:identifier`,
      value: `${escaped(text(identifier['system']))}|${escaped(text(identifier['value']))}`,
      matches: (own: Values) =>
        own
          .flatMap((one) => objects((one as Members | undefined)?.['identifier']))
          .some((one) => text(one['system']) === text(identifier['system']) && text(one['value']) === text(identifier['value'])),
    })),
  ];
}

const addressOf = ({ reference, resourceType, id }: Members): string =>
  (resourceType !== undefined ? `${text(resourceType)}/${text(id)}` : text(reference)).replace(/\/_history\/.*$/, '');

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

function quantityQueries(name: string, values: Values): Query[] {
  return values.flatMap(amountsOf).flatMap(({ low, high, unit: [system, code, unit] }) => {
    const at = [low, high].find(Number.isFinite) as number;
    const written = String(at);
    const half = 0.5 * 10 ** -(written.split('.').at(1)?.length ?? 0);
    const tests: Readonly<Record<string, (own: Amount) => boolean>> = {
      '': (own) => own.low >= at - half && own.high < at + half,
      ne: (own) => !(own.low >= at - half && own.high < at + half),
      lt: (own) => own.low < at,
      gt: (own) => own.high > at,
      le: (own) => own.low <= at,
      ge: (own) => own.high >= at,
      sa: (own) => own.low > at,
      eb: (own) => own.high < at,
      ap: (own) => own.low <= at + Math.abs(at) / 10 && own.high >= at - Math.abs(at) / 10,
    };
    const units: (readonly [string, (own: Amount) => boolean])[] = [['', () => true]];
    if (system !== '' && code !== '')
      units.push([`|${escaped(system)}|${escaped(code)}`, (own) => own.unit[0] === system && own.unit[1] === code]);
    if (unit !== '') units.push([`||${escaped(unit)}`, (own) => own.unit[1] === unit || own.unit[2] === unit]);
    return units.flatMap(([suffix, same]) =>
      Object.entries(tests).map(([prefix, holds]) => ({
        name,
        value: `${prefix}${written}${suffix}`,
        matches: (own: Values) => own.flatMap(amountsOf).some((one) => same(one) && holds(one)),
      })),
    );
  });
}
