import type { Caller } from '../access/caller.js';
import { RECORD_COLUMNS } from './append-records.sql.js';
import { canonicalEvent } from './chain.js';
import { by, sealedOf } from './ledger-event.js';
import { seal } from './seal.js';

/** What a statement that has its look on record is handed of who looks. */
export interface Looker {
  readonly actor: string;
  readonly agent: string;
  readonly tenant: number;
  /** The member of the event that says by which door, with the comma after it; empty where nobody came in by one. */
  readonly door: string;
  /** The other members that tell of the caller, as canonical JSON without its braces. */
  readonly facts: string;
  /** What may name people, hexadecimal; null where that is nothing. */
  readonly sealed: string | null;
}

/** @param query  what was asked for, of a search */
export function lookerOf(caller: Caller, query?: string): Looker {
  const { actor, door, ...facts } = by(caller);
  const secret = sealedOf(caller, query);
  const kept = secret === undefined ? undefined : seal(secret);
  return {
    actor,
    agent: caller.fhirUser ?? '',
    tenant: caller.tenant,
    door: door === undefined ? '' : `"door":${JSON.stringify(door)},`,
    facts: canonicalEvent({ ...facts, ...(kept && { seal: kept.digest }) }).slice(1, -1),
    sealed: kept?.bytes.toString('hex') ?? null,
  };
}

/** What an event's text is made of: expressions, `changes` of canonical JSON text, the others of text, `patients` of a list. */
interface EventParts {
  readonly at: string;
  readonly actor: string;
  readonly changes: string;
  readonly type: string;
  readonly id: string;
  readonly outcome: string;
  readonly patients: string;
  readonly door: string;
  readonly facts: string;
}

/** A canonical object (RFC 8785) as an expression, of members in their order. @param members  expressions of JSON text */
const object = (members: Readonly<Record<string, string>>): string =>
  Object.entries(members)
    .map(([name, text], i) => `'${i === 0 ? '{' : ','}"${name}":' || ${text}`)
    .join(' || ') + ` || '}'`;
const string = (text: string): string => `to_json(${text})`;

/** The canonical text of an event, so that the chain takes it as it is: its members in their order, as `fetched` words it. */
const eventText = ({ at, actor, changes, type, id, outcome, patients, door, facts }: EventParts): string =>
  `'{"action":"data.fetched","actor":' || to_json(${actor}) || ',"changes":' || ${changes} || ',' || ${door} ||
   '"entity":' || ${object({ id: string(id), type: string(type) })} || ',"occurred_at":' || to_json(${at}) || ',"outcome":' || to_json(${outcome}) ||
   ',"patients":' || to_json(${patients}) || ',"reason":"",' || ${facts} || '}'`;

/** The parts that a row has itself. */
const ROW = {
  actor: 'actor',
  type: 'type',
  id: 'id',
  outcome: "CASE WHEN deleted THEN 'refused' ELSE 'success' END",
  door: 'door',
  facts: 'facts',
} as const;

/**
 * A statement that reads resources and has each look on record in the same moment, as `fetched` words it. `select` gives type,
 * id, version, deleted, patients and a Looker's members, and whatever else is wanted; `at` is the time, an ISO 8601 text. To be
 * told that a resource was deleted is not to be given it.
 */
export const readOnRecord = (select: string, at: string): string =>
  `WITH seen AS MATERIALIZED (${select}),
        record AS (INSERT INTO ledger_record (${RECORD_COLUMNS})
                   SELECT ${eventText({
                     ...ROW,
                     at,
                     changes: object({ version: 'version', what: `'"resource"'` }),
                     patients: "coalesce(patients, '{}')",
                   })}, ${at}::timestamptz, tenant, actor, agent, 'R', 'rest', 'read', type, id, coalesce(patients, '{}'),
                          CASE WHEN deleted THEN 4 ELSE 0 END, decode(sealed, 'hex')
                     FROM seen RETURNING id),
        unlinked AS (INSERT INTO ledger_unlinked (record_id) SELECT id FROM record ON CONFLICT DO NOTHING)
   SELECT * FROM seen`;

/**
 * The same of rows that are given together: each that is not `"isReferred"` is a look, whose record names those of the same `n` that are,
 * and the Patients of all.
 */
export const readTogetherOnRecord = (select: string, at: string): string =>
  `WITH seen AS MATERIALIZED (${select}),
        look AS (SELECT s.*, coalesce((SELECT array_agg(DISTINCT patient) FROM seen o CROSS JOIN unnest(o.patients) AS p (patient) WHERE o.n = s.n), '{}') AS whose,
                        ARRAY(SELECT r.type || '/' || r.id FROM seen r WHERE r.n = s.n AND r."isReferred") AS others
                   FROM seen s WHERE NOT s."isReferred"),
        record AS (INSERT INTO ledger_record (${RECORD_COLUMNS})
                   SELECT ${eventText({
                     ...ROW,
                     at,
                     changes: object({ referred: 'to_json(others)', version: 'version', what: `'"resource"'` }),
                     patients: 'whose',
                   })}, ${at}::timestamptz, tenant, actor, agent, 'R', 'rest', 'read', type, id, whose,
                          CASE WHEN deleted THEN 4 ELSE 0 END, decode(sealed, 'hex')
                     FROM look RETURNING id),
        unlinked AS (INSERT INTO ledger_unlinked (record_id) SELECT id FROM record ON CONFLICT DO NOTHING)
   SELECT * FROM seen`;

/** Ids of a list that Patients have. */
export const patientsThere = (ids: string): string => `SELECT r.id FROM resource r WHERE r.type = 'Patient' AND r.id = ANY (${ids})`;

/** Expressions of what a search is put on record with; `parameters` is a JSON list. */
export type SearchLook = Readonly<Record<keyof Looker | 'type' | 'parameters' | 'most' | 'at', string>> & {
  /** A list of ids of Patients whom it asked for: those that are there are named, also where nothing of theirs was found. */
  readonly sought?: string;
};

/**
 * A statement that searches one type and has it on record in the same moment: who searched by which parameters, how many were
 * found, `most` at most, and of which Patients. `select` gives `patients` of each row.
 */
export const searchOnRecord = (
  select: string,
  { actor, agent, tenant, door, facts, sealed, type, parameters, most, at, sought }: SearchLook,
): string =>
  `WITH seen AS MATERIALIZED (${select}),
        whose AS (SELECT coalesce(array_agg(DISTINCT patient), '{}') AS patients
                    FROM (SELECT patient FROM seen CROSS JOIN unnest(seen.patients) AS p (patient)${sought === undefined ? '' : ` UNION ALL ${patientsThere(sought)}`}) AS both_kinds),
        record AS (INSERT INTO ledger_record (${RECORD_COLUMNS})
                   SELECT ${eventText({
                     at,
                     actor,
                     changes: object({
                       included: `'0'`,
                       matches: `(SELECT least(count(*), ${most}) FROM seen)`,
                       parameters,
                       what: `'"search"'`,
                     }),
                     type,
                     id: `'search'::text`,
                     outcome: `'success'::text`,
                     patients: 'patients',
                     door,
                     facts,
                   })}, (${at})::timestamptz, ${tenant}, ${actor}, ${agent}, 'E', 'rest', 'search-type', ${type}, 'search', patients,
                          0, decode(${sealed}, 'hex')
                     FROM whose RETURNING id),
        unlinked AS (INSERT INTO ledger_unlinked (record_id) SELECT id FROM record ON CONFLICT DO NOTHING)
   SELECT * FROM seen`;
