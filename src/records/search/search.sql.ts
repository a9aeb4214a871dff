import type { Transaction } from '../../database/transaction.js';
import type { VersionRow } from '../store/versions.sql.js';
import { allSql, Bindings, indexedSql } from './condition.sql.js';
import { BadSearchParameter } from './faults.js';
import type { Cursor, Include, Search, SortKey } from './search.js';
import { searchOnRecord, type Looker } from '../../ledger/on-record.sql.js';
import { ownPatientSql, patientsSql } from './compartment-patients.js';
import { walkedSql, walkSql } from './walk.sql.js';
import { StatementNames } from './statement-names.js';
import type { SearchType } from './search-parameters.js';

export interface FoundRow extends VersionRow {
  readonly no: number;
  /** Its place in the order, for the cursor after it. */
  readonly keys: readonly (string | null)[];
}

/** `found` is how many were there for the page, one more than asked for among them. */
export interface PageRow extends FoundRow {
  readonly found: number;
}

/** What a resource is sorted by: the column of the index, and the type of its values. */
const SORTED_BY: Readonly<
  Record<Exclude<SearchType, 'composite' | 'special'>, readonly [table: string, ascending: string, descending: string, type: string]>
> = {
  token: ['search_token', 'value', 'value', 'text'],
  uri: ['search_token', 'value', 'value', 'text'],
  reference: ['search_reference', 'target_id', 'target_id', 'text'],
  date: ['search_date', 'low', 'high', 'timestamptz'],
  string: ['search_string', 'value', 'value', 'text'],
  number: ['search_quantity', 'low', 'high', 'numeric'],
  quantity: ['search_quantity', 'low', 'high', 'numeric'],
};
/** What a cursor may say of a value of each type, so that no made-up one reaches the database. */
const VALUE: Readonly<Record<string, RegExp>> = {
  text: /^/,
  timestamptz: /^-?infinity$|^[\d+: .-]{10,40}(?: BC)?$/,
  numeric: /^-?(?:Infinity|[\d.]{1,200})$/,
};

interface Key {
  readonly expression: string;
  readonly type: string;
  readonly descending: boolean;
}

/** What a page's texts may have together: beyond it the page is shorter. */
export const MOST_PAGE_BYTES = 32 * 1024 * 1024;

/**
 * A page of current versions, one more than is asked for where others follow; fewer where they would be more than so many bytes,
 * which `found` tells. One at least.
 */
export async function searchPage(tx: Transaction, search: Search, mostBytes = MOST_PAGE_BYTES): Promise<PageRow[]> {
  const bindings = new Bindings();
  const text = within(walkSql(search, columnsOf('r', ownPatientSql('r')), bindings) ?? pageSql(search, bindings), mostBytes, bindings);
  return tx
    .rows<PageRow & Record<string, unknown>>(text, bindings.values, names.nameOf(text))
    .catch((error: unknown) => Promise.reject(cursorFault(search, error)));
}

/** A page of a walk that is on record in the moment that it is read; undefined where the search is no walk. */
export function walkOnRecord(
  search: Search,
  {
    looker,
    parameters,
    sought,
  }: { readonly looker: () => Looker; readonly parameters: readonly string[]; readonly sought: readonly string[] },
): ((tx: Transaction) => Promise<PageRow[]>) | undefined {
  const bindings = new Bindings();
  const walk = walkSql(search, columnsOf('r', ownPatientSql('r')), bindings);
  if (walk === undefined) return undefined;
  const { actor, agent, tenant, door, facts, sealed } = looker();
  const look = {
    actor: bindings.bind(actor, 'text'),
    agent: bindings.bind(agent, 'text'),
    tenant: bindings.bind(tenant, 'int'),
    door: bindings.bind(door, 'text'),
    facts: bindings.bind(facts, 'text'),
    sealed: bindings.bind(sealed, 'text'),
    type: bindings.bind(search.types[0], 'text'),
    parameters: bindings.bind(JSON.stringify(parameters), 'json'),
    most: bindings.bind(search.count, 'int'),
    at: bindings.bind(new Date().toISOString(), 'text'),
    ...(sought.length > 0 && { sought: bindings.bind(sought, 'text[]') }),
  };
  const text = searchOnRecord(within(walk, MOST_PAGE_BYTES, bindings), look);
  return (tx) =>
    tx
      .rows<PageRow & Record<string, unknown>>(text, bindings.values, names.nameOf(text))
      .catch((error: unknown) => Promise.reject(cursorFault(search, error)));
}

/** What of a page is not more than so many bytes, one row at least. */
const within = (page: string, mostBytes: number, bindings: Bindings): string =>
  `SELECT * FROM (SELECT p.*, sum(bytes) OVER page AS size, row_number() OVER page AS place, count(*) OVER () AS found
                   FROM (${page}) AS p WINDOW page AS (ROWS UNBOUNDED PRECEDING)) AS pages
    WHERE place = 1 OR size <= ${bindings.bind(mostBytes, 'bigint')}`;

