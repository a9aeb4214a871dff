/** When truth, readings and predictions may be added: the body of a trigger for each table, before each row. */
export const COLLECTING: Readonly<Record<string, string>> = {
  validation_label: `
    PERFORM validation_hold(NEW.study, false);
    IF validation_state(NEW.study) NOT IN ('locked', 'running') THEN
      PERFORM validation_refuse('study-state', 'Cases are labelled between lock and freeze.'); END IF;
    IF EXISTS (SELECT FROM validation_reference WHERE study = NEW.study) THEN
      PERFORM validation_refuse('reference-frozen', 'The reference standard is frozen.'); END IF;
    PERFORM validation_needs_case(NEW.study, NEW.case_key);
    SELECT * INTO part FROM validation_member WHERE study = NEW.study AND key = NEW.member;
    IF part.role IS DISTINCT FROM 'truther' AND part.role IS DISTINCT FROM 'data-manager' THEN
      PERFORM validation_refuse('not-your-part', 'Labels are of truthers, or brought by a data manager.'); END IF;
    IF NEW.source = 'live' AND (part.person <> NEW.made_by OR part.role <> 'truther') THEN
      PERFORM validation_refuse('not-your-part', 'This label is another’s.'); END IF;`,
  validation_reference: `
    PERFORM validation_hold(NEW.study, true);
    IF validation_state(NEW.study) NOT IN ('locked', 'running') THEN
      PERFORM validation_refuse('study-state', 'The reference standard is frozen after the lock, once.'); END IF;
    IF NEW.cases <> (SELECT count(*) FROM validation_case WHERE dataset = validation_dataset_of(NEW.study)) THEN
      PERFORM validation_refuse('reference-incomplete', 'The reference standard has a truth for each case of the dataset.'); END IF;`,
  validation_truth: `
    IF NOT EXISTS (SELECT FROM validation_reference WHERE study = NEW.study AND at = now()) THEN
      PERFORM validation_refuse('reference-frozen', 'The reference standard is frozen.'); END IF;
    PERFORM validation_needs_case(NEW.study, NEW.case_key);
    IF NOT EXISTS (SELECT FROM validation_label WHERE study = NEW.study AND case_key = NEW.case_key AND label = NEW.truth) THEN
      PERFORM validation_refuse('reference-unsaid', 'Nobody said that this is the truth of the case.'); END IF;`,
  validation_assignment: `
    PERFORM validation_hold(NEW.study, true);
    IF validation_state(NEW.study) <> 'locked' THEN PERFORM validation_refuse('study-state', 'Readers get their cases as the study begins to run.'); END IF;
    PERFORM validation_needs_case(NEW.study, NEW.case_key);
    IF NOT EXISTS (SELECT FROM validation_member WHERE study = NEW.study AND key = NEW.reader AND role = 'reader') THEN
      PERFORM validation_refuse('not-your-part', 'Cases are given to readers.'); END IF;
    IF NEW.arm NOT IN ('unaided', 'aided') THEN PERFORM validation_refuse('kind-unknown', 'There is no such arm.'); END IF;`,
  validation_opening: `
    PERFORM validation_needs_collecting(NEW.study);
    SELECT * INTO part FROM validation_member WHERE study = NEW.study AND key = NEW.reader;
    IF part.person IS DISTINCT FROM NEW.made_by THEN PERFORM validation_refuse('not-your-part', 'This is another reader’s case.'); END IF;
    PERFORM validation_needs_turn(NEW.study, NEW.reader, NEW.arm, NEW.case_key, now());
    IF (NEW.arm = 'unaided' AND NEW.shown IS NOT NULL) OR (NEW.arm = 'aided' AND NEW.shown IS DISTINCT FROM
        (SELECT shown FROM validation_prediction WHERE study = NEW.study AND case_key = NEW.case_key)) THEN
      PERFORM validation_refuse('blinding', 'With the model a reader is shown what it answered, and without it nothing.'); END IF;`,
  validation_reading: `
    PERFORM validation_needs_collecting(NEW.study);
    scale := validation_content(NEW.study) #> '{reading,ratingScale}';
    SELECT * INTO part FROM validation_member WHERE study = NEW.study AND key = NEW.reader;
    IF NEW.source = 'live' THEN
      IF part.person IS DISTINCT FROM NEW.made_by THEN PERFORM validation_refuse('not-your-part', 'This is another reader’s case.'); END IF;
      SELECT min(at) INTO NEW.opened_at FROM validation_opening
       WHERE study = NEW.study AND reader = NEW.reader AND arm = NEW.arm AND case_key = NEW.case_key;
      IF NEW.opened_at IS NULL THEN PERFORM validation_refuse('case-not-opened', 'A case is opened before it is read.'); END IF;
      NEW.submitted_at := now();
      NEW.seconds := extract(epoch FROM now() - NEW.opened_at);
    ELSE
      IF NOT part.simulated THEN
        PERFORM validation_refuse('reading-of-a-person', 'What a person reads they submit themselves: tables are of simulated readers.'); END IF;
      IF NEW.arm = 'aided' AND NOT EXISTS (SELECT FROM validation_prediction WHERE study = NEW.study AND case_key = NEW.case_key) THEN
        PERFORM validation_refuse('model-not-yet', 'The model has not read the case yet: the run comes before the readings with it.'); END IF;
    END IF;
    IF NEW.status = 'read' AND (NEW.rating IS NULL OR NEW.clinical_action IS NULL OR NEW.clinical_action NOT IN (0, 1)
        OR NEW.rating < (scale ->> 0)::int OR NEW.rating > (scale ->> 1)::int) THEN
      PERFORM validation_refuse('reading-incomplete', 'A reading has a rating on the protocol’s scale, and what the reader would do.'); END IF;
    IF NEW.status NOT IN ('read', 'not-evaluable') OR (NEW.status = 'not-evaluable' AND (NEW.rating IS NOT NULL OR NEW.clinical_action IS NOT NULL OR NEW.reason = '')) THEN
      PERFORM validation_refuse('reading-incomplete', 'A case that could not be read has a reason, and neither rating nor action.'); END IF;
    IF NEW.submitted_at > now() THEN PERFORM validation_refuse('reading-incomplete', 'It was read in the future.'); END IF;
    PERFORM validation_needs_turn(NEW.study, NEW.reader, NEW.arm, NEW.case_key, NEW.submitted_at);`,
  validation_run: `
    PERFORM validation_needs_collecting(NEW.study);
    IF validation_content(NEW.study) -> 'model' ->> 'onnxSha256' <> NEW.onnx_sha256 OR validation_content(NEW.study) -> 'model' ->> 'cardSha256' <> NEW.card_sha256 THEN
      PERFORM validation_refuse('model-swapped', 'The model is not the one that the locked protocol names by its hash.'); END IF;`,
  validation_prediction: `
    PERFORM validation_needs_collecting(NEW.study);
    PERFORM validation_needs_case(NEW.study, NEW.case_key);
    IF (NEW.score IS NULL) = (NEW.error = '') THEN PERFORM validation_refuse('prediction-incomplete', 'A case has a score, or the code of an error.'); END IF;
    IF NOT EXISTS (SELECT FROM validation_run WHERE id = NEW.run AND study = NEW.study) THEN
      PERFORM validation_refuse('run-absent', 'This is no run of the study.'); END IF;`,
};

