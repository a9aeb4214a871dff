import { numberArray, textArray } from '../../database/array-text.js';
import { timestampText } from '../search/dates.js';
import type { IndexRows } from '../search/index-rows.js';

/** The columns of an index table after `resource`, and their values for rows of its kind as the text of an array. */
interface IndexForm<Row> {
  readonly table: string;
  readonly columns: readonly (readonly [column: string, type: string, of: (rows: readonly Row[]) => string])[];
}
type Kind = keyof IndexRows;
type RowOf<K extends Kind> = IndexRows[K][number];

const EVERY: IndexForm<{ parameter: number; part: number }>['columns'] = [
  ['parameter', 'int', (rows) => numberArray(rows.map(({ parameter }) => parameter))],
  ['part', 'int', (rows) => numberArray(rows.map(({ part }) => part))],
];
const FORMS: { readonly [K in Kind]: IndexForm<RowOf<K>> } = {
  tokens: {
    table: 'search_token',
    columns: [
      ...EVERY,
      ['system', 'text', (rows) => textArray(rows.map(({ system }) => system))],
      ['value', 'text', (rows) => textArray(rows.map(({ value }) => value))],
    ],
  },
  references: {
    table: 'search_reference',
    columns: [
      ...EVERY,
      ['target_type', 'text', (rows) => textArray(rows.map(({ targetType }) => targetType))],
      ['target_id', 'text', (rows) => textArray(rows.map(({ targetId }) => targetId))],
    ],
  },
  dates: {
    table: 'search_date',
    columns: [
      ...EVERY,
      ['low', 'timestamptz', (rows) => textArray(rows.map(({ low }) => timestampText(low)))],
      ['high', 'timestamptz', (rows) => textArray(rows.map(({ high }) => timestampText(high)))],
    ],
  },
  strings: {
    table: 'search_string',
    columns: [
      ...EVERY,
      // Texts of any length are no key: their place in the list is.
      ['ordinal', 'int', (rows) => numberArray(rows.map((_row, ordinal) => ordinal))],
      ['value', 'text', (rows) => textArray(rows.map(({ value }) => value))],
      ['exact', 'text', (rows) => textArray(rows.map(({ exact }) => exact))],
    ],
  },
  quantities: {
    table: 'search_quantity',
    columns: [
      ...EVERY,
      ['low', 'numeric', (rows) => textArray(rows.map(({ low }) => low))],
      ['high', 'numeric', (rows) => textArray(rows.map(({ high }) => high))],
      ['system', 'text', (rows) => textArray(rows.map(({ system }) => system))],
      ['code', 'text', (rows) => textArray(rows.map(({ code }) => code))],
      ['unit', 'text', (rows) => textArray(rows.map(({ unit }) => unit))],
    ],
  },
};
const KINDS = Object.keys(FORMS) as Kind[];

/** The index tables' part of a statement: `WITH` parts, what their bindings stand for, and which tables it is of. */
export interface IndexInserts {
  readonly parts: readonly string[];
  readonly values: readonly string[];
  /** For the statement's name: the same tables, the same text. */
  readonly tables: string;
}

/** `first`: the number of the first binding. */
export function indexInserts(resources: readonly { readonly no: number; readonly rows: IndexRows }[], first: number): IndexInserts {
  const parts: string[] = [];
  const values: string[] = [];
  let tables = '';
  for (const kind of KINDS) {
    const rows = resources.flatMap(({ rows: own }) => own[kind] as readonly RowOf<Kind>[]);
    if (rows.length === 0) continue;
    const form = FORMS[kind] as IndexForm<RowOf<Kind>>;
    const at = first + values.length;
    values.push(
      numberArray(resources.flatMap(({ no, rows: own }) => own[kind].map(() => no))),
      ...form.columns.map(([, , of]) => of(rows)),
    );
    tables += kind[0];
    parts.push(
      `new_${kind} AS (INSERT INTO ${form.table} (resource, ${form.columns.map(([column]) => column).join(', ')})
         SELECT * FROM unnest($${at}::bigint[], ${form.columns.map(([, type], i) => `$${at + 1 + i}::${type}[]`).join(', ')}))`,
    );
  }
  return { parts, values, tables };
}
