import type { Transaction } from '../../database/transaction.js';
import { timestampText } from '../search/dates.js';
import type { IndexRows } from '../search/index-rows.js';
import type { Method, VersionRow } from './versions.sql.js';
import { tellWatchers } from './watched.sql.js';

export interface NewVersion extends VersionRow {
  /** What the index knows the resource by, in all its versions. */
  readonly no: number;
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
    ...tellWatchers(tx, versions),
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

const clearIndex = (tx: Transaction, versions: readonly { no: number }[]): Promise<number> =>
  tx.run(
    `WITH token AS (DELETE FROM search_token WHERE resource = ANY($1::bigint[])),
          reference AS (DELETE FROM search_reference WHERE resource = ANY($1::bigint[])),
          date AS (DELETE FROM search_date WHERE resource = ANY($1::bigint[])),
          string AS (DELETE FROM search_string WHERE resource = ANY($1::bigint[]))
     DELETE FROM search_quantity WHERE resource = ANY($1::bigint[])`,
    [versions.map(({ no }) => no)],
    'records.clear-index',
  );

const writeCurrent = (tx: Transaction, versions: readonly NewVersion[]): Promise<number> =>
  tx.run(
    `INSERT INTO resource (type, id, version, last_updated, content, method, deleted, digest, owned, no, indexed)
     SELECT type, id, version, last_updated, content, method, deleted, decode(digest, 'hex'), owned, no, true
       FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::text[], $6::text[], $7::boolean[], $8::text[], $9::boolean[], $10::bigint[])
         AS f (type, id, version, last_updated, content, method, deleted, digest, owned, no)
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
      versions.map(({ no }) => no),
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

function writeIndex(tx: Transaction, versions: readonly Pick<NewVersion, 'no' | 'rows'>[]): Promise<number>[] {
  return (Object.keys(FORMS) as (keyof IndexRows)[]).flatMap((kind) => {
    const form = FORMS[kind] as IndexForm<RowOf<keyof IndexRows>>;
    const rows = versions.flatMap(({ no, rows: own }) => own[kind].map((row, ordinal) => ({ row, no, ordinal })));
    if (rows.length === 0) return [];
    const names = form.columns.map(([column]) => column).join(', ');
    const arrays = form.columns.map(([, type], i) => `$${i + 2}::${type}[]`).join(', ');
    return tx.run(
      `INSERT INTO ${form.table} (resource, ${names}) SELECT * FROM unnest($1::bigint[], ${arrays})`,
      [rows.map(({ no }) => no), ...form.columns.map(([, , of]) => rows.map(({ row, ordinal }) => of(row, ordinal)))],
      `records.index-${form.table}`,
    );
  });
}

/** Makes the index of current versions anew, of which the text stays. */
export async function indexAgain(tx: Transaction, resources: readonly Pick<NewVersion, 'no' | 'rows'>[]): Promise<void> {
  await Promise.all([
    clearIndex(tx, resources),
    ...writeIndex(tx, resources),
    tx.run(`UPDATE resource SET indexed = true WHERE no = ANY($1::bigint[])`, [resources.map(({ no }) => no)], 'records.indexed'),
  ]);
}

/** Current versions that are not in the index; nobody else may write them meanwhile. */
export const toIndex = (tx: Transaction, most: number) =>
  tx.rows<{ no: number; content: string; deleted: boolean }>(
    `SELECT no, content, deleted FROM resource WHERE NOT indexed ORDER BY no LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [most],
  );

export const anyToIndex = async (tx: Transaction): Promise<boolean> =>
  (await tx.rows<{ any: boolean }>('SELECT EXISTS (SELECT FROM resource WHERE NOT indexed) AS any'))[0].any;