const cursorFault = ({ cursor }: Search, error: unknown): unknown =>
  cursor !== undefined && isBadValue(error) ? new BadSearchParameter('_cursor', 'is not one that this search gave') : error;

/** The page of any search. */
function pageSql({ types, conditions, sort, count, cursor, offset }: Search, bindings: Bindings): string {
  const keys = sort.length === 0 ? [NEWEST_FIRST] : sort;
  const columns = keys.map(columnOf);
  const descending = keys[0].descending;
  const found = keys.every(({ by }) => typeof by !== 'string') ? indexedSql(conditions, bindings) : undefined;
  const where = found === undefined ? [typesSql(types, bindings), 'NOT r.deleted', allSql(conditions, 'r', bindings)] : ['true'];
  if (cursor !== undefined) where.push(afterSql(columns, descending, cursor, bindings));
  const order = [
    ...columns.map((key) => `${key.expression} ${key.descending ? 'DESC NULLS LAST' : 'ASC NULLS LAST'}`),
    `r.no ${descending ? 'DESC' : 'ASC'}`,
  ];
  const joins = keys.flatMap((key, i) => joinOf(key, i)).join(' ');
  // The column of times is never null: saying so lets its index give the order.
  const limited = `WHERE ${where.join(' AND ')}
                 ORDER BY ${order.join(', ').replaceAll(/(r\.(?:last_updated|id) (?:DESC|ASC)) NULLS LAST/g, '$1')} LIMIT ${bindings.bind(count + 1, 'int')}${offset === undefined ? '' : ` OFFSET ${bindings.bind(offset, 'int')}`}`;
  const values = `ARRAY[${columns.map(({ expression }) => `${expression}::text`).join(', ')}] AS keys`;
  return found === undefined
    ? `SELECT ${columnsOf('r').join(', ')}, ${values} FROM resource r ${joins} ${limited}`
    : // What meets the conditions is found and put in order by the index alone; only a page of it is looked up.
      `SELECT ${columnsOf('c').join(', ')}, m.keys FROM (WITH r AS MATERIALIZED (${found})
                   SELECT r.no, ${values}, row_number() OVER (ORDER BY ${order.join(', ')}) AS place FROM r ${joins} ${limited}) AS m
                   JOIN resource c ON c.no = m.no ORDER BY m.place`;
}

const columnsOf = (r: string, patients = patientsSql(r)): string[] => [
  ...['no', 'type', 'id', 'version', 'content', 'deleted'].map((column) => `${r}.${column}`),
  `${r}.last_updated AS "lastUpdated"`,
  `octet_length(${r}.content) AS bytes`,
  `${patients} AS patients`,
];

/** SQLSTATE class 22: a text that is no value of its type, as only a cursor that somebody made up has. */
const isBadValue = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('22');

const names = new StatementNames();

const NEWEST_FIRST: SortKey = { by: 'updated', descending: true };

/** One value of a resource for each key: the least where it ascends, the greatest where it descends (R4 search.html#sort). */
function joinOf({ by, descending }: SortKey, i: number): string[] {
  if (typeof by === 'string') return [];
  const [table, least, greatest] = SORTED_BY[by.type as keyof typeof SORTED_BY];
  const value = descending ? `max(s.${greatest})` : `min(s.${least})`;
  return [
    `LEFT JOIN LATERAL (SELECT ${value} AS v FROM ${table} s WHERE s.resource = r.no AND s.parameter IN (${by.parameters.join(', ')})) k${i} ON true`,
  ];
}

function columnOf({ by, descending }: SortKey, i: number): Key {
  if (by === 'id') return { expression: 'r.id', type: 'text', descending };
  if (by === 'updated') return { expression: 'r.last_updated', type: 'timestamptz', descending };
  return { expression: `k${i}.v`, type: SORTED_BY[by.type as keyof typeof SORTED_BY][3], descending };
}

const typesSql = (types: readonly string[], bindings: Bindings): string =>
  types.length === 1 ? `r.type = ${bindings.bind(types[0], 'text')}` : `r.type = ANY(${bindings.bind(types, 'text[]')})`;

/** After the cursor in the order: by the first key that differs, what has no value last; then by number. */
function afterSql(keys: readonly Key[], descending: boolean, { values, no }: Cursor, bindings: Bindings): string {
  if (values.length !== keys.length || values.some((value, i) => value !== null && !VALUE[keys[i].type].test(value)))
    throw new BadSearchParameter('_cursor', 'is not one that this search gave');
  const side = descending ? '<' : '>';
  const at = bindings.bind(no, 'bigint');
  const bound = values.map((value, i) => (value === null ? 'NULL' : bindings.bind(value, keys[i].type)));
  if (keys.length === 1 && keys[0].expression === 'r.last_updated') return `(r.last_updated, r.no) ${side} (${bound[0]}, ${at})`;
  const same = (i: number): string[] => keys.slice(0, i).map((key, k) => `${key.expression} IS NOT DISTINCT FROM ${bound[k]}`);
  const later = keys.flatMap((key, i) => {
    if (values[i] === null) return [];
    const beyond = `(${key.expression} ${key.descending ? '<' : '>'} ${bound[i]} OR ${key.expression} IS NULL)`;
    return [[...same(i), beyond].join(' AND ')];
  });
  return `(${[...later, [...same(keys.length), `r.no ${side} ${at}`].join(' AND ')].map((one) => `(${one})`).join(' OR ')})`;
}

