import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';

import { valueSetCodes } from '../../../src/records/definitions/definitions.js';
import definitions from '../../../src/records/definitions/fhir-r4.json' with { type: 'json' };
import { isServed } from '../../../src/records/served-types.js';
import type { SearchParameter } from '../../../src/records/search/search-parameters.js';
import { escaped, text, type Members, type Query, type Values } from './oracle-query.js';
import { dateQueries, quantityQueries } from './oracle-ranges.js';
import { bindingOf } from './synthetic.js';

/**
 * What a search should find, worked out the slow way and by itself: HL7's FHIRPath gives the values that a parameter looks at,
 * and each rule of R4 search.html is written down once more, over plain values.
 */
export type Resource = Readonly<Record<string, unknown>> & { readonly resourceType: string; readonly id: string };

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

const objects = (given: unknown): Members[] =>
  [given ?? []].flat().filter((one): one is Members => typeof one === 'object' && one !== null);

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
      return [...missing, ...tokenQueries(name, values), ...valueSetQueries(parameter, values)];
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
    case 'composite':
    case 'special':
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
    ...ofTypeQueries(name, values),
  ];
}

/** `:of-type`: an identifier by its kind and its value (R4 search.html#token). */
function ofTypeQueries(name: string, values: Values): Query[] {
  const kindsOf = (value: unknown): string[] => {
    const { type, value: own } = (value ?? {}) as Members;
    const kinds = objects((type as Members | undefined)?.['coding']);
    return typeof own === 'string'
      ? kinds.map((kind) => [kind['system'], kind['code'], own].map((one) => escaped(text(one))).join('|'))
      : [];
  };
  const of = (asked: string) => (own: Values) => own.flatMap(kindsOf).includes(asked);
  const asked = values.flatMap(kindsOf).filter((one) => !one.startsWith('|') && !one.includes('||'));
  const strange = asked.map((one) => `${one}-other`);
  return [...asked, ...strange].map((value) => ({ name: `${name}:of-type`, value, matches: of(value) }));
}

/** `:in`, `:not-in`: a value set of R4's that has one of the codes; of a plain code its element's binding says the system. */
function valueSetQueries({ name, resourceType, expressions }: SearchParameter, values: Values): Query[] {
  const bound = expressions.flatMap((expression) => [...(bindingOf(resourceType, expression) ?? [])]);
  const systemOf = ({ system, code }: Token): string => (system === '?' ? (bound.find(([, own]) => own.has(code))?.[0] ?? '') : system);
  const isOf = (codes: Codes) => (token: Token) => codes.get(systemOf(token))?.has(token.code) === true;
  const tokens = values.flatMap(tokensOf).filter(({ code }) => code !== '');
  const sets = VALUE_SETS.filter(({ codes }) => tokens.some(isOf(codes)));
  return sets.slice(0, 4).flatMap(({ url, codes }) => {
    const isIn = (own: Values): boolean => own.flatMap(tokensOf).some(isOf(codes));
    return [
      { name: `${name}:in`, value: url, matches: isIn },
      { name: `${name}:not-in`, value: url, matches: (own: Values) => !isIn(own) },
    ];
  });
}

type Codes = ReadonlyMap<string, ReadonlySet<string>>;
const VALUE_SETS = Object.keys(definitions.valueSets).map((url) => ({
  url,
  codes: valueSetCodes(url) ?? new Map<string, ReadonlySet<string>>(),
}));

function wordsOf(value: unknown): string[] {
  const given = (value ?? {}) as Members;
  const { coding, text: words, display, type } = given;
  return [...objects(coding).map((one) => text(one['display'])), text(words), text(display), text(objects(type)[0]?.['text'])].filter(
    (one) => one !== '',
  );
}

/** Another way to the same: letters without their marks, in one case. */
const plain = (given: string): string =>
  Array.from(given.normalize('NFKD'))
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
