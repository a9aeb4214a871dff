/** A report was issued: its DICOM forms (SR, attention maps) are to be stored in its study. Subject: the report's id. */
export const REPORT_OBJECTS = 'report-objects';
