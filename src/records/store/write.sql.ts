import type { Transaction } from '../../database/transaction.js';
import { booleanArray, numberArray, textArray } from '../../database/array-text.js';
import { timestampText } from '../search/dates.js';
import type { Indexed, TimelinePlace } from '../search/timeline.js';
import type { Method, VersionRow } from './versions.sql.js';
import { indexInserts, type IndexInserts } from './index-rows.sql.js';
import { tellWatchers } from './watched.sql.js';

export interface NewVersion extends VersionRow {
  /** What the index knows the resource by, in all its versions. */
  readonly no: number;
  readonly method: Method;
  /** SHA-256 of what was given, in hexadecimal. */
  readonly digest: string;
  readonly owned: boolean;
  readonly rows: Indexed;
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

/**
 * The form of the index that this server writes and reads: the server that first has another makes all rows anew when it starts, and
 * a migration gives `resource_to_index` the new number.
 */
const INDEX_FORM = 3;

/** A character that no JSON text has (RFC 8259 7): contents go as one text, which nobody has to quote. */
const BETWEEN = '\u001e';

/** Types of the columns that say where a resource lies in its patient's time. */
const PLACE = ['text', 'text', 'timestamptz'];
const placesOf = (resources: readonly { rows: Indexed }[]): string[] => {
  const of = (value: (place: TimelinePlace) => string): string =>
    textArray(resources.map(({ rows: { place } }) => (place === undefined ? null : value(place))));
  return [of(({ patient }) => patient), of(({ status }) => status), of(({ dated }) => timestampText(dated))];
};

const COLUMNS = [
  'type',
  'id',
  'version',
  'last_updated',
  'content',
  'method',
  'deleted',
  'digest',
  'owned',
  'no',
  'patient',
  'status',
  'dated',
];
const CURRENT = `INSERT INTO resource (${COLUMNS.join(', ')}, index_form)
     SELECT type, id, version, last_updated, coalesce(content, ''), method, deleted, decode(digest, 'hex'), owned, no, patient, status, dated, ${INDEX_FORM}
       FROM unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], string_to_array($5, E'\\x1E'), $6::text[], $7::boolean[], $8::text[], $9::boolean[],
                   $10::bigint[], $11::text[], $12::text[], $13::timestamptz[]) AS f (${COLUMNS.join(', ')})
         ON CONFLICT (type, id, tenant) DO UPDATE SET ${[...COLUMNS.slice(2), 'index_form']
           .filter((column) => column !== 'no')
           .map((column) => `${column} = excluded.${column}`)
           .join(', ')}`;

/** One statement for the versions and all that they are found by: each round trip costs more than most of its parts. */
function writeCurrent(tx: Transaction, versions: readonly NewVersion[]): Promise<number> {
  const values = [
    textArray(versions.map(({ type }) => type)),
    textArray(versions.map(({ id }) => id)),
    numberArray(versions.map(({ version }) => version)),
    textArray(versions.map(({ lastUpdated }) => lastUpdated.toISOString())),
    versions.map(({ content }) => content).join(BETWEEN),
    textArray(versions.map(({ method }) => method)),
    booleanArray(versions.map(({ deleted }) => deleted)),
    textArray(versions.map(({ digest }) => digest)),
    booleanArray(versions.map(({ owned }) => owned)),
    numberArray(versions.map(({ no }) => no)),
    ...placesOf(versions),
  ];
  const inserts = indexInserts(versions, values.length + 1);
  return tx.run(withParts(inserts, CURRENT), [...values, ...inserts.values], `records.write-${inserts.tables}`);
}

const withParts = ({ parts }: IndexInserts, last: string): string => (parts.length === 0 ? last : `WITH ${parts.join(', ')} ${last}`);

/** Makes the index of current versions anew, of which the text stays. */
export async function indexAgain(tx: Transaction, resources: readonly Pick<NewVersion, 'no' | 'rows'>[]): Promise<void> {
  const values = [numberArray(resources.map(({ no }) => no)), ...placesOf(resources)];
  const inserts = indexInserts(resources, values.length + 1);
  const last = `UPDATE resource r SET index_form = ${INDEX_FORM}, patient = f.patient, status = f.status, dated = f.dated
       FROM unnest($1::bigint[], ${PLACE.map((type, i) => `$${2 + i}::${type}[]`).join(', ')}) AS f (no, patient, status, dated) WHERE r.no = f.no`;
  await Promise.all([
    clearIndex(tx, resources),
    tx.run(withParts(inserts, last), [...values, ...inserts.values], `records.index-${inserts.tables}`),
  ]);
}

/** Current versions that are not in the index; nobody else may write them meanwhile. */
export const toIndex = (tx: Transaction, most: number) =>
  tx.rows<{ no: number; content: string; deleted: boolean }>(
    `SELECT no, content, deleted FROM resource WHERE index_form <> ${INDEX_FORM} ORDER BY no LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [most],
  );

export const anyToIndex = async (tx: Transaction): Promise<boolean> =>
  (await tx.rows<{ any: boolean }>(`SELECT EXISTS (SELECT FROM resource WHERE index_form <> ${INDEX_FORM}) AS any`))[0].any;
