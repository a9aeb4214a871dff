import type { ChainLink, ComponentCondition, Condition, DateTest, QuantityTest, StringTest, TokenTest } from './condition.js';
import { noOtherSql } from './no-other.sql.js';
import { wordsSql } from './words.sql.js';
import { timestampText } from './dates.js';

/** Collects what a statement's `$1`, `$2` stand for. */
export class Bindings {
  private aliases = 0;

  /** @param values  what the statement binds before these, to go on from */
  constructor(readonly values: unknown[] = []) {}

  bind(value: unknown, type: string): string {
    return `$${this.values.push(value)}::${type}`;
  }

  /** A name for a table, once in a statement. */
  alias(): string {
    return `s${this.aliases++}`;
  }
}

const TABLES = {
  token: 'search_token',
  reference: 'search_reference',
  date: 'search_date',
  string: 'search_string',
  quantity: 'search_quantity',
} as const;
/** Greater than whatever goes on from a text, in the order of bytes. */
const LAST = '\u{10FFFF}';
/** As many characters as the index of texts looks at. */
const INDEXED = 400;

/** A condition as SQL on `resource` under the name `r`. Every text of a caller's is bound; numbers are the server's own. */
export function conditionSql(condition: Condition, r: string, bindings: Bindings): string {
  switch (condition.kind) {
    case 'ids':
      return `${condition.not ? 'NOT ' : ''}${r}.id = ANY(${bindings.bind(condition.ids, 'text[]')})`;
    case 'type':
      return `${r}.type = ${bindings.bind(condition.type, 'text')}`;
    case 'own':
      return `${r}.owned`;
    case 'updated':
      return either(condition.any.map((test) => dateSql(`${r}.last_updated`, `${r}.last_updated`, 1, test, bindings)));
    case 'missing':
      return missingSql(condition, r);
    case 'noOther':
      return noOtherSql(condition, r, bindings);
    case 'composite':
      return either(condition.any.map((parts) => compositeSql(parts, r, bindings)));
    case 'chain':
      return chainSql(condition.parameter, condition.any, r, bindings);
    case 'has':
      return hasSql(condition, r, bindings);
    case 'words':
      return wordsSql(condition, r, bindings);
    case 'compartment':
      return compartmentSql(condition, r, bindings);
    case 'any':
      return either(condition.any.map((all) => allSql(all, r, bindings)));
    case 'token':
    case 'reference':
    case 'date':
    case 'string':
    case 'quantity': {
      const s = bindings.alias();
      const not = 'not' in condition && condition.not ? 'NOT ' : '';
      return `${not}EXISTS (SELECT FROM ${TABLES[condition.kind]} ${s} WHERE ${s}.resource = ${r}.no AND ${rowSql(condition, s, bindings)})`;
    }
  }
}

/** As a list of numbers: what refers to one resource is mostly little, and leads the way. */
function compartmentSql({ parameters, of }: Extract<Condition, { kind: 'compartment' }>, r: string, bindings: Bindings): string {
  const [s, own] = [bindings.alias(), bindings.alias()];
  const refers = rowSql({ kind: 'reference', parameters, any: [of], not: false }, s, bindings);
  const itself = `${own}.type = ${bindings.bind(of.type, 'text')} AND ${own}.id = ${bindings.bind(of.id, 'text')}`;
  const numbers = [`SELECT ${own}.no FROM resource ${own} WHERE ${itself}`];
  if (parameters.length > 0) numbers.unshift(`SELECT ${s}.resource FROM search_reference ${s} WHERE ${refers}`);
  return `${r}.no IN (${numbers.join(' UNION ALL ')})`;
}

/** Conditions that the index answers without a look at the resource. */
type Indexed = ComponentCondition & { readonly not?: boolean };
const isIndexed = (condition: Condition): condition is Indexed => Object.hasOwn(TABLES, condition.kind);

/**
 * The numbers (`no`) of the resources that meet conditions, from the index alone: of what was deleted it has nothing, and each
 * parameter is one type's own. Undefined where a condition asks the resource itself, or none says what is there.
 */
export function indexedSql(conditions: readonly Condition[], bindings: Bindings): string | undefined {
  if (!conditions.every(isIndexed)) return undefined;
  const positive = conditions.filter(({ not }) => not !== true);
  const first = positive.find(({ kind }) => kind === 'reference') ?? positive.at(0);
  if (first === undefined) return undefined;
  const s = bindings.alias();
  const others = conditions.filter((one) => one !== first);
  const own = `SELECT DISTINCT ${s}.resource AS no FROM ${TABLES[first.kind]} ${s} WHERE ${rowSql(first, s, bindings)}`;
  if (others.length === 0) return own;
  // What refers to one thing is mostly little: each is asked for the rest, rather than all that has the rest looked through.
  const where =
    first.kind === 'reference' ? others.map((one) => askedSql(one, 'n', bindings)).join(' AND ') : allSql(others, 'n', bindings);
  return `SELECT n.no FROM (${own}) AS n WHERE ${where}`;
}