/** That a reader's turn for a case has come: what stands before it is read, and the wash-out is over. */
export const TURN: Readonly<Record<string, string>> = {
  'validation_needs_turn(of uuid, who text, which text, wanted text, moment timestamptz)': `RETURNS void LANGUAGE plpgsql AS $$
    DECLARE turn validation_assignment;
    BEGIN
      SELECT * INTO turn FROM validation_assignment WHERE study = of AND reader = who AND arm = which AND case_key = wanted;
      IF turn.reader IS NULL THEN PERFORM validation_refuse('case-not-assigned', 'The case is not given to this reader in this arm.'); END IF;
      IF EXISTS (SELECT FROM validation_assignment a WHERE a.study = of AND a.reader = who AND (a.session, a.place) < (turn.session, turn.place)
                  AND NOT EXISTS (SELECT FROM validation_reading r WHERE r.study = of AND r.reader = who AND r.arm = a.arm AND r.case_key = a.case_key)) THEN
        PERFORM validation_refuse('reading-order', 'Cases are read in the order that was drawn: others come before this one.'); END IF;
      IF validation_content(of) #>> '{reading,design}' = 'crossover' AND EXISTS (
          SELECT FROM validation_reading r WHERE r.study = of AND r.reader = who AND r.case_key = wanted AND r.arm <> which
             AND r.submitted_at + make_interval(days => (validation_content(of) #>> '{reading,washOutDays}')::int) > moment) THEN
        PERFORM validation_refuse('wash-out', 'The wash-out is not over: this reader read the case too lately in the other arm.'); END IF;
    END $$`,
};
