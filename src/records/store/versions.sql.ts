import { numberArray, textArray } from '../../database/array-text.js';
import type { Transaction } from '../../database/transaction.js';
import { readOnRecord, readTogetherOnRecord, searchOnRecord, type Looker } from '../../ledger/on-record.sql.js';
import { patientsSql } from '../search/compartment-patients.js';

export interface VersionRow {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: Date;
  /** As it is served; empty where the version says that the resource was deleted. */
  readonly content: string;
  readonly deleted: boolean;
  /** Ids of the Patients whom it is about, for the record of who looks at it; null or absent where there are none. */
  readonly patients?: readonly string[] | null;
}

/** What made a version (R4 bundle-definitions.html#Bundle.entry.request.method). */
export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface CurrentRow extends VersionRow {
  /** What the index knows it by. */
  readonly no: number;
  readonly digest: Buffer;
  readonly owned: boolean;
}

const COLUMNS = 'r.type, r.id, r.version, r.last_updated AS "lastUpdated", r.content, r.deleted';
const WHOSE = `${patientsSql('r')} AS patients`;

/**
 * Serialises the writers of each resource, whether it is there yet or not (a row lock would lock nothing of a new one).
 * In one order everywhere, so that no two writers wait for each other crosswise; free at the transaction's end.
 */
export const lockKeys = (tx: Transaction, types: readonly string[], ids: readonly string[]) =>
  tx.rows(
    `SELECT pg_advisory_xact_lock(k) FROM (SELECT hashtextextended(type || '/' || id, 7337103) AS k
       FROM unnest($1::text[], $2::text[]) AS w (type, id) ORDER BY 1) AS keys`,
    [types, ids],
    'records.lock-keys',
  );

/** What decides if resources changed. */
export const currentDigests = (tx: Transaction, types: readonly string[], ids: readonly string[]) =>
  tx.rows<{ type: string; id: string; no: number; version: number; digest: Buffer }>(
    `SELECT r.type, r.id, r.no, r.version, r.digest FROM resource r JOIN unnest($1::text[], $2::text[]) AS w (type, id)
         ON r.type = w.type AND r.id = w.id`,
    [types, ids],
    'records.digests',
  );

/** The current versions of resources, those that say that it was deleted too. */
export const currentVersions = (tx: Transaction, types: readonly string[], ids: readonly string[]) =>
  tx.rows<CurrentRow & Record<string, unknown>>(
    `SELECT ${COLUMNS}, ${WHOSE}, r.no, r.owned, r.digest FROM resource r JOIN unnest($1::text[], $2::text[]) AS w (type, id) ON r.type = w.type AND r.id = w.id`,
    [types, ids],
    'records.currents',
  );

/** The current version of a resource. */
export const currentVersion = async (tx: Transaction, type: string, id: string): Promise<VersionRow | undefined> =>
  (
    await tx.rows<VersionRow & Record<string, unknown>>(
      `SELECT ${COLUMNS}, ${WHOSE} FROM resource r WHERE r.type = $1 AND r.id = $2`,
      [type, id],
      'records.read',
    )
  )[0];

/** Who asks for which resource. */
export interface Asked {
  readonly looker: Looker;
  readonly type: string;
  readonly id: string;
}

/** What is asked for, by whom and when: `$1` to `$9` of a statement that reads on record. */
const lookedFor = (asked: readonly Asked[]): string[] => [
  textArray(asked.map(({ type }) => type)),
  textArray(asked.map(({ id }) => id)),
  ...(['actor', 'agent', 'door', 'facts', 'sealed'] as const).map((fact) => textArray(asked.map(({ looker }) => looker[fact]))),
  numberArray(asked.map(({ looker }) => looker.tenant)),
  new Date().toISOString(),
];

/** Current versions, each put on record for who asked; `n` is the place in what was asked, from 1. Absent ones give no row. */
export const readCurrent = (tx: Transaction, asked: readonly Asked[]) =>
  tx.rows<VersionRow & { n: number }>(READ_CURRENT, lookedFor(asked), 'records.read-on-record');

