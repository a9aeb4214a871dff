import type { Transaction } from '../../database/transaction.js';
import { timestampText } from '../search/dates.js';
import { INDEX_FORM } from '../search/extract.js';
import type { IndexRows } from '../search/index-rows.js';
import type { Method, VersionRow } from './versions.sql.js';

export interface NewVersion extends VersionRow {
  readonly method: Method;
  /** SHA-256 of what was given, in hexadecimal. */
  readonly digest: string;
  readonly owned: boolean;
  readonly rows: IndexRows;
}

/**
 * Writes new versions: the ones before them go into the history, and the index says what the new ones are found by. The
 * statements go out together. Their keys must be locked, or new (`version` 1 of an id that the server has made up).
 */
export async function writeVersions(tx: Transaction, versions: readonly NewVersion[]): Promise<void> {
  const known = versions.filter(({ version }) => version > 1);
  await Promise.all([
    ...(known.length === 0 ? [] : [keepBefore(tx, known), clearIndex(tx, known)]),
    writeCurrent(tx, versions),
    ...writeIndex(tx, versions),
  ]);
}

const keysOf = (versions: readonly { type: string; id: string }[]): [string[], string[]] => [
  versions.map(({ type }) => type),
  versions.map(({ id }) => id),
];

const keepBefore = (tx: Transaction, versions: readonly NewVersion[]): Promise<number> =>
  tx.run(
    `INSERT INTO resource_version (type, id, version, last_updated, content, method, deleted)
     SELECT r.type, r.id, r.version, r.last_updated, r.content, r.method, r.deleted
       FROM resource r JOIN unnest($1::text[], $2::text[]) AS w (type, id) ON r.type = w.type AND r.id = w.id`,
    keysOf(versions),
    'records.keep-before',
  );

const clearIndex = (tx: Transaction, versions: readonly { type: string; id: string }[]): Promise<number> =>
  tx.run(
    `WITH gone AS (SELECT r.no FROM resource r JOIN unnest($1::text[], $2::text[]) AS w (type, id) ON r.type = w.type AND r.id = w.id),
          token AS (DELETE FROM search_token USING gone WHERE resource = no),
          reference AS (DELETE FROM search_reference USING gone WHERE resource = no),
          date AS (DELETE FROM search_date USING gone WHERE resource = no),
          string AS (DELETE FROM search_string USING gone WHERE resource = no)
     DELETE FROM search_quantity USING gone WHERE resource = no`,
    keysOf(versions),
    'records.clear-index',
  );

const writeCurrent = (tx: Transaction, versions: readonly NewVersion[]): Promise<number> =>
  tx.run(
    `INSERT INTO resource (type, id, version, last_updated, content, method, deleted, digest, owned, indexed)
     SELECT type, id, version, last_updated, content, method, deleted, decode(digest, 'hex'), owned, ${INDEX_FORM}
       FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::boolean[])
         AS f (type, id, version, last_updated, content, method, deleted, digest, owned)
         ON CONFLICT (type, id) DO UPDATE SET version = excluded.version, last_updated = excluded.last_updated, content = excluded.content,
              method = excluded.method, deleted = excluded.deleted, digest = excluded.digest, owned = excluded.owned, indexed = excluded.indexed`,
    [
      ...keysOf(versions),
      versions.map(({ version }) => version),
      versions.map(({ lastUpdated }) => lastUpdated),
      versions.map(({ content }) => content),
      versions.map(({ method }) => method),
      versions.map(({ deleted }) => deleted),
      versions.map(({ digest }) => digest),
      versions.map(({ owned }) => owned),
    ],
    'records.write',
  );

/** The columns of an index table after `resource`, and what a row of the kind has in them. */
interface IndexForm<Row> {
  readonly table: string;
  readonly columns: readonly (readonly [column: string, type: string, of: (row: Row, ordinal: number) => unknown])[];
}
type RowOf<Kind extends keyof IndexRows> = IndexRows[Kind][number];

const EVERY: IndexForm<{ parameter: number; part: number }>['columns'] = [
  ['parameter', 'int', ({ parameter }) => parameter],
  ['part', 'int', ({ part }) => part],
];
const FORMS: { readonly [Kind in keyof IndexRows]: IndexForm<RowOf<Kind>> } = {
  tokens: { table: 'search_token', columns: [...EVERY, ['system', 'text', (row) => row.system], ['value', 'text', (row) => row.value]] },
  references: {
    table: 'search_reference',
    columns: [...EVERY, ['target_type', 'text', (row) => row.targetType], ['target_id', 'text', (row) => row.targetId]],
  },
  dates: {
    table: 'search_date',
    columns: [...EVERY, ['low', 'timestamptz', (row) => timestampText(row.low)], ['high', 'timestamptz', (row) => timestampText(row.high)]],
  },
  strings: {
    table: 'search_string',
    columns: [
      ...EVERY,
      ['ordinal', 'int', (_row, ordinal) => ordinal],
      ['value', 'text', (row) => row.value],
      ['exact', 'text', (row) => row.exact],
    ],
  },
  quantities: {
    table: 'search_quantity',
    columns: [
      ...EVERY,
      ['low', 'numeric', (row) => row.low],
      ['high', 'numeric', (row) => row.high],
      ['system', 'text', (row) => row.system],
      ['code', 'text', (row) => row.code],
      ['unit', 'text', (row) => row.unit],
    ],
  },
};

function writeIndex(tx: Transaction, versions: readonly Pick<NewVersion, 'type' | 'id' | 'rows'>[]): Promise<number>[] {
  return (Object.keys(FORMS) as (keyof IndexRows)[]).flatMap((kind) => {
    const form = FORMS[kind] as IndexForm<RowOf<keyof IndexRows>>;
    const rows = versions.flatMap(({ rows: own }, n) => own[kind].map((row, ordinal) => ({ row, n: n + 1, ordinal })));
    if (rows.length === 0) return [];
    const names = form.columns.map(([column]) => column).join(', ');
    const arrays = form.columns.map(([, type], i) => `$${i + 4}::${type}[]`).join(', ');
    return tx.run(
      `INSERT INTO ${form.table} (resource, ${names})
       SELECT r.no, ${form.columns.map(([column]) => `f.${column}`).join(', ')}
         FROM unnest($3::int[], ${arrays}) AS f (n, ${names})
         JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (type, id, n) ON w.n = f.n
         JOIN resource r ON r.type = w.type AND r.id = w.id`,
      [...keysOf(versions), rows.map(({ n }) => n), ...form.columns.map(([, , of]) => rows.map(({ row, ordinal }) => of(row, ordinal)))],
      `records.index-${form.table}`,
    );
  });
}

/** Makes the index of current versions anew, of which the text stays. */
export async function indexAgain(tx: Transaction, resources: readonly Pick<NewVersion, 'type' | 'id' | 'rows'>[]): Promise<void> {
  await Promise.all([
    clearIndex(tx, resources),
    ...writeIndex(tx, resources),
    tx.run(
      `UPDATE resource r SET indexed = ${INDEX_FORM} FROM unnest($1::text[], $2::text[]) AS w (type, id) WHERE r.type = w.type AND r.id = w.id`,
      keysOf(resources),
      'records.indexed',
    ),
  ]);
}

/** Current versions whose index is of another form than this server's; nobody else may write them meanwhile. */
export const toIndex = (tx: Transaction, most: number) =>
  tx.rows<{ type: string; id: string; content: string; deleted: boolean }>(
    `SELECT type, id, content, deleted FROM resource WHERE indexed < ${INDEX_FORM} ORDER BY no LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [most],
  );