/** An indexed condition as a question to one resource: a plan has no other way than to look it up. */
export function askedSql(condition: Condition, r: string, bindings: Bindings): string {
  if (!isIndexed(condition)) return conditionSql(condition, r, bindings);
  const s = bindings.alias();
  const row = `SELECT true FROM ${TABLES[condition.kind]} ${s} WHERE ${s}.resource = ${r}.no AND ${rowSql(condition, s, bindings)} LIMIT 1`;
  return `(${row}) IS ${condition.not === true ? 'NOT ' : ''}TRUE`;
}

export const allSql = (conditions: readonly Condition[], r: string, bindings: Bindings): string =>
  conditions.length === 0 ? 'true' : conditions.map((one) => conditionSql(one, r, bindings)).join(' AND ');

const either = (alternatives: readonly string[]): string =>
  alternatives.length === 0
    ? 'false'
    : alternatives.length === 1
      ? alternatives[0]
      : `(${alternatives.map((one) => `(${one})`).join(' OR ')})`;

/** Numbers are the server's own: written as they are, they tell the planner how many rows there are of each. */
const parametersSql = (parameters: readonly number[], s: string): string =>
  parameters.length === 1 ? `${s}.parameter = ${parameters[0]}` : `${s}.parameter IN (${parameters.join(', ')})`;

/** What a row of the index must say. */
function rowSql(condition: ComponentCondition, s: string, bindings: Bindings): string {
  return `${parametersSql(condition.parameters, s)} AND ${testsSql(condition, s, bindings)}`;
}

function testsSql(condition: ComponentCondition, s: string, bindings: Bindings): string {
  switch (condition.kind) {
    case 'token':
      return tokensSql(condition.any, s, bindings);
    case 'reference':
      return pairsSql(
        `${s}.target_type`,
        `${s}.target_id`,
        condition.any.map(({ type, id }) => [type, id] as const),
        bindings,
      );
    case 'date':
      return either(condition.any.map((test) => dateSql(`${s}.low`, `${s}.high`, 0, test, bindings)));
    case 'string':
      return either(condition.any.map((test) => stringSql(s, test, bindings)));
    case 'quantity':
      return either(condition.any.map((test) => quantitySql(s, test, bindings)));
  }
}

function tokensSql(tests: readonly TokenTest[], s: string, bindings: Bindings): string {
  const [pairs, values, systems, prefixes]: [[string, string][], string[], string[], string[]] = [[], [], [], []];
  for (const { system, value, prefix } of tests)
    if (prefix === true) prefixes.push(value ?? '');
    else if (system !== undefined && value !== undefined) pairs.push([system, value]);
    else if (value !== undefined) values.push(value);
    else if (system !== undefined) systems.push(system);
  return either([
    ...(pairs.length > 0 ? [pairsSql(`${s}.system`, `${s}.value`, pairs, bindings)] : []),
    ...(values.length > 0 ? [valuesSql(`${s}.value`, values, bindings)] : []),
    ...(systems.length > 0 ? [valuesSql(`${s}.system`, systems, bindings)] : []),
    ...prefixes.map((prefix) => beginsSql(`${s}.value`, prefix, bindings)),
  ]);
}

/** As many pairs are written out: a plan for them is good whatever they are, one for a list of any length is not. */
const WRITTEN_OUT = 8;

/** The second of a pair is what the index finds by. */
function pairsSql(first: string, second: string, pairs: readonly (readonly [string, string])[], bindings: Bindings): string {
  if (pairs.length <= WRITTEN_OUT)
    return either(pairs.map(([a, b]) => `${second} = ${bindings.bind(b, 'text')} AND ${first} = ${bindings.bind(a, 'text')}`));
  const [seconds, firsts] = [pairs.map(([, one]) => one), pairs.map(([one]) => one)];
  const both = bindings.bind(seconds, 'text[]');
  return `${second} = ANY(${both}) AND (${first}, ${second}) IN (SELECT * FROM unnest(${bindings.bind(firsts, 'text[]')}, ${both}))`;
}

function valuesSql(column: string, values: readonly string[], bindings: Bindings): string {
  return values.length === 1 ? `${column} = ${bindings.bind(values[0], 'text')}` : `${column} = ANY(${bindings.bind(values, 'text[]')})`;
}

const beginsSql = (column: string, prefix: string, bindings: Bindings): string =>
  `${column} >= ${bindings.bind(prefix, 'text')} AND ${column} < ${bindings.bind(prefix + LAST, 'text')}`;

function stringSql(s: string, { form, text }: StringTest, bindings: Bindings): string {
  if (form === 'contains') return `strpos(${s}.value, ${bindings.bind(text, 'text')}) > 0`;
  if (form === 'exact') return `${s}.exact = ${bindings.bind(text, 'text')}`;
  const characters = Array.from(text);
  const begins = beginsSql(`left(${s}.value, ${INDEXED})`, characters.slice(0, INDEXED).join(''), bindings);
  return characters.length <= INDEXED ? begins : `${begins} AND starts_with(${s}.value, ${bindings.bind(text, 'text')})`;
}

