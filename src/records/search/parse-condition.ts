import { RESOURCE_TYPES, resourceDefinition, typeDefinition } from '../definitions/definitions.js';
import { isServed, SERVED_TYPES } from '../served-types.js';
import type { ComponentCondition, Condition, IndexTable, StringTest } from './condition.js';
import { BadSearchParameter, SearchTooLarge } from './faults.js';
import { dateTest, quantityTest, referenceTests, split, tokenTest, unescaped } from './parse-value.js';
import { keyText, plainText } from './plain-text.js';
import { searchParameters, type ParameterNumbers, type SearchParameter, type SearchType } from './search-parameters.js';
import { parseWords } from './words.js';
import { valueSetTests, type StoredCodes } from './value-sets.js';

export interface ParseContext {
  /** The server's own FHIR address. */
  readonly base: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Value sets that it names and R4 does not define (storedCodes). */
  readonly valueSets?: StoredCodes | undefined;
}

const DEEPEST_CHAIN = 5;
const MOST_VALUES = 1_000;
const LONGEST_VALUE = 100_000;
/** An address that is looked for with what it goes on from. */
const LONGEST_PATH = 2_000;
export const TABLES: Readonly<Partial<Record<SearchType, IndexTable>>> = {
  token: 'search_token',
  uri: 'search_token',
  reference: 'search_reference',
  date: 'search_date',
  string: 'search_string',
  number: 'search_quantity',
  quantity: 'search_quantity',
};

/**
 * One `name=value` of a query, as what it asks of a resource of the type (R4 search.html). Undefined where the type has no
 * such parameter. Throws BadSearchParameter, SearchTooLarge.
 */
export function parseCondition(type: string, key: string, value: string, context: ParseContext, depth = 0): Condition | undefined {
  if (depth > DEEPEST_CHAIN) throw new SearchTooLarge(`a chain of more than ${DEEPEST_CHAIN} links`);
  if (value.length > LONGEST_VALUE) throw new SearchTooLarge(`a value of more than ${LONGEST_VALUE} characters`);
  if (value.includes('\0')) throw new BadSearchParameter(key, 'has a character that no value has'); // nor can SQL hold it
  if (key.startsWith('_has:')) return parseHas(type, key, value, context, depth);
  // IHE RAD IMR (RAD-143) names the parts of a name so, where R4 has parameters of their own.
  const part = /^name\.(?<own>given|family)(?=:|$)/.exec(key)?.groups?.['own'];
  if (part !== undefined && searchParameters(type).get(part)?.type === 'string')
    return parseCondition(type, key.slice('name.'.length), value, context, depth);
  const dot = key.indexOf('.');
  if (dot > 0) return parseChain(type, [key.slice(0, dot), key.slice(dot + 1)], value, context, depth);
  const [name, modifier] = splitAt(key, ':');
  if (name === '_id' || name === '_lastUpdated') return parseColumn(name, modifier, value, context);
  if (name === '_content' || (name === '_text' && hasNarrative(type))) return parseText(name, modifier, value);
  const parameter = searchParameters(type).get(name);
  return parameter && parseParameter(parameter, modifier, value, context);
}

const splitAt = (text: string, separator: string): [string, string | undefined] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
};

function parseColumn(name: string, modifier: string | undefined, value: string, { now }: ParseContext): Condition {
  if (modifier === 'missing') return { kind: 'ids', ids: [], not: !truth(name, value) };
  if (name === '_id' && (modifier === undefined || modifier === 'not'))
    return { kind: 'ids', ids: split(value, ',').map(unescaped), not: modifier === 'not' };
  if (modifier !== undefined) throw new BadSearchParameter(name, 'does not have this modifier');
  return { kind: 'updated', any: valuesOf(name, value).map((one) => dateTest(name, one, now)) };
}

/** Every resource but the three that are no DomainResource may have one (R4 domainresource.html). */
export const hasNarrative = (type: string): boolean => typeDefinition(type)?.members.byName.has('text') === true;

function parseText(name: string, modifier: string | undefined, value: string): Condition {
  if (modifier !== undefined) throw new BadSearchParameter(name, 'does not have this modifier');
  const any = valuesOf(name, value).map((one) => parseWords(name, unescaped(one)));
  return { kind: 'words', within: name === '_text' ? 'narrative' : 'whole', any };
}

