import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureAppendOnly } from './append-only.js';

/** When by the database's clock, and who made it. */
const MADE = 'at timestamptz NOT NULL DEFAULT now(), made_by text NOT NULL';

/** Tables of validation studies: columns beside `tenant`, and the key. */
const TABLES: Readonly<Record<string, readonly [columns: string, key: string]>> = {
  validation_person: ['id text NOT NULL, printed_name text NOT NULL, at timestamptz NOT NULL DEFAULT now()', 'tenant, id, printed_name'],
  validation_study: [`id uuid NOT NULL, title text NOT NULL, ${MADE}`, 'id'],
  validation_step: [
    `study uuid NOT NULL, number int NOT NULL, state text NOT NULL, reason text NOT NULL, checks text NOT NULL, ${MADE}`,
    'study, number',
  ],
  validation_protocol: [
    `study uuid NOT NULL, version int NOT NULL, kind text NOT NULL, content text NOT NULL, sha256 text NOT NULL, reason text NOT NULL, ${MADE}`,
    'study, version',
  ],
  validation_signature: [
    `id uuid NOT NULL, study uuid, signer text NOT NULL, printed_name text NOT NULL, role text NOT NULL, meaning text NOT NULL, entity_type text NOT NULL, entity_id text NOT NULL, version int NOT NULL, record_sha256 text NOT NULL, time_source text NOT NULL, authentication text[] NOT NULL, reauthenticated_at timestamptz NOT NULL, signed_at timestamptz NOT NULL, jws text NOT NULL, ${MADE}`,
    'id',
  ],
  validation_member: [
    `study uuid NOT NULL, key text NOT NULL, person text NOT NULL, role text NOT NULL, qualification text NOT NULL, simulated boolean NOT NULL, ${MADE}`,
    'study, key',
  ],
  validation_deviation: [
    `study uuid NOT NULL, number int NOT NULL, kind text NOT NULL, description text NOT NULL, ${MADE}`,
    'study, number',
  ],
  validation_dataset: [
    `id uuid NOT NULL, name text NOT NULL, purpose text NOT NULL, manifest_sha256 text NOT NULL, use_limit int NOT NULL, details text NOT NULL, ${MADE}`,
    'id',
  ],
  validation_case: [
    'dataset uuid NOT NULL, case_key text COLLATE "C" NOT NULL, patient_key text COLLATE "C" NOT NULL, instance_row bigint NOT NULL, instance_hash text NOT NULL, file_sha256 text NOT NULL, pixel_sha256 text NOT NULL, perceptual_hash text NOT NULL, site text NOT NULL, manufacturer text NOT NULL, model text NOT NULL, age_years double precision, sex text NOT NULL, stratum text NOT NULL, times_used_before int NOT NULL',
    'dataset, case_key',
  ],
  validation_use: ['pixel_sha256 text NOT NULL, study uuid NOT NULL, at timestamptz NOT NULL DEFAULT now()', 'tenant, pixel_sha256, study'],
  validation_variable: [
    `study uuid NOT NULL, case_key text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, value text NOT NULL, ${MADE}`,
    'study, case_key, name',
  ],
  validation_label: [
    `id bigint GENERATED ALWAYS AS IDENTITY NOT NULL, study uuid NOT NULL, case_key text COLLATE "C" NOT NULL, member text NOT NULL, method text NOT NULL, label smallint, source text NOT NULL, adjudicates boolean NOT NULL, ${MADE}`,
    'id',
  ],
  validation_reference: [`study uuid NOT NULL, sha256 text NOT NULL, cases int NOT NULL, salt text NOT NULL, ${MADE}`, 'study'],
  validation_truth: ['study uuid NOT NULL, case_key text COLLATE "C" NOT NULL, truth smallint NOT NULL', 'study, case_key'],
  validation_assignment: [
    'study uuid NOT NULL, reader text NOT NULL, arm text NOT NULL, session int NOT NULL, place int NOT NULL, case_key text COLLATE "C" NOT NULL',
    'study, reader, arm, case_key',
  ],
  validation_opening: [
    `id bigint GENERATED ALWAYS AS IDENTITY NOT NULL, study uuid NOT NULL, reader text NOT NULL, arm text NOT NULL, case_key text COLLATE "C" NOT NULL, shown text, ${MADE}`,
    'id',
  ],
  validation_reading: [
    `study uuid NOT NULL, reader text NOT NULL, arm text NOT NULL, case_key text COLLATE "C" NOT NULL, rating smallint, clinical_action smallint, marks text, status text NOT NULL, opened_at timestamptz, submitted_at timestamptz NOT NULL, seconds double precision, source text NOT NULL, reason text NOT NULL, ${MADE}`,
    'study, reader, arm, case_key',
  ],
  validation_run: [
    `id uuid NOT NULL, study uuid NOT NULL, model_name text NOT NULL, model_version text NOT NULL, onnx_sha256 text NOT NULL, card_sha256 text NOT NULL, software text NOT NULL, config text NOT NULL, ${MADE}`,
    'id',
  ],
  validation_prediction: [
    'study uuid NOT NULL, run uuid NOT NULL, case_key text COLLATE "C" NOT NULL, score double precision, error text NOT NULL, input_sha256 text NOT NULL, output_sha256 text NOT NULL, milliseconds double precision NOT NULL, provider text NOT NULL, outputs text NOT NULL, shown text NOT NULL, at timestamptz NOT NULL DEFAULT now()',
    'study, case_key',
  ],
  validation_halt: [
    'id bigint GENERATED ALWAYS AS IDENTITY NOT NULL, study uuid NOT NULL, run uuid NOT NULL, code text NOT NULL, at timestamptz NOT NULL DEFAULT now()',
    'id',
  ],
  validation_freeze: [`study uuid NOT NULL, content text NOT NULL, sha256 text NOT NULL, salt text NOT NULL, ${MADE}`, 'study'],
  validation_analysis: [
    `study uuid NOT NULL, number int NOT NULL, kind text NOT NULL, protocol_version int NOT NULL, protocol_sha256 text NOT NULL, plan text NOT NULL, inputs_sha256 text NOT NULL, content text NOT NULL, sha256 text NOT NULL, software text NOT NULL, ${MADE}`,
    'study, number',
  ],
  validation_package: [
    `study uuid NOT NULL, number int NOT NULL, tag_sha512 text NOT NULL, signed_at timestamptz NOT NULL, checkpoint_size bigint NOT NULL, facts text NOT NULL, ${MADE}`,
    'study, number',
  ],
};

