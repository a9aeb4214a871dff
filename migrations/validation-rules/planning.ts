/** When a study, its protocol, its people and its dataset may be added to: the body of a trigger for each table, before each row. */
export const PLANNING: Readonly<Record<string, string>> = {
  validation_protocol: `
    PERFORM validation_hold(NEW.study, true);
    state := validation_state(NEW.study);
    IF NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM validation_protocol WHERE study = NEW.study) THEN
      PERFORM validation_refuse('version-taken', 'Another version was written meanwhile.'); END IF;
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
      PERFORM validation_refuse('digest-wrong', 'The digest is not that of the content.'); END IF;
    IF NEW.kind NOT IN ('protocol', 'amendment') THEN PERFORM validation_refuse('kind-unknown', 'It is a protocol or an amendment.'); END IF;
    IF NEW.kind = 'protocol' AND state <> 'draft' THEN
      PERFORM validation_refuse('protocol-locked', 'The protocol is locked: only a signed amendment changes it, before anything is frozen.'); END IF;
    IF NEW.kind = 'amendment' THEN
      IF state NOT IN ('locked', 'running') OR validation_is_frozen(NEW.study) THEN
        PERFORM validation_refuse('study-state', 'An amendment is made between lock and freeze; later there are deviations and post-hoc analyses.'); END IF;
      SELECT content::jsonb INTO before FROM validation_protocol WHERE study = NEW.study AND version = NEW.version - 1;
      IF before #> '{population,dataset}' IS DISTINCT FROM NEW.content::jsonb #> '{population,dataset}' THEN
        PERFORM validation_refuse('dataset-locked', 'The dataset is locked: no case is dropped or added.'); END IF;
      IF before -> 'model' IS DISTINCT FROM NEW.content::jsonb -> 'model' OR before -> 'intendedUse' IS DISTINCT FROM NEW.content::jsonb -> 'intendedUse' THEN
        PERFORM validation_refuse('model-locked', 'The model under test and its intended use are locked: another one is another study.'); END IF;
      IF NEW.reason = '' THEN PERFORM validation_refuse('reason-absent', 'An amendment says why.'); END IF;
      IF before -> 'referenceStandard' IS DISTINCT FROM NEW.content::jsonb -> 'referenceStandard' AND EXISTS (SELECT FROM validation_reference WHERE study = NEW.study) THEN
        PERFORM validation_refuse('reference-frozen', 'The reference standard is frozen: how it comes to be is changed no more.'); END IF;
      IF before -> 'seed' IS DISTINCT FROM NEW.content::jsonb -> 'seed' OR before -> 'variables' IS DISTINCT FROM NEW.content::jsonb -> 'variables' AND state = 'running' THEN
        PERFORM validation_refuse('reading-locked', 'The seed that orders were drawn by is locked, and while the study runs the variables.'); END IF;
      IF state = 'running' AND EXISTS (SELECT FROM validation_opening WHERE study = NEW.study AND shown IS NOT NULL)
         AND before #> '{plan,threshold}' IS DISTINCT FROM NEW.content::jsonb #> '{plan,threshold}' THEN
        PERFORM validation_refuse('threshold-locked', 'Readers were shown what the model called cases by the threshold.'); END IF;
      IF state = 'running' AND before -> 'reading' IS DISTINCT FROM NEW.content::jsonb -> 'reading' THEN
        PERFORM validation_refuse('reading-locked', 'Readers have their cases: how they read is changed no more.'); END IF;
    END IF;`,
  validation_member: `
    PERFORM validation_hold(NEW.study, true);
    state := validation_state(NEW.study);
    IF NEW.role NOT IN ('data-manager', 'reader', 'truther', 'statistician', 'investigator', 'regulatory', 'quality') THEN
      PERFORM validation_refuse('part-unknown', 'There is no such part in a study.'); END IF;
    IF NEW.person = NEW.made_by THEN PERFORM validation_refuse('own-part', 'Nobody gives a part to themselves.'); END IF;
    IF NEW.simulated AND NEW.role NOT IN ('reader', 'truther') THEN
      PERFORM validation_refuse('simulated-part', 'Readers and truthers can be simulated; who signs is a person.'); END IF;
    IF state IN ('unblinded', 'closed', 'terminated') OR validation_is_frozen(NEW.study) OR (NEW.role = 'reader' AND state = 'running') THEN
      PERFORM validation_refuse('study-state', 'It is too late for this part to be given.'); END IF;`,
  validation_deviation: `
    PERFORM validation_hold(NEW.study, true);
    IF validation_state(NEW.study) = 'draft' THEN PERFORM validation_refuse('study-state', 'What is a draft is not deviated from.'); END IF;
    IF NEW.kind NOT IN ('deviation', 'post-hoc') THEN PERFORM validation_refuse('kind-unknown', 'It is a deviation, or post-hoc.'); END IF;
    IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM validation_deviation WHERE study = NEW.study) THEN
      PERFORM validation_refuse('version-taken', 'Another was written meanwhile.'); END IF;`,
  validation_dataset: `
    IF NEW.purpose NOT IN ('train', 'tune', 'test', 'monitor') OR NEW.use_limit < 1 THEN
      PERFORM validation_refuse('kind-unknown', 'A dataset is for training, tuning, testing or monitoring, once at least.'); END IF;`,
  // A dataset is frozen as it is made: its cases come in with it, or never.
  validation_case: `
    IF NOT EXISTS (SELECT FROM validation_dataset WHERE id = NEW.dataset AND at = now()) THEN
      PERFORM validation_refuse('dataset-frozen', 'The dataset is frozen: no case is added.'); END IF;`,
  validation_use: `
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.pixel_sha256, 31));
    IF (SELECT count(*) FROM validation_use WHERE pixel_sha256 = NEW.pixel_sha256) >=
       (SELECT min(d.use_limit) FROM validation_case c JOIN validation_dataset d ON d.id = c.dataset WHERE c.pixel_sha256 = NEW.pixel_sha256 AND d.purpose = 'test') THEN
      PERFORM validation_refuse('use-limit', 'A case of the dataset was tested as often as the least of its datasets allows.'); END IF;`,
  validation_variable: `
    PERFORM validation_hold(NEW.study, false);
    PERFORM validation_needs_case(NEW.study, NEW.case_key);
    IF validation_state(NEW.study) NOT IN ('locked', 'running') OR EXISTS (SELECT FROM validation_reference WHERE study = NEW.study) THEN
      PERFORM validation_refuse('study-state', 'What is known of cases is told between lock and the freezing of the reference standard.'); END IF;`,
};
