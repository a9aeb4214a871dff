/**
 * What the rules of studies stand on. Whoever adds to a study holds it shared, whoever takes a step or freezes holds it alone: so no row
 * comes in beside the look that let the step. Each function is volatile: it sees what was committed while it waited.
 */
export const GROUND: Readonly<Record<string, string>> = {
  // A refusal: its code is the message, its words the detail. Class WR is ours (SQLSTATE classes I–Z are for implementations).
  'validation_refuse(code text, words text)': `RETURNS void LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING ERRCODE = 'WR409', MESSAGE = code, DETAIL = words; END $$`,
  'validation_hold(held uuid, alone boolean)': `RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF alone THEN PERFORM pg_advisory_xact_lock(hashtextextended(held::text, 30));
      ELSE PERFORM pg_advisory_xact_lock_shared(hashtextextended(held::text, 30)); END IF;
      IF NOT EXISTS (SELECT FROM validation_study WHERE id = held) THEN PERFORM validation_refuse('study-absent', 'There is no such study.'); END IF;
    END $$`,
  'validation_state(of uuid)': `RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT coalesce((SELECT state FROM validation_step WHERE study = of ORDER BY number DESC LIMIT 1), 'none') $$`,
  // Once unblinded, a study stays so, whatever becomes of it.
  'validation_is_open(of uuid)': `RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT EXISTS (SELECT FROM validation_step WHERE study = of AND state = 'unblinded') $$`,
  'validation_is_frozen(of uuid)': `RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT EXISTS (SELECT FROM validation_freeze WHERE study = of) $$`,
  // The three who sign a protocol or an amendment (evidence.md 2.3): by index and part, three people.
  'validation_is_signed(of uuid, signed int)': `RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT count(DISTINCT s.role) = 3 FROM validation_protocol p
      JOIN validation_signature s ON s.entity_type = 'protocol' AND s.entity_id = of::text AND s.version = p.version AND s.record_sha256 = p.sha256 AND s.meaning = 'approval'
     WHERE p.study = of AND p.version = signed AND s.role IN ('investigator', 'statistician', 'regulatory') $$`,
  // The version that holds: the last that is signed; in a draft, the last.
  'validation_in_force(of uuid)': `RETURNS int LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(max(version) FILTER (WHERE validation_state(of) = 'draft' OR validation_is_signed(of, version)), max(version))
      FROM validation_protocol WHERE study = of $$`,
  'validation_content(of uuid)': `RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    SELECT content::jsonb FROM validation_protocol WHERE study = of AND version = validation_in_force(of) $$`,
  // No amendment may change it: the last version's is every version's.
  'validation_dataset_of(of uuid)': `RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (content::jsonb #>> '{population,dataset,id}')::uuid FROM validation_protocol WHERE study = of ORDER BY version DESC LIMIT 1 $$`,
  'validation_needs_case(of uuid, wanted text)': `RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM validation_case WHERE dataset = validation_dataset_of(of) AND case_key = wanted) THEN
        PERFORM validation_refuse('case-absent', 'This is no case of the study’s dataset.'); END IF;
    END $$`,
  // What is collected: while the study runs, and nothing is frozen.
  'validation_needs_collecting(of uuid)': `RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM validation_hold(of, false);
      IF validation_state(of) <> 'running' THEN PERFORM validation_refuse('study-state', 'This is only done while the study runs.'); END IF;
      IF validation_is_frozen(of) THEN PERFORM validation_refuse('study-frozen', 'What the results are computed from is frozen.'); END IF;
    END $$`,
};
