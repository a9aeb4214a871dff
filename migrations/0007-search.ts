import type { MigrationInterface, QueryRunner } from 'typeorm';
import { indexAttributes } from '../src/archive/index-attributes.js';
import { storedDataset } from '../src/archive/studies.js';

/** Texts that are compared and sorted byte by byte, so that beginnings and ranges are ranges of an index. */
const BY_BYTES: Readonly<Record<string, readonly string[]>> = {
  study: [
    'study_instance_uid',
    'patient_id',
    'patient_name_search',
    'study_date',
    'study_time',
    'accession_number',
    'referring_physician_search',
    'study_id',
  ],
  series: ['series_instance_uid', 'performed_date', 'performed_time'],
  instance: ['sop_instance_uid', 'sop_class_uid'],
};
const BATCH = 500;

/**
 * Why: a search answers with texts that are ready, from one flat statement: counts and modalities are kept, names and
 * identifiers are found by their beginning in a B-tree and by any part in trigrams.
 * Locks: the three tables while their rows get their answers (about a minute for a million instances).
 * Back: drops what it made; nothing is lost that the instances don't say.
 */
export class SearchAnswers implements MigrationInterface {
  readonly name = 'search-answers-0000000000007';

  async up(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX study_by_name');
    for (const [table, names] of Object.entries(BY_BYTES))
      await db.query(`ALTER TABLE ${table} ${names.map((name) => `ALTER COLUMN ${name} TYPE text COLLATE "C"`).join(', ')}`);
    await db.query(`
      ALTER TABLE study ADD COLUMN study_description text COLLATE "C" NOT NULL DEFAULT '',
                        ADD COLUMN timezone_offset text NOT NULL DEFAULT '',
                        ADD COLUMN series_count integer NOT NULL DEFAULT 0,
                        ADD COLUMN instance_count integer NOT NULL DEFAULT 0,
                        ADD COLUMN modalities text[] NOT NULL DEFAULT '{}',
                        ADD COLUMN patient_name_sounds text[] NOT NULL DEFAULT '{}',
                        ADD COLUMN answer text NOT NULL DEFAULT ''`);
    await db.query(`
      ALTER TABLE series ADD COLUMN requests text[] NOT NULL DEFAULT '{}',
                         ADD COLUMN instance_count integer NOT NULL DEFAULT 0,
                         ADD COLUMN answer text NOT NULL DEFAULT ''`);
    await db.query(`ALTER TABLE instance ADD COLUMN answer text NOT NULL DEFAULT ''`);
    // Counting writes a row again and again: with room on its page it stays there, and no index is touched.
    await db.query('ALTER TABLE study SET (fillfactor = 70)');
    await db.query('ALTER TABLE series SET (fillfactor = 70)');
    await db.query('CREATE INDEX study_by_study_id ON study (study_id, id)');
    for (const [place, group] of ['alphabetic', 'ideographic', 'phonetic'].entries())
      await db.query(`CREATE INDEX study_by_${group}_name ON study (split_part(patient_name_search, '=', ${place + 1}))`);
    // Without its list of pending entries: every search would have to read that through.
    await db.query(`
      CREATE INDEX study_by_text ON study USING gin (
        patient_name_search gin_trgm_ops, patient_id gin_trgm_ops, accession_number gin_trgm_ops,
        study_description gin_trgm_ops, referring_physician_search gin_trgm_ops) WITH (fastupdate = off)`);
    await db.query('CREATE INDEX study_by_modality ON study USING gin (modalities) WITH (fastupdate = off)');
    await db.query('CREATE INDEX study_by_sound ON study USING gin (patient_name_sounds) WITH (fastupdate = off)');
    await db.query('CREATE INDEX series_by_request ON series USING gin (requests) WITH (fastupdate = off)');
    await db.query('CREATE INDEX series_by_performed_date ON series (performed_date, id)');
    await db.query(MOMENT);
    await db.query(SIMILAR_NAMES);
    await fillIn(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION studies_of_similar_name(text, text, text)');
    await db.query('DROP FUNCTION dicom_moment(text, text, text, text)');
    await db.query(
      'DROP INDEX study_by_text, study_by_modality, study_by_sound, series_by_request, study_by_study_id, series_by_performed_date',
    );
    await db.query('DROP INDEX study_by_alphabetic_name, study_by_ideographic_name, study_by_phonetic_name');
    await db.query(`
      ALTER TABLE study DROP COLUMN study_description, DROP COLUMN timezone_offset, DROP COLUMN series_count,
                        DROP COLUMN instance_count, DROP COLUMN modalities, DROP COLUMN patient_name_sounds, DROP COLUMN answer, RESET (fillfactor)`);
    await db.query('ALTER TABLE series DROP COLUMN requests, DROP COLUMN instance_count, DROP COLUMN answer, RESET (fillfactor)');
    await db.query('ALTER TABLE instance DROP COLUMN answer');
    for (const [table, names] of Object.entries(BY_BYTES))
      await db.query(`ALTER TABLE ${table} ${names.map((name) => `ALTER COLUMN ${name} TYPE text COLLATE "default"`).join(', ')}`);
    await db.query('CREATE INDEX study_by_name ON study USING gin (patient_name_search gin_trgm_ops)');
  }
}

/**
 * A date and time of day (DA, TM; PS3.5 6.2) as a moment in UTC; NULL where they are none. Without an offset of its own
 * it is taken at the asker's; without a time it is the midnight that begins the asker's day.
 */
const MOMENT = `
  CREATE FUNCTION dicom_moment(da text, tm text, own_offset text, askers_offset text) RETURNS timestamp
    LANGUAGE plpgsql IMMUTABLE AS $$
  DECLARE
    digits text := rpad(regexp_replace(split_part(tm, '.', 1), '[^0-9]', '', 'g'), 6, '0');
    at text := CASE WHEN tm = '' OR own_offset !~ '^[+-][0-9]{4}$' THEN askers_offset ELSE own_offset END;
  BEGIN
    RETURN make_date(substr(da, 1, 4)::int, substr(da, 5, 2)::int, substr(da, 7, 2)::int)
         + make_interval(hours => substr(digits, 1, 2)::int, mins => substr(digits, 3, 2)::int,
                         secs => (substr(digits, 5, 2) || '.' || rpad(split_part(tm, '.', 2), 1, '0'))::float8)
         - (substr(at, 1, 1) || substr(at, 2, 2) || ':' || substr(at, 4, 2))::interval;
  EXCEPTION WHEN data_exception THEN
    RETURN NULL;
  END $$`;

/** Studies whose patient's name has a word that begins so (a regular expression), one that sounds as it or is much like it. The threshold belongs to the question: an index serves the operator. */
const SIMILAR_NAMES = `
  CREATE FUNCTION studies_of_similar_name(word text, beginning text, sound text) RETURNS SETOF bigint
    LANGUAGE sql STABLE SET pg_trgm.word_similarity_threshold = 0.45 AS $$
    SELECT id FROM study WHERE word <% patient_name_search OR patient_name_search ~ beginning OR patient_name_sounds @> ARRAY[sound] $$`;

/** Gives the rows that are there what ingest gives new ones; the first instance of a study or series speaks for it. */
async function fillIn(db: QueryRunner): Promise<void> {
  for (let after = 0; ;) {
    const rows: {
      id: string;
      studyRow: string;
      seriesRow: string;
      first: boolean;
      firstOfStudy: boolean;
      metadata: string;
      [more: string]: unknown;
    }[] = await db.query(
      `SELECT i.id, i.study_row AS "studyRow", i.series_row AS "seriesRow", i.metadata, i.sop_instance_uid AS "sopInstanceUID",
                i.sop_class_uid AS "sopClassUID", i.transfer_syntax_uid AS "transferSyntaxUID", s.study_instance_uid AS "studyInstanceUID",
                se.series_instance_uid AS "seriesInstanceUID", se.answer = '' AS first, s.answer = '' AS "firstOfStudy"
           FROM instance i JOIN series se ON se.id = i.series_row JOIN study s ON s.id = i.study_row
          WHERE i.id > $1 ORDER BY i.id LIMIT $2`,
      [after, BATCH],
    );
    if (rows.length === 0) break;
    for (const row of rows) {
      const index = indexAttributes(storedDataset(row.metadata), row as never, row as never);
      await db.query(`UPDATE instance SET answer = $2 WHERE id = $1`, [row.id, index.instance.answer]);
      if (row.first)
        await db.query(`UPDATE series SET answer = $2, requests = string_to_array($3, '\\') WHERE id = $1 AND answer = ''`, [
          row.seriesRow,
          index.series.answer,
          index.series.requests,
        ]);
      if (row.firstOfStudy)
        await db.query(
          `UPDATE study SET answer = $2, patient_name_search = $3, referring_physician_search = $4, study_description = $5, timezone_offset = $6,
                patient_name_sounds = string_to_array($7, ' ')
            WHERE id = $1 AND answer = ''`,
          [
            row.studyRow,
            index.study.answer,
            index.study.patientNameSearch,
            index.study.referringPhysicianSearch,
            index.study.studyDescription,
            index.study.timezoneOffset,
            index.study.patientNameSounds,
          ],
        );
    }
    after = Number(rows[rows.length - 1].id);
  }
  await db.query(`UPDATE series SET instance_count = (SELECT count(*) FROM instance i WHERE i.series_row = series.id)`);
  await db.query(
    `UPDATE study SET (series_count, instance_count, modalities) =
       (SELECT count(*), coalesce(sum(se.instance_count), 0),
               coalesce(array_agg(DISTINCT se.modality ORDER BY se.modality) FILTER (WHERE se.modality <> ''), '{}')
          FROM series se WHERE se.study_row = study.id AND se.instance_count > 0)`,
  );
}
