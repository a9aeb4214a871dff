/** A study changed and may be read by models. Subject: the study's row. Pulled by inference. */
export const READ_STUDY = 'read-study';

/** A study changed and its FHIR Patient, ImagingStudy and Endpoint must follow. Subject: the study's row. Pulled by archive. */
export const STUDY_RECORDS = 'study-records';

/** What was deleted may be purged when it is due. Subject: the deletion. Pulled by archive. */
export const PURGE_DELETION = 'purge-deletion';