const READ_CURRENT = readOnRecord(
  `SELECT ${COLUMNS}, ${WHOSE}, w.actor, w.agent, w.door, w.facts, w.sealed, w.tenant, w.n
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])
            WITH ORDINALITY AS w (type, id, actor, agent, door, facts, sealed, tenant, n)
     JOIN resource r ON r.type = w.type AND r.id = w.id`,
  '$9::text',
);

/** The same, and what a resource refers to by these parameters. */
export interface AskedWithReferred extends Asked {
  readonly parameters: readonly number[];
}

/** More are read by themselves: a resource may refer to any number. */
const MOST_REFERRED = 100;

/**
 * Current versions with those that they refer to (and that were not deleted), put on record for who asked: one look, which names them
 * all. `n` is the place in what was asked, from 1.
 */
export const readWithReferred = (tx: Transaction, asked: readonly AskedWithReferred[]) =>
  tx.rows<VersionRow & { n: number; isReferred: boolean }>(
    READ_WITH_REFERRED,
    [...lookedFor(asked), textArray(asked.map(({ parameters }) => `{${parameters.join(',')}}`))],
    'records.read-with-referred',
  );

const READ_WITH_REFERRED = readTogetherOnRecord(
  `WITH asked AS MATERIALIZED (
          SELECT ${COLUMNS}, ${WHOSE}, r.no, w.actor, w.agent, w.door, w.facts, w.sealed, w.tenant, w.n, w.parameters
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $10::text[])
                   WITH ORDINALITY AS w (type, id, actor, agent, door, facts, sealed, tenant, parameters, n)
            JOIN resource r ON r.type = w.type AND r.id = w.id)
   SELECT type, id, version, "lastUpdated", content, deleted, patients, actor, agent, door, facts, sealed, tenant, n, false AS "isReferred" FROM asked
   UNION ALL
   SELECT ${COLUMNS}, ${WHOSE}, a.actor, a.agent, a.door, a.facts, a.sealed, a.tenant, a.n, true
     FROM asked a
    CROSS JOIN LATERAL (SELECT DISTINCT s.target_type, s.target_id FROM search_reference s
                         WHERE s.resource = a.no AND s.parameter = ANY (a.parameters::int[]) LIMIT ${MOST_REFERRED}) AS t
     JOIN resource r ON r.type = t.target_type AND r.id = t.target_id
    WHERE NOT a.deleted AND NOT r.deleted`,
  '$9::text',
);

/** Current versions of several of a type that one caller asks for together, on record as the search by `_id` that it is. */
export const readSeveral = (tx: Transaction, { actor, agent, tenant, door, facts, sealed }: Looker, type: string, ids: readonly string[]) =>
  tx.rows<VersionRow & Record<string, unknown>>(
    READ_SEVERAL,
    [type, textArray(ids), actor, agent, tenant, door, facts, sealed, JSON.stringify(['_id']), ids.length, new Date().toISOString()],
    'records.read-several',
  );

const READ_SEVERAL = searchOnRecord(
  `SELECT ${COLUMNS}, ${WHOSE} FROM resource r WHERE r.type = $1 AND r.id = ANY ($2::text[]) AND NOT r.deleted`,
  {
    type: '$1::text',
    actor: '$3::text',
    agent: '$4::text',
    tenant: '$5::int',
    door: '$6::text',
    facts: '$7::text',
    sealed: '$8::text',
    parameters: '$9::json',
    most: '$10::int',
    at: '$11::text',
  },
);

/** Any version of a resource; of whom it is it says itself. */
export const oneVersion = async (tx: Transaction, type: string, id: string, version: number): Promise<VersionRow | undefined> =>
  (
    await tx.rows<VersionRow & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM resource r WHERE r.type = $1 AND r.id = $2 AND r.version = $3
        UNION ALL
       SELECT ${COLUMNS} FROM resource_version r WHERE r.type = $1 AND r.id = $2 AND r.version = $3`,
      [type, id, version],
      'records.read-version',
    )
  )[0];
