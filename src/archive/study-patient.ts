/** What patientIdOf tells whose a study is by, as an expression. Few studies have an issuer: the attributes of the others are not parsed. */
export const whoseSql = (s: string): string =>
  `json_build_array(${s}.patient_id, CASE WHEN strpos(${s}.attributes, '"00100021"') > 0
                                          THEN ${s}.attributes::json #>> '{00100021,Value,0}' END, ${s}.study_instance_uid)`;

/** The same of the study whose UID is a statement's first value: looked up once, whatever the number of rows. */
export const WHOSE = `(SELECT ${whoseSql('whose')} FROM study whose WHERE whose.study_instance_uid = $1) AS whose`;
