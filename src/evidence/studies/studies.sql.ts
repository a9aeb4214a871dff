import { inOrder, type Slice } from '../../database/slice.js';
import type { Transaction } from '../../database/transaction.js';
import type { Part } from './parts.js';

type Row<T> = T & Record<string, unknown>;

/** What somebody is called when they do something; one row a name. */
export const addPerson = (tx: Transaction, id: string, printedName: string) =>
  tx.run('INSERT INTO validation_person (id, printed_name) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, printedName], 'evidence.person');

export interface PersonRow {
  readonly id: string;
  readonly printedName: string;
}

/** What people were called last, by their ids. */
export const people = (tx: Transaction) =>
  tx.rows<Row<PersonRow>>(
    'SELECT DISTINCT ON (id) id, printed_name AS "printedName" FROM validation_person ORDER BY id, at DESC, printed_name',
  );

/** The part that a person has in a study. */
export const partOf = async (tx: Transaction, study: string, person: string): Promise<{ key: string; role: Part } | undefined> =>
  (
    await tx.rows<{ key: string; role: Part }>(
      'SELECT key, role FROM validation_member WHERE study = $1 AND person = $2',
      [study, person],
      'evidence.part',
    )
  )[0];

/** Whether a study was unblinded, whatever became of it since. */
export const isOpenStudy = async (tx: Transaction, study: string): Promise<boolean> =>
  (await tx.rows<{ open: boolean }>('SELECT validation_is_open($1) AS open', [study], 'evidence.is-open-study'))[0].open;

export interface StudyRow {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly at: Date;
  readonly madeBy: string;
}

const STUDY = `s.id, s.title, validation_state(s.id) AS state, s.at, s.made_by AS "madeBy"`;

export const studyOf = async (tx: Transaction, id: string): Promise<StudyRow | undefined> =>
  (await tx.rows<Row<StudyRow>>(`SELECT ${STUDY} FROM validation_study s WHERE s.id = $1`, [id], 'evidence.study'))[0];

/** Newest first, by time and id. */
export async function studyPage(tx: Transaction, slice: Slice<string>): Promise<StudyRow[]> {
  const rows = await tx.rows<Row<StudyRow>>(
    `SELECT ${STUDY} FROM validation_study s
      WHERE ($1::uuid IS NULL OR (s.at, s.id) < (SELECT at, id FROM validation_study WHERE id = $1))
        AND ($2::uuid IS NULL OR (s.at, s.id) > (SELECT at, id FROM validation_study WHERE id = $2))
      ORDER BY s.at ${slice.backwards ? 'ASC' : 'DESC'}, s.id ${slice.backwards ? 'ASC' : 'DESC'} LIMIT $3`,
    [slice.after ?? null, slice.before ?? null, slice.limit],
  );
  return inOrder(rows, slice);
}

export interface StepRow {
  readonly number: number;
  readonly state: string;
  readonly reason: string;
  readonly checks: string;
  readonly at: Date;
  readonly madeBy: string;
}

export const stepsOf = (tx: Transaction, study: string) =>
  tx.rows<Row<StepRow>>(
    'SELECT number, state, reason, checks, at, made_by AS "madeBy" FROM validation_step WHERE study = $1 ORDER BY number',
    [study],
  );

export interface ProtocolRow {
  readonly version: number;
  readonly kind: 'protocol' | 'amendment';
  readonly content: string;
  readonly sha256: string;
  readonly reason: string;
  readonly at: Date;
  readonly madeBy: string;
  readonly signed: boolean;
}

export const protocolsOf = (tx: Transaction, study: string) =>
  tx.rows<Row<ProtocolRow>>(
    `SELECT version, kind, content, sha256, reason, at, made_by AS "madeBy", validation_is_signed(study, version) AS signed
       FROM validation_protocol WHERE study = $1 ORDER BY version`,
    [study],
  );

/** The version that holds; undefined where there is none. */
export const protocolInForce = async (tx: Transaction, study: string): Promise<ProtocolRow | undefined> =>
  (
    await tx.rows<Row<ProtocolRow>>(
      `SELECT version, kind, content, sha256, reason, at, made_by AS "madeBy", validation_is_signed(study, version) AS signed
         FROM validation_protocol WHERE study = $1 AND version = validation_in_force($1)`,
      [study],
    )
  )[0];

export interface MemberRow {
  readonly key: string;
  readonly person: string;
  readonly role: Part;
  readonly qualification: string;
  readonly simulated: boolean;
  readonly at: Date;
  readonly madeBy: string;
}

export const membersOf = (tx: Transaction, study: string) =>
  tx.rows<Row<MemberRow>>(
    'SELECT key, person, role, qualification, simulated, at, made_by AS "madeBy" FROM validation_member WHERE study = $1 ORDER BY key',
    [study],
  );

export interface SignatureRow {
  readonly id: string;
  readonly signer: string;
  readonly printedName: string;
  readonly role: string;
  readonly meaning: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly version: number;
  readonly recordSha256: string;
  readonly timeSource: string;
  readonly authentication: readonly string[];
  readonly reauthenticatedAt: Date;
  readonly signedAt: Date;
  readonly jws: string;
}

const SIGNATURE = `id, signer, printed_name AS "printedName", role, meaning, entity_type AS "entityType", entity_id AS "entityId", version,
  record_sha256 AS "recordSha256", time_source AS "timeSource", authentication, reauthenticated_at AS "reauthenticatedAt",
  signed_at AS "signedAt", jws`;

export const signaturesOf = (tx: Transaction, study: string) =>
  tx.rows<Row<SignatureRow>>(`SELECT ${SIGNATURE} FROM validation_signature WHERE study = $1 ORDER BY signed_at, id`, [study]);

/** Of one version of one thing, of the regulatory file too. */
export const signaturesOn = (tx: Transaction, entityType: string, entityId: string, version: number) =>
  tx.rows<Row<SignatureRow>>(
    `SELECT ${SIGNATURE} FROM validation_signature WHERE entity_type = $1 AND entity_id = $2 AND version = $3 ORDER BY signed_at, id`,
    [entityType, entityId, version],
  );

export interface DeviationRow {
  readonly number: number;
  readonly kind: 'deviation' | 'post-hoc';
  readonly description: string;
  readonly at: Date;
  readonly madeBy: string;
}

export const deviationsOf = (tx: Transaction, study: string) =>
  tx.rows<Row<DeviationRow>>(
    'SELECT number, kind, description, at, made_by AS "madeBy" FROM validation_deviation WHERE study = $1 ORDER BY number',
    [study],
  );

/** How far a study is, in counts that unblind nothing. */
export interface StudyProgress {
  readonly cases: number;
  readonly labelled: number;
  readonly referenceFrozen: boolean;
  readonly assigned: number;
  readonly read: number;
  readonly predicted: number;
  readonly frozen: boolean;
  readonly analyses: number;
  readonly packages: number;
}

export const progressOf = async (tx: Transaction, study: string): Promise<StudyProgress> =>
  (
    await tx.rows<Row<StudyProgress>>(
      `SELECT (SELECT count(*) FROM validation_case WHERE dataset = validation_dataset_of($1))::int AS cases,
              (SELECT count(DISTINCT case_key) FROM validation_label WHERE study = $1)::int AS labelled,
              EXISTS (SELECT FROM validation_reference WHERE study = $1) AS "referenceFrozen",
              (SELECT count(*) FROM validation_assignment WHERE study = $1)::int AS assigned,
              (SELECT count(*) FROM validation_reading WHERE study = $1)::int AS read,
              (SELECT count(*) FROM validation_prediction WHERE study = $1)::int AS predicted,
              validation_is_frozen($1) AS frozen,
              (SELECT count(*) FROM validation_analysis WHERE study = $1)::int AS analyses,
              (SELECT count(*) FROM validation_package WHERE study = $1)::int AS packages`,
      [study],
    )
  )[0];
