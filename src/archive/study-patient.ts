/** What patientIdOf tells whose a study is by, as an expression. Few studies have an issuer: the attributes of the others are not parsed. */
export const whoseSql = (s: string): string =>
  `json_build_array(${s}.patient_id, CASE WHEN strpos(${s}.attributes, '"00100021"') > 0
                                          THEN ${s}.attributes::json #>> '{00100021,Value,0}' END, ${s}.study_instance_uid)`;

/** Deleted studies that are not purged, as a table `s` that `whoseSql` can ask. */
export const DELETED_STUDY = `(SELECT d.id, d.study_instance_uid, d.content ->> 'patient_id' AS patient_id, d.content ->> 'attributes' AS attributes
                                 FROM deleted_study d) AS s`;

/** The same of the study whose UID is a statement's first value: looked up once, whatever the number of rows. */
export const WHOSE = `(SELECT ${whoseSql('whose')} FROM study whose WHERE whose.study_instance_uid = $1) AS whose`;