/** How many match in all; undefined where there are more than `most`. */
export async function countMatches(tx: Transaction, { types, conditions }: Search, most: number | undefined): Promise<number | undefined> {
  const bindings = new Bindings();
  const matches =
    walkedSql({ types, conditions }, bindings) ??
    indexedSql(conditions, bindings) ??
    `SELECT FROM resource r WHERE ${[typesSql(types, bindings), 'NOT r.deleted', allSql(conditions, 'r', bindings)].join(' AND ')}`;
  const text = `SELECT count(*)::int AS total FROM (${matches}${most === undefined ? '' : ` LIMIT ${most + 1}`}) AS matches`;
  const [{ total }] = await tx.rows<{ total: number }>(text, bindings.values, names.nameOf(text));
  return most !== undefined && total > most ? undefined : total;
}

/** As many Patients a count is on record of, among as many matches. */
const MOST_WHOSE = 100;
const MOST_LOOKED_AT = 10_000;

/** Ids of the Patients whom what a search counts is about; none where they, or the matches, are too many to name. */
export async function patientsCounted(tx: Transaction, { types, conditions }: Search, total: number): Promise<string[]> {
  if (total === 0 || total > MOST_LOOKED_AT) return [];
  const bindings = new Bindings();
  const found = indexedSql(conditions, bindings);
  const matches =
    found === undefined
      ? `resource r WHERE ${[typesSql(types, bindings), 'NOT r.deleted', allSql(conditions, 'r', bindings)].join(' AND ')}`
      : `(${found}) AS m JOIN resource r ON r.no = m.no`;
  const text = `SELECT DISTINCT patient FROM (SELECT ${patientsSql('r')} AS patients FROM ${matches} LIMIT ${MOST_LOOKED_AT}) AS matches
                 CROSS JOIN unnest(patients) AS p (patient) LIMIT ${MOST_WHOSE + 1}`;
  const rows = await tx.rows<{ patient: string }>(text, bindings.values, names.nameOf(text));
  return rows.length > MOST_WHOSE ? [] : rows.map(({ patient }) => patient);
}

/** The first match alone, and whether there is another: what a conditional interaction asks. */
export async function firstTwo(tx: Transaction, search: Search): Promise<FoundRow[]> {
  return searchPage(tx, { ...search, sort: [], count: 1, cursor: undefined }, Number.MAX_SAFE_INTEGER);
}

/** What resources refer to, or are referred to by (R4 search.html#include); those in `from` are not given again. */
export async function includedBy(
  tx: Transaction,
  include: Include,
  from: readonly { no: number; type: string; id: string }[],
  most: number,
): Promise<FoundRow[]> {
  if (include.parameters.length === 0 || from.length === 0) return [];
  const parameters = include.parameters.join(', ');
  const columns = `t.no, t.type, t.id, t.version, t.last_updated AS "lastUpdated", t.content, t.deleted, ${patientsSql('t')} AS patients, ARRAY[]::text[] AS keys`;
  if (!include.reverse)
    return tx.rows<FoundRow & Record<string, unknown>>(
      `SELECT ${columns} FROM resource t WHERE NOT t.deleted AND t.no <> ALL($1::bigint[]) AND ($2::text IS NULL OR t.type = $2) AND EXISTS (
         SELECT FROM search_reference s WHERE s.resource = ANY($1::bigint[]) AND s.parameter IN (${parameters})
            AND s.target_type = t.type AND s.target_id = t.id) ORDER BY t.no LIMIT $3`,
      [from.map(({ no }) => no), include.target ?? null, most],
    );
  const asked = include.target === undefined ? from : from.filter(({ type }) => type === include.target);
  return tx.rows<FoundRow & Record<string, unknown>>(
    `SELECT ${columns} FROM resource t WHERE NOT t.deleted AND t.no <> ALL($1::bigint[]) AND EXISTS (
       SELECT FROM search_reference s WHERE s.resource = t.no AND s.parameter IN (${parameters}) AND s.target_id = ANY($3::text[])
          AND (s.target_type, s.target_id) IN (SELECT * FROM unnest($2::text[], $3::text[]))) ORDER BY t.no LIMIT $4`,
    [from.map(({ no }) => no), asked.map(({ type }) => type), asked.map(({ id }) => id), most],
  );
}
