import definitions from '../../../src/records/definitions/fhir-r4.json' with { type: 'json' };
import { typeDefinition, type ElementDefinition, type ElementMembers } from '../../../src/records/definitions/definitions.js';
import type { SearchParameter } from '../../../src/records/search/search-parameters.js';
import { plain } from './oracle-strings.js';
import { escaped, objects, text, type Members, type Query, type Values } from './oracle-query.js';

interface Token {
  readonly system: string;
  readonly code: string;
}

const CONTACT = new Set(['phone', 'fax', 'email', 'pager', 'url', 'sms', 'other']);

/** The system of a plain code is that of the value set which its element is bound to. */
function tokensOf(value: unknown, bound: readonly Token[]): Token[] {
  if (typeof value !== 'object' || value === null)
    return [{ system: bound.find(({ code }) => code === value)?.system ?? '', code: String(value) }];
  const given = value as Members;
  if (typeof given['value'] === 'number') return []; // a quantity is no token, though it has a code
  if ('coding' in given || 'text' in given) return objects(given['coding']).flatMap((one) => tokensOf(one, []));
  if ('code' in given) return [{ system: text(given['system']), code: text(given['code']) }];
  if (given['value'] === undefined && given['system'] === undefined) return [];
  return [{ system: CONTACT.has(text(given['system'])) ? '' : text(given['system']), code: text(given['value']) }];
}

/** The codes of all elements that a parameter's paths lead to. */
function boundTo({ resourceType, expressions }: SearchParameter): Token[] {
  return expressions.flatMap((expression) => {
    const names = [...expression.replace(/\.(where|ofType)\([^()]*(\(\))?[^()]*\)|\[\d\]/g, '').matchAll(/\.(\w+)/g)].map(
      ([, name]) => name,
    );
    let members: ElementMembers | undefined = typeDefinition(resourceType)?.members;
    let element: ElementDefinition | undefined;
    for (const name of names) {
      element = members?.elements.find(({ pathName }) => pathName === name);
      members = element?.members ?? typeDefinition(element?.types.at(0)?.code ?? '')?.members;
    }
    return [...(element?.codes ?? [])].flatMap(([system, codes]) => [...codes].map((code) => ({ system, code })));
  });
}

export function tokenQueries(parameter: SearchParameter, values: Values): Query[] {
  const { name } = parameter;
  const bound = boundTo(parameter);
  const all = (own: Values): Token[] => own.flatMap((one) => tokensOf(one, bound));
  const has = (test: (token: Token) => boolean) => (own: Values) => all(own).some(test);
  const not = (matches: Query['matches']) => (own: Values) => !matches(own);
  const tokens = all(values);
  const same = (code: string) => has((one) => one.code === code);
  return [
    ...tokens
      .filter(({ code }) => code !== '')
      .flatMap(({ system, code }) => {
        const both = { value: `${escaped(system)}|${escaped(code)}`, matches: has((one) => one.code === code && one.system === system) };
        return [
          { name, value: escaped(code), matches: same(code) },
          { name: `${name}:not`, value: escaped(code), matches: not(same(code)) },
          { name, ...both },
          { name: `${name}:not`, value: both.value, matches: not(both.matches) },
          { name, value: `|${escaped(code)}`, matches: has((one) => one.code === code && one.system === '') },
          { name, value: `${escaped(code)},no-such-code`, matches: same(code), kind: 'or' },
        ];
      }),
    ...tokens
      .filter(({ system }) => system !== '')
      .map(({ system }) => ({ name, value: `${escaped(system)}|`, matches: has((one) => one.system === system) })),
    ...textQueries(name, values),
    ...ofTypeQueries(name, values),
    ...valueSetQueries(name, tokens, has, not),
    { name, value: 'no-such-code', matches: () => false },
    { name: `${name}:not`, value: 'no-such-code', matches: () => true },
  ];
}

function textQueries(name: string, values: Values): Query[] {
  return values.flatMap(wordsOf).map((word) => ({
    name: `${name}:text`,
    value: escaped(word.slice(0, 5)),
    matches: (own: Values) => own.flatMap(wordsOf).some((one) => plain(one).startsWith(plain(word.slice(0, 5)))),
  }));
}

function wordsOf(value: unknown): string[] {
  const { coding, text: words, display, type } = (value ?? {}) as Members;
  return [...objects(coding).map((one) => text(one['display'])), text(words), text(display), text(objects(type)[0]?.['text'])].filter(
    (one) => one !== '',
  );
}

/** `system|code|value` of an identifier's type. */
function ofTypeQueries(name: string, values: Values): Query[] {
  const typed = (value: unknown): string[] => {
    const { type, value: own } = (value ?? {}) as Members;
    if (typeof own !== 'string') return [];
    return objects(objects(type)[0]?.['coding']).map((one) =>
      [one['system'], one['code'], own].map((part) => escaped(text(part))).join('|'),
    );
  };
  return values.flatMap(typed).flatMap((value) => [
    { name: `${name}:of-type`, value, matches: (own: Values) => own.flatMap(typed).includes(value) },
    { name: `${name}:of-type`, value: `${value}1`, matches: (own: Values) => own.flatMap(typed).includes(`${value}1`) },
  ]);
}

const VALUE_SETS = Object.entries(definitions.valueSets as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>);
const SETS_OF_A_TOKEN = 2;

/** The value sets of R4 that some of the codes are in, and one that none is in. */
function valueSetQueries(
  name: string,
  tokens: readonly Token[],
  has: (test: (token: Token) => boolean) => Query['matches'],
  not: (matches: Query['matches']) => Query['matches'],
): Query[] {
  const holds = (set: Readonly<Record<string, readonly string[]>>, { system, code }: Token): boolean =>
    Object.hasOwn(set, system) && set[system].includes(code);
  const known = new Map(tokens.map((token) => [`${token.system}|${token.code}`, token]));
  const sets = new Set([...known.values()].flatMap((token) => VALUE_SETS.filter(([, set]) => holds(set, token)).slice(0, SETS_OF_A_TOKEN)));
  const other = VALUE_SETS.find(([, set]) => !tokens.some((token) => holds(set, token)));
  return [...sets, other ?? VALUE_SETS[0]].flatMap(([url, set]) => {
    const matches = has((token) => holds(set, token));
    return [
      { name: `${name}:in`, value: url, matches },
      { name: `${name}:not-in`, value: url, matches: not(matches) },
    ];
  });
}
