/** What Subscriptions tell of, whoever has one: nobody may make it, or hear by it, who may not look at all of these. */
export const TOLD_OF = ['DiagnosticReport', 'ImagingStudy', 'Task'] as const;