/** `_has:Type:reference:parameter`: something that refers to it (R4 search.html#has). */
function parseHas(type: string, key: string, value: string, context: ParseContext, depth: number): Condition {
  const [, referrer, by, ...rest] = key.split(':');
  const parameter = searchParameters(referrer ?? '').get(by ?? '');
  if (parameter?.type !== 'reference' || rest.length === 0 || !mayReferTo(parameter, type))
    throw new BadSearchParameter(key, `must be _has:TYPE:REFERENCE:PARAMETER, of a type that refers to ${type}`);
  const where = parseCondition(referrer, rest.join(':'), value, context, depth + 1);
  if (where === undefined) throw new BadSearchParameter(key, `asks for what ${referrer} is not found by`);
  return { kind: 'has', type: referrer, parameter: parameter.numbers.own, where };
}

const mayReferTo = ({ targets }: SearchParameter, type: string): boolean => targets.length === 0 || targets.includes(type);

/** `reference.parameter`, `reference:Type.parameter`: what it refers to (R4 search.html#chaining). */
function parseChain(
  type: string,
  [head, rest]: [string, string],
  value: string,
  context: ParseContext,
  depth: number,
): Condition | undefined {
  const [name, given] = splitAt(head, ':');
  const parameter = searchParameters(type).get(name);
  if (parameter === undefined) return undefined;
  const types = (given === undefined ? servedTargets(parameter) : [given]).filter((one) => isServed(one) && mayReferTo(parameter, one));
  if (parameter.type !== 'reference' || types.length === 0) throw new BadSearchParameter(head, 'is no reference to such a type');
  const any = types.flatMap((one) => {
    const where = parseCondition(one, rest, value, context, depth + 1);
    return where === undefined ? [] : [{ type: one, where }];
  });
  if (any.length === 0) throw new BadSearchParameter(`${head}.${rest}`, 'asks for what none of those types is found by');
  return { kind: 'chain', parameter: parameter.numbers.own, any };
}

const servedTargets = ({ targets }: SearchParameter): readonly string[] => (targets.length === 0 ? SERVED_TYPES : targets.filter(isServed));

/** What a bare id may be of: what is referred to need not be here, nor of a type that is. */
const allTargets = ({ targets }: SearchParameter): readonly string[] => (targets.length === 0 ? RESOURCE_TYPES : targets);

function parseParameter(parameter: SearchParameter, modifier: string | undefined, value: string, context: ParseContext): Condition {
  const { name, type, searched } = parameter;
  if (modifier === 'missing' && TABLES[type] !== undefined)
    return { kind: 'missing', parameters: searched.map(({ numbers }) => numbers.own), table: TABLES[type], missing: truth(name, value) };
  if (type === 'composite') return parseComposite(parameter, modifier, value, context);
  const made = conditionOf(
    parameter,
    searched.map(({ numbers }) => numbers),
    modifier,
    valuesOf(name, value),
    context,
  );
  if (made === undefined) throw new BadSearchParameter(name, 'does not have this modifier');
  return made;
}

function parseComposite(
  { name, searched }: SearchParameter,
  modifier: string | undefined,
  value: string,
  context: ParseContext,
): Condition {
  if (modifier !== undefined) throw new BadSearchParameter(name, 'does not have this modifier');
  const any = valuesOf(name, value).flatMap((one) => {
    const parts = split(one, '$');
    return searched.map(({ components }) => {
      if (parts.length !== components.length)
        throw new BadSearchParameter(name, `must have ${components.length} parts with $ between them`);
      return components.map(
        ({ parameter, numbers }, n) => conditionOf(parameter, [numbers], undefined, [parts[n]], context) as ComponentCondition,
      );
    });
  });
  return { kind: 'composite', any };
}

