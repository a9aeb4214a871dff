import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Why: each search key has an index that serves filter and order together, and each instance keeps what its one parse
 *  found. Locks nothing: the tables are new. Back: drops them; the files stay and are indexed again on the next start. */
export class Archive implements MigrationInterface {
  readonly name = 'archive-0000000000003';

  async up(db: QueryRunner): Promise<void> {
    await db.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    await db.query(`
      CREATE TABLE study (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        study_instance_uid text NOT NULL,
        patient_id text NOT NULL DEFAULT '',
        patient_name_search text NOT NULL DEFAULT '',
        study_date text NOT NULL DEFAULT '',
        study_time text NOT NULL DEFAULT '',
        accession_number text NOT NULL DEFAULT '',
        referring_physician_search text NOT NULL DEFAULT '',
        study_id text NOT NULL DEFAULT '',
        attributes text NOT NULL,
        stored_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT study_key PRIMARY KEY (id))`);
    await db.query('CREATE UNIQUE INDEX study_uid ON study (study_instance_uid)');
    await db.query('CREATE INDEX study_by_patient ON study (patient_id, id)');
    await db.query('CREATE INDEX study_by_date ON study (study_date, id)');
    await db.query('CREATE INDEX study_by_accession ON study (accession_number, id)');
    await db.query('CREATE INDEX study_by_name ON study USING gin (patient_name_search gin_trgm_ops)');
    await db.query(`
      CREATE TABLE series (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        study_row bigint NOT NULL,
        series_instance_uid text NOT NULL,
        modality text NOT NULL DEFAULT '',
        series_number integer,
        performed_date text NOT NULL DEFAULT '',
        performed_time text NOT NULL DEFAULT '',
        attributes text NOT NULL,
        CONSTRAINT series_key PRIMARY KEY (id))`);
    // A Series Instance UID that two studies share (seen in the field) must not join them.
    await db.query('CREATE UNIQUE INDEX series_uid ON series (study_row, series_instance_uid)');
    await db.query('CREATE INDEX series_by_modality ON series (modality, study_row)');
    await db.query(`
      CREATE TABLE instance (
        id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
        study_row bigint NOT NULL,
        series_row bigint NOT NULL,
        sop_instance_uid text NOT NULL,
        sop_class_uid text NOT NULL,
        transfer_syntax_uid text NOT NULL,
        instance_number integer,
        sha256 bytea NOT NULL,
        bytes bigint NOT NULL,
        metadata text NOT NULL,
        frame_table jsonb,
        bulk_data jsonb NOT NULL,
        derived boolean NOT NULL DEFAULT false,
        data_set_offset integer NOT NULL,
        stored_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT instance_key PRIMARY KEY (id))`);
    await db.query('CREATE UNIQUE INDEX instance_uid ON instance (sop_instance_uid)');
    await db.query('CREATE INDEX instance_by_series ON instance (series_row, instance_number, id)');
    await db.query('CREATE INDEX instance_by_study ON instance (study_row, id)');
    await db.query('CREATE INDEX instance_by_class ON instance (sop_class_uid, id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE instance, series, study');
  }
}
