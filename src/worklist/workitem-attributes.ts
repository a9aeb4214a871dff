import { tagOf } from '../dicom/data-dictionary.js';
import type { DicomElement, DicomJson, Tag } from '../dicom/dicom-json.js';

/** Tag of a keyword of PS3.6. A keyword that is none is a mistake of this file, found as it loads. */
const at = (keyword: string): Tag => {
  const found = tagOf(keyword);
  if (found === undefined) throw new TypeError(`PS3.6 has no ${keyword}`);
  return found;
};

export const SOP_CLASS_UID = at('SOPClassUID');
export const SOP_INSTANCE_UID = at('SOPInstanceUID');
export const TRANSACTION_UID = at('TransactionUID');
export const STATE = at('ProcedureStepState');
export const PRIORITY = at('ScheduledProcedureStepPriority');
export const READINESS = at('InputReadinessState');
export const WORKLIST_LABEL = at('WorklistLabel');
export const MODIFIED = at('ScheduledProcedureStepModificationDateTime');
export const PROGRESS = at('ProcedureStepProgressInformationSequence');
export const CANCELED_AT = at('ProcedureStepCancellationDateTime');
export const DISCONTINUATION_REASON = at('ProcedureStepDiscontinuationReasonCodeSequence');
export const PERFORMED = at('UnifiedProcedureStepPerformedProcedureSequence');
export const REASON_FOR_CANCELLATION = at('ReasonForCancellation');
export const CONTACT_URI = at('ContactURI');
export const CONTACT_NAME = at('ContactDisplayName');
export const STATIONS = at('ScheduledStationNameCodeSequence');
export const PERFORMERS = at('ScheduledHumanPerformersSequence');
export const STUDY_INSTANCE_UID = at('StudyInstanceUID');
export const REQUESTING_AE = at('RequestingAE');

/** Every workitem says that it is of UPS Push, whoever made it (PS3.4 CC.3.1). */
export const UPS_PUSH = '1.2.840.10008.5.1.4.34.6.1';

export type WorkitemState = 'SCHEDULED' | 'IN PROGRESS' | 'COMPLETED' | 'CANCELED';
export const isWorkitemState = (text: string | undefined): text is WorkitemState =>
  text !== undefined && ['SCHEDULED', 'IN PROGRESS', 'COMPLETED', 'CANCELED'].includes(text);

/** Must have a value on creation (PS3.4 Table CC.2.5-3, N-CREATE type 1). */
export const REQUIRED_ON_CREATION: readonly Tag[] = [
  PRIORITY,
  at('ProcedureStepLabel'),
  at('ScheduledProcedureStepStartDateTime'),
  READINESS,
  STATE,
];

/** Must be there, and may be empty (N-CREATE type 2). What a client leaves out is created empty, with a warning. */
export const PRESENT_ON_CREATION: Readonly<Record<string, string>> = {
  [at('ScheduledProcessingParametersSequence')]: 'SQ',
  [STATIONS]: 'SQ',
  [at('ScheduledStationClassCodeSequence')]: 'SQ',
  [at('ScheduledStationGeographicLocationCodeSequence')]: 'SQ',
  [at('ScheduledWorkitemCodeSequence')]: 'SQ',
  [at('InputInformationSequence')]: 'SQ',
  [STUDY_INSTANCE_UID]: 'UI',
  [at('PatientName')]: 'PN',
  [at('PatientID')]: 'LO',
  [at('PatientBirthDate')]: 'DA',
  [at('PatientSex')]: 'CS',
  [at('AdmissionID')]: 'LO',
  [at('IssuerOfAdmissionIDSequence')]: 'SQ',
  [at('AdmittingDiagnosesDescription')]: 'LO',
  [at('AdmittingDiagnosesCodeSequence')]: 'SQ',
  [at('ReferencedRequestSequence')]: 'SQ',
  [PROGRESS]: 'SQ',
  [PERFORMED]: 'SQ',
};

/** Empty on creation: only a performer has something to say there. */
export const EMPTY_ON_CREATION: readonly Tag[] = [TRANSACTION_UID, PROGRESS, PERFORMED];

/** An update may not touch these (N-SET: not allowed), nor what the server itself keeps. */
export const FIXED_AFTER_CREATION: readonly Tag[] = [
  SOP_CLASS_UID,
  SOP_INSTANCE_UID,
  STATE,
  MODIFIED,
  STUDY_INSTANCE_UID,
  at('PatientName'),
  at('PatientID'),
  at('IssuerOfPatientID'),
  at('IssuerOfPatientIDQualifiersSequence'),
  at('OtherPatientIDsSequence'),
  at('PatientBirthDate'),
  at('PatientSex'),
  at('AdmissionID'),
  at('IssuerOfAdmissionIDSequence'),
  at('AdmittingDiagnosesDescription'),
  at('AdmittingDiagnosesCodeSequence'),
  at('ReferencedRequestSequence'),
  at('ReplacedProcedureStepSequence'),
];

/** Values these may have (PS3.3 C.30.1, C.30.2). */
export const ENUMERATED: Readonly<Record<string, readonly string[]>> = {
  [PRIORITY]: ['HIGH', 'MEDIUM', 'LOW'],
  [READINESS]: ['INCOMPLETE', 'UNAVAILABLE', 'READY'],
};

/** Must have a value in the final state (PS3.4 Table CC.2.5-3: codes R and P, or R and X). A dot leads into every item. */
export const REQUIRED_WHEN: Readonly<Record<'COMPLETED' | 'CANCELED', readonly string[]>> = {
  COMPLETED: [
    PERFORMED,
    ...[
      'PerformedStationNameCodeSequence',
      'PerformedProcedureStepStartDateTime',
      'PerformedWorkitemCodeSequence',
      'PerformedProcedureStepEndDateTime',
      'OutputInformationSequence',
    ].map((keyword) => `${PERFORMED}.${at(keyword)}`),
  ],
  CANCELED: [PROGRESS, `${PROGRESS}.${CANCELED_AT}`, `${PROGRESS}.${DISCONTINUATION_REASON}`],
};

/** A DT value in UTC (PS3.5 6.2). */
export const dateTime = (when: Date): DicomElement => ({
  vr: 'DT',
  Value: [
    `${when
      .toISOString()
      .replace(/[-:TZ]/g, '')
      .slice(0, 21)}+0000`,
  ],
});

/** True where the attribute is there and has a value that is not empty. */
export const hasValue = (dataset: DicomJson, tag: string): boolean => {
  const value = dataset[tag]?.Value?.[0];
  return value !== undefined && value !== null && value !== '';
};