/** Undefined where the kind of parameter has no such modifier (R4 search.html#modifiers). */
function conditionOf(
  parameter: SearchParameter,
  searched: readonly ParameterNumbers[],
  modifier: string | undefined,
  values: readonly string[],
  context: ParseContext,
): Condition | undefined {
  const { name, type } = parameter;
  const numbersOf = (of: keyof ParameterNumbers): number[] => searched.map((one) => one[of]);
  const tokens = (of: keyof ParameterNumbers, not = false): Condition => ({
    kind: 'token',
    parameters: numbersOf(of),
    any: values.map((one) => tokenTest(name, one)),
    not,
  });
  switch (type) {
    case 'token':
      if (modifier === undefined || modifier === 'not') return tokens('own', modifier === 'not');
      if (modifier === 'text')
        return { kind: 'string', parameters: numbersOf('text'), any: values.map((one) => stringTest('starts', one)) };
      if (modifier === 'of-type')
        return { kind: 'token', parameters: numbersOf('ofType'), any: values.map((one) => ofTypeTest(name, one)), not: false };
      if (modifier === 'in' || modifier === 'not-in')
        return {
          kind: 'token',
          parameters: numbersOf('own'),
          any: values.flatMap((one) => valueSetTests(name, unescaped(one), context.valueSets)),
          not: modifier === 'not-in',
        };
      return undefined;
    case 'reference':
      if (modifier === 'identifier') return tokens('identifier');
      if (modifier === 'not') return { ...referencesTo(allTargets(parameter)), not: true };
      if (modifier === undefined) return referencesTo(allTargets(parameter));
      return resourceDefinition(modifier) !== undefined && mayReferTo(parameter, modifier) ? referencesTo([modifier]) : undefined;
    case 'string':
      if (modifier === undefined) return strings('starts');
      return modifier === 'exact' || modifier === 'contains' ? strings(modifier) : undefined;
    case 'uri':
      return uriCondition(numbersOf('own'), modifier, values);
    case 'date':
      return modifier === undefined
        ? { kind: 'date', parameters: numbersOf('own'), any: values.map((one) => dateTest(name, one, context.now)) }
        : undefined;
    case 'number':
    case 'quantity':
      return modifier === undefined
        ? { kind: 'quantity', parameters: numbersOf('own'), any: values.map((one) => quantityTest(name, one)) }
        : undefined;
    case 'composite':
    case 'special':
      return undefined;
  }

  function strings(form: StringTest['form']): Condition {
    return { kind: 'string', parameters: numbersOf('own'), any: values.map((one) => stringTest(form, one)) };
  }
  function referencesTo(types: readonly string[]): Extract<Condition, { kind: 'reference' }> {
    return {
      kind: 'reference',
      parameters: numbersOf('own'),
      any: values.flatMap((one) => referenceTests(name, one, types, context.base)),
      not: false,
    };
  }
}

const stringTest = (form: StringTest['form'], text: string): StringTest => ({
  form,
  text: form === 'exact' ? unescaped(text) : plainText(unescaped(text)),
});

/** `system|code|value` of an identifier's type (R4 search.html#token). */
function ofTypeTest(name: string, text: string): { system: string; value: string } {
  const [system, code, value, ...rest] = split(text, '|').map(unescaped);
  if (!value || !code || rest.length > 0) throw new BadSearchParameter(name, 'must be system|code|value with :of-type');
  return { system: keyText(system), value: keyText(`${code}|${value}`) };
}

/** `:below` is every address that goes on from it, `:above` every one that it goes on from (R4 search.html#uri). */
function uriCondition(parameters: readonly number[], modifier: string | undefined, values: readonly string[]): Condition | undefined {
  const texts = values.map(unescaped);
  const of = (value: string, prefix = false) => ({ system: undefined, value: keyText(value), prefix });
  if (modifier === undefined) return { kind: 'token', parameters, any: texts.map((text) => of(text)), not: false };
  if (modifier === 'below')
    return { kind: 'token', parameters, any: texts.flatMap((text) => [of(text), of(`${text.replace(/\/$/, '')}/`, true)]), not: false };
  if (modifier !== 'above') return undefined;
  if (texts.some(({ length }) => length > LONGEST_PATH)) throw new SearchTooLarge(`an address of more than ${LONGEST_PATH} characters`);
  const above = (text: string): string[] => [
    text,
    ...[...text.matchAll(/(?<![/:])\/(?!\/)/g)].flatMap(({ index }) => [text.slice(0, index), text.slice(0, index + 1)]),
  ];
  return { kind: 'token', parameters, any: texts.flatMap(above).map((text) => of(text)), not: false };
}

function valuesOf(name: string, value: string): string[] {
  const values = split(value, ',');
  if (values.length > MOST_VALUES) throw new SearchTooLarge(`more than ${MOST_VALUES} values of one parameter`);
  if (values.includes('')) throw new BadSearchParameter(name, 'has an empty value');
  return values;
}

function truth(name: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') throw new BadSearchParameter(name, 'must be true or false with :missing');
  return value === 'true';
}
