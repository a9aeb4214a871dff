/** When a study goes on to its next state, what is frozen and signed, and when results may be there: a trigger's body for each table. */
export const ENDING: Readonly<Record<string, string>> = {
  validation_freeze: `
    PERFORM validation_hold(NEW.study, true);
    IF validation_state(NEW.study) <> 'running' THEN PERFORM validation_refuse('study-state', 'A study that runs is frozen, before it is unblinded.'); END IF;
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
      PERFORM validation_refuse('digest-wrong', 'The digest is not that of the content.'); END IF;
    IF EXISTS (SELECT FROM validation_protocol WHERE study = NEW.study AND version > validation_in_force(NEW.study)) THEN
      PERFORM validation_refuse('amendment-unsigned', 'An amendment is not signed by all three.'); END IF;
    cases := ARRAY(SELECT case_key FROM validation_case WHERE dataset = validation_dataset_of(NEW.study));
    IF cardinality(cases) <> (SELECT count(*) FROM validation_truth WHERE study = NEW.study) THEN
      PERFORM validation_refuse('reference-incomplete', 'The reference standard is not frozen.'); END IF;
    IF cardinality(cases) <> (SELECT count(*) FROM validation_prediction WHERE study = NEW.study) THEN
      PERFORM validation_refuse('run-incomplete', 'The model has not answered, or failed on, each case.'); END IF;
    IF EXISTS (SELECT FROM validation_assignment a WHERE a.study = NEW.study AND NOT EXISTS (SELECT FROM validation_reading r
                WHERE r.study = NEW.study AND r.reader = a.reader AND r.arm = a.arm AND r.case_key = a.case_key)) THEN
      PERFORM validation_refuse('readings-incomplete', 'Readers have cases that they neither read nor called not evaluable.'); END IF;`,
  validation_signature: `
    IF NEW.signer <> NEW.made_by OR NEW.reauthenticated_at < now() - interval '10 minutes' OR NEW.reauthenticated_at > now() + interval '1 minute'
       OR NEW.signed_at < now() - interval '1 minute' OR NEW.signed_at > now() THEN
      PERFORM validation_refuse('signature-not-proven', 'Who signs is asked who they are as they sign, and signs for themselves.'); END IF;
    IF NEW.study IS NULL THEN RETURN NEW; END IF; -- of the regulatory file: its room holds it
    PERFORM validation_hold(NEW.study, true);
    state := validation_state(NEW.study);
    IF NEW.entity_id <> NEW.study::text OR NOT EXISTS (SELECT FROM validation_member WHERE study = NEW.study AND person = NEW.signer AND role = NEW.role) THEN
      PERFORM validation_refuse('not-your-part', 'Who signs has that part in this study.'); END IF;
    digest := CASE NEW.entity_type
      WHEN 'protocol' THEN (SELECT sha256 FROM validation_protocol WHERE study = NEW.study AND version = NEW.version
                              AND version = (SELECT max(version) FROM validation_protocol WHERE study = NEW.study))
      WHEN 'freeze' THEN (SELECT sha256 FROM validation_freeze WHERE study = NEW.study AND NEW.version = 1)
      WHEN 'analysis' THEN (SELECT sha256 FROM validation_analysis WHERE study = NEW.study AND number = NEW.version)
      WHEN 'package' THEN (SELECT tag_sha512 FROM validation_package WHERE study = NEW.study AND number = NEW.version) END;
    IF digest IS NULL THEN PERFORM validation_refuse('nothing-to-sign', 'There is no such thing to sign in this study.'); END IF;
    IF digest <> NEW.record_sha256 THEN PERFORM validation_refuse('digest-wrong', 'What was signed is not what there is: look at it again.'); END IF;
    IF NOT NEW.role = ANY (CASE NEW.entity_type WHEN 'protocol' THEN ARRAY['investigator', 'statistician', 'regulatory']
                             WHEN 'freeze' THEN ARRAY['investigator', 'statistician'] ELSE ARRAY['investigator', 'statistician', 'regulatory', 'quality'] END) THEN
      PERFORM validation_refuse('not-your-part', 'Who has this part does not sign this.'); END IF;
    IF NOT state = ANY (CASE NEW.entity_type WHEN 'protocol' THEN ARRAY['draft', 'locked', 'running'] WHEN 'freeze' THEN ARRAY['running']
                          ELSE ARRAY['unblinded', 'closed'] END) THEN
      PERFORM validation_refuse('study-state', 'It is not signed in this state of the study.'); END IF;`,
  validation_step: `
    PERFORM validation_hold(NEW.study, true);
    state := validation_state(NEW.study);
    IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM validation_step WHERE study = NEW.study) THEN
      PERFORM validation_refuse('version-taken', 'Another step was taken meanwhile.'); END IF;
    IF NOT (state || '>' || NEW.state) = ANY (ARRAY['none>draft', 'draft>locked', 'locked>running', 'running>unblinded', 'unblinded>closed',
        'draft>terminated', 'locked>terminated', 'running>terminated', 'unblinded>terminated']) THEN
      PERFORM validation_refuse('study-state', 'The study can’t go there from where it is.'); END IF;
    IF NEW.state = 'locked' THEN
      IF validation_in_force(NEW.study) IS NULL THEN PERFORM validation_refuse('protocol-absent', 'There is no protocol.'); END IF;
      IF NOT validation_is_signed(NEW.study, validation_in_force(NEW.study)) THEN
        PERFORM validation_refuse('protocol-unsigned', 'Investigator, statistician and regulatory officer sign the last version first.'); END IF;
      IF NOT EXISTS (SELECT FROM validation_dataset d WHERE d.id = validation_dataset_of(NEW.study)
                      AND d.manifest_sha256 = validation_content(NEW.study) #>> '{population,dataset,manifestSha256}') THEN
        PERFORM validation_refuse('dataset-absent', 'The protocol names no frozen dataset by its manifest’s digest.'); END IF;
      IF (SELECT purpose FROM validation_dataset WHERE id = validation_dataset_of(NEW.study)) <> 'test' THEN
        PERFORM validation_refuse('dataset-no-test', 'A study is of a dataset that was made to test: checked against the training, its uses counted.'); END IF;
      IF jsonb_typeof(validation_content(NEW.study) -> 'intendedUse') <> 'object' THEN
        PERFORM validation_refuse('intended-use-absent', 'The protocol names no intended use.'); END IF;
      IF EXISTS (SELECT FROM validation_case c JOIN validation_dataset d ON d.id = c.dataset WHERE d.id = validation_dataset_of(NEW.study)
                  AND NOT EXISTS (SELECT FROM validation_use u WHERE u.study = NEW.study AND u.pixel_sha256 = c.pixel_sha256)) THEN
        PERFORM validation_refuse('use-uncounted', 'Not each case’s use is counted.'); END IF;
    END IF;
    IF NEW.state IN ('running', 'unblinded') AND EXISTS (SELECT FROM validation_protocol WHERE study = NEW.study AND version > validation_in_force(NEW.study)) THEN
      PERFORM validation_refuse('amendment-unsigned', 'An amendment is not signed by all three.'); END IF;
    IF NEW.state = 'running' THEN
      IF validation_content(NEW.study) #>> '{reading,design}' <> 'none' AND
         (SELECT count(DISTINCT reader) FROM validation_assignment WHERE study = NEW.study) < (validation_content(NEW.study) #>> '{reading,readers}')::int THEN
        PERFORM validation_refuse('readers-missing', 'There are fewer readers than the protocol wants.'); END IF;
    END IF;
    IF NEW.state = 'unblinded' THEN
      IF NOT validation_is_frozen(NEW.study) THEN PERFORM validation_refuse('not-frozen', 'Truth, readings and predictions are not frozen.'); END IF;
      IF (SELECT count(DISTINCT s.role) FROM validation_signature s JOIN validation_freeze f ON f.study = NEW.study AND f.sha256 = s.record_sha256
           WHERE s.entity_type = 'freeze' AND s.meaning = 'approval' AND s.entity_id = NEW.study::text AND s.role IN ('investigator', 'statistician')) <> 2 THEN
        PERFORM validation_refuse('unblinding-unsigned', 'Investigator and statistician both sign the unblinding.'); END IF;
    END IF;
    IF NEW.state = 'closed' AND NOT EXISTS (SELECT FROM validation_analysis a JOIN validation_signature s ON s.entity_type = 'analysis'
         AND s.entity_id = NEW.study::text AND s.version = a.number AND s.record_sha256 = a.sha256 WHERE a.study = NEW.study AND a.kind = 'primary') THEN
      PERFORM validation_refuse('analysis-unsigned', 'The primary analysis is there, and signed, before a study closes.'); END IF;`,
  validation_analysis: `
    PERFORM validation_hold(NEW.study, true);
    state := validation_state(NEW.study);
    IF NOT validation_is_open(NEW.study) THEN PERFORM validation_refuse('still-blinded', 'Results are not computed before the study is unblinded.'); END IF;
    IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM validation_analysis WHERE study = NEW.study) THEN
      PERFORM validation_refuse('version-taken', 'Another analysis was written meanwhile.'); END IF;
    IF (NEW.number = 1) <> (NEW.kind = 'primary') THEN
      PERFORM validation_refuse('primary-once', 'The first analysis is the primary one, by the locked plan; all others are post-hoc.'); END IF;
    IF NEW.kind = 'primary' AND NEW.plan::jsonb <> validation_content(NEW.study) -> 'plan' THEN
      PERFORM validation_refuse('plan-locked', 'The primary analysis follows the locked plan.'); END IF;
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') OR NEW.protocol_version <> validation_in_force(NEW.study)
       OR NEW.protocol_sha256 <> (SELECT sha256 FROM validation_protocol WHERE study = NEW.study AND version = NEW.protocol_version) THEN
      PERFORM validation_refuse('digest-wrong', 'The digest is not that of the content, or of the protocol in force.'); END IF;`,
  validation_package: `
    PERFORM validation_hold(NEW.study, true);
    IF NOT validation_is_open(NEW.study) OR NOT EXISTS (SELECT FROM validation_analysis WHERE study = NEW.study) THEN
      PERFORM validation_refuse('still-blinded', 'A package is made of a study that is unblinded and analysed.'); END IF;
    IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM validation_package WHERE study = NEW.study) THEN
      PERFORM validation_refuse('version-taken', 'Another package was sealed meanwhile.'); END IF;`,
};