const INDEXES = [
  'CREATE UNIQUE INDEX validation_member_once ON validation_member (study, person)',
  'CREATE UNIQUE INDEX validation_signature_once ON validation_signature (entity_type, entity_id, version, signer)',
  'CREATE INDEX validation_signature_by_study ON validation_signature (study)',
  'CREATE UNIQUE INDEX validation_case_once ON validation_case (dataset, file_sha256)',
  'CREATE INDEX validation_label_by_case ON validation_label (study, case_key)',
  'CREATE UNIQUE INDEX validation_assignment_place ON validation_assignment (study, reader, session, place)',
  'CREATE INDEX validation_opening_by_case ON validation_opening (study, reader, arm, case_key)',
  'CREATE UNIQUE INDEX validation_run_once ON validation_run (study)',
  'CREATE INDEX validation_study_by_time ON validation_study (tenant, at, id)',
  'CREATE INDEX validation_dataset_by_time ON validation_dataset (tenant, at, id)',
];

/**
 * Why: validation studies, from protocol to package (evidence.md 2.2). Nothing here is ever changed: a study's state is its last step, a
 * correction is a row more. What may be added when is held by 0032, in one place. Locks: none. Back: drops the tables, and with them every
 * study.
 */
export class ValidationStudies implements MigrationInterface {
  readonly name = 'validation-studies-0000000000030';

  async up(db: QueryRunner): Promise<void> {
    for (const [table, [columns, key]] of Object.entries(TABLES)) {
      await db.query(
        `CREATE TABLE ${table} (${columns}, tenant int NOT NULL DEFAULT acting_tenant(), CONSTRAINT ${table}_key PRIMARY KEY (${key}))`,
      );
      await secureAppendOnly(db, table);
    }
    for (const index of INDEXES) await db.query(index);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of Object.keys(TABLES)) await db.query(`DROP TABLE ${table}`);
    await db.query('DROP FUNCTION evidence_is_append_only()');
  }
}
