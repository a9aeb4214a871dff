/** What a version says that decides whether it is an event. */
export interface ReportState {
  readonly status?: string;
  readonly issued?: string;
  readonly subject?: { readonly reference?: string };
}

/** Something that can be subscribed to (R5 subscriptiontopic.html; Subscriptions R5 Backport 1.1). */
export interface Topic {
  readonly url: string;
  readonly title: string;
  /** Type of what an event is about. */
  readonly focus: 'DiagnosticReport' | 'ImagingStudy';
  /** Search parameters of that type that events may be filtered by. */
  readonly filters: readonly string[];
  /** Whether a version is such an event, given the one before; never where the topic is of no resource's versions. */
  readonly triggers: (after: ReportState, before: ReportState | undefined) => boolean;
}

const REPORT_FILTERS = ['patient', 'subject', 'status', 'category', 'code', 'based-on', 'imagingStudy', '_security', '_tag'];

export const REPORT_ISSUED_TOPIC = 'urn:wetread:topic:report-issued';
export const REPORT_STATUS_TOPIC = 'urn:wetread:topic:report-status-changed';
export const INFERENCE_FAILED_TOPIC = 'urn:wetread:topic:inference-failed';

export const TOPICS: readonly Topic[] = [
  {
    url: REPORT_ISSUED_TOPIC,
    title: 'A report was issued: for the first time, anew as more of its study was read, or as another patient’s',
    focus: 'DiagnosticReport',
    filters: REPORT_FILTERS,
    triggers: (after, before) =>
      before === undefined ||
      after.subject?.reference !== before.subject?.reference ||
      (after.status === before.status && after.issued !== before.issued),
  },
  {
    url: REPORT_STATUS_TOPIC,
    title: 'The status of a report changed: a person has signed, amended or taken it back',
    focus: 'DiagnosticReport',
    filters: REPORT_FILTERS,
    triggers: (after, before) => before !== undefined && after.status !== before.status,
  },
  {
    url: INFERENCE_FAILED_TOPIC,
    title: 'A study, or an image of it, could not be read by a model that should have read it',
    focus: 'ImagingStudy',
    filters: ['patient', 'subject', 'identifier', 'modality'],
    triggers: () => false, // its room says so
  },
];

export const topicOf = (url: string): Topic | undefined => TOPICS.find((one) => one.url === url);