/** R4 search.html#prefix, of spans from `low` to before `high`; `width`: how many milliseconds `high` is after what it is written as. */
function dateSql(low: string, high: string, width: number, { comparison, ...span }: DateTest, bindings: Bindings): string {
  const from = (): string => bindings.bind(timestampText(span.low), 'timestamptz');
  const to = (): string => bindings.bind(timestampText(span.high), 'timestamptz');
  const ends = (time: number): string => bindings.bind(timestampText(time - width), 'timestamptz');
  const inside = (): string => `${low} >= ${from()} AND ${high} <= ${ends(span.high)}`;
  switch (comparison) {
    case 'eq':
      return inside();
    case 'ne':
      return `NOT (${inside()})`;
    case 'lt':
      return `${low} < ${from()}`;
    case 'gt':
      return `${high} > ${ends(span.high)}`;
    case 'le':
      return `(${low} < ${from()} OR ${inside()})`;
    case 'ge':
      return `(${high} > ${ends(span.high)} OR ${inside()})`;
    case 'sa':
      return `${low} >= ${to()}`;
    case 'eb':
      return `${high} <= ${ends(span.low)}`;
    case 'ap':
      return `${low} < ${to()} AND ${high} > ${ends(span.low)}`;
  }
}

function quantitySql(s: string, test: QuantityTest, bindings: Bindings): string {
  const unit = [
    ...(test.system === undefined ? [] : [`${s}.system = ${bindings.bind(test.system, 'text')}`]),
    ...(test.code === undefined
      ? []
      : [test.system === undefined ? unitSql(s, test.code, bindings) : `${s}.code = ${bindings.bind(test.code, 'text')}`]),
  ];
  return [numberSql(s, test, bindings), ...unit].join(' AND ');
}

function unitSql(s: string, unit: string, bindings: Bindings): string {
  const bound = bindings.bind(unit, 'text');
  return `(${s}.code = ${bound} OR ${s}.unit = ${bound})`;
}

function numberSql(s: string, { comparison, value, low, high }: QuantityTest, bindings: Bindings): string {
  const bound = (text: string): string => bindings.bind(text, 'numeric');
  const inside = (): string => `${s}.low >= ${bound(low)} AND ${s}.high < ${bound(high)}`;
  switch (comparison) {
    case 'eq':
      return inside();
    case 'ne':
      return `NOT (${inside()})`;
    case 'lt':
      return `${s}.low < ${bound(value)}`;
    case 'gt':
      return `${s}.high > ${bound(value)}`;
    case 'le':
      return `${s}.low <= ${bound(value)}`;
    case 'ge':
      return `${s}.high >= ${bound(value)}`;
    case 'sa':
      return `${s}.low > ${bound(value)}`;
    case 'eb':
      return `${s}.high < ${bound(value)}`;
    case 'ap':
      return `${s}.low <= ${bound(high)} AND ${s}.high >= ${bound(low)}`;
  }
}

/** What has nothing that can be looked for still has a row among the tokens that says it is there. */
function missingSql({ parameters, table, missing }: Extract<Condition, { kind: 'missing' }>, r: string): string {
  const there = [...new Set([table, TABLES.token])].map(
    (one) => `EXISTS (SELECT FROM ${one} s WHERE s.resource = ${r}.no AND ${parametersSql(parameters, 's')})`,
  );
  return `${missing ? 'NOT ' : ''}(${there.join(' OR ')})`;
}

function compositeSql(parts: readonly ComponentCondition[], r: string, bindings: Bindings): string {
  const named = parts.map((part) => ({ part, s: bindings.alias() }));
  const [{ s: first }] = named;
  const tables = named.map(({ part, s }) => `${TABLES[part.kind]} ${s}`).join(', ');
  const where = named.map(({ part, s }) => `${s}.resource = ${r}.no AND ${s}.part = ${first}.part AND ${rowSql(part, s, bindings)}`);
  return `EXISTS (SELECT FROM ${tables} WHERE ${where.join(' AND ')})`;
}

function chainSql(parameter: number, links: readonly ChainLink[], r: string, bindings: Bindings): string {
  const [s, t] = [bindings.alias(), bindings.alias()];
  const any = links.map(({ type, where }) => `${t}.type = ${bindings.bind(type, 'text')} AND ${conditionSql(where, t, bindings)}`);
  return `EXISTS (SELECT FROM search_reference ${s} JOIN resource ${t} ON ${t}.type = ${s}.target_type AND ${t}.id = ${s}.target_id
            WHERE ${s}.resource = ${r}.no AND ${s}.parameter = ${parameter} AND NOT ${t}.deleted AND ${either(any)})`;
}

function hasSql({ type, parameter, where }: Extract<Condition, { kind: 'has' }>, r: string, bindings: Bindings): string {
  const [s, t] = [bindings.alias(), bindings.alias()];
  return `EXISTS (SELECT FROM search_reference ${s} JOIN resource ${t} ON ${t}.no = ${s}.resource
            WHERE ${s}.parameter = ${parameter} AND ${s}.target_type = ${r}.type AND ${s}.target_id = ${r}.id
              AND ${t}.type = ${bindings.bind(type, 'text')} AND NOT ${t}.deleted AND ${conditionSql(where, t, bindings)})`;
}
