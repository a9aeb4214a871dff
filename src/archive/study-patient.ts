/** What patientIdOf tells whose a study is by, as an expression. Few studies have an issuer: the attributes of the others are not parsed. */
export const whoseSql = (s: string): string => `json_build_array(${s}.patient_id, ${issuerSql(s)}, ${s}.study_instance_uid)`;

const issuerSql = (s: string): string =>
  `CASE WHEN strpos(${s}.attributes, '"00100021"') > 0 THEN ${s}.attributes::json #>> '{00100021,Value,0}' END`;

/** What String.trim takes off (ECMA-262 22.1.3.32), in an escape string. */
const SPACES =
  '\\t\\n\\u000b\\f\\r \\u00a0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006\\u2007\\u2008\\u2009\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff';

/** patientIdOf of the study `s` whose row meets a condition, as an expression: for statements that go on from the Patient. */
export const patientIdSql = (s: string, condition: string): string =>
  `(SELECT encode(substr(set_byte(set_byte(k.d, 6, get_byte(k.d, 6) & 15 | 128), 8, get_byte(k.d, 8) & 63 | 128), 1, 16), 'hex')::uuid::text
      FROM (SELECT sha256(convert_to('["Patient",' || CASE
                     WHEN ${s}.patient_id = '' THEN '"study",' || to_json(${s}.study_instance_uid)
                     ELSE to_json(btrim(coalesce(${issuerSql(s)}, ''), E'${SPACES}')) || ',' || to_json(${s}.patient_id) END || ']', 'UTF8')) AS d
              FROM study ${s} WHERE ${condition} OFFSET 0) AS k)`;

/** The same of the study whose UID is a statement's first value: looked up once, whatever the number of rows. */
export const WHOSE = `(SELECT ${whoseSql('whose')} FROM study whose WHERE whose.study_instance_uid = $1) AS whose`;
