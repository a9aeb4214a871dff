/** The life of a report (R4 diagnostic-report-status): preliminary until a person reviews it. */
export type ReportStatus = 'preliminary' | 'final' | 'amended' | 'cancelled' | 'entered-in-error';

/** What a person decides of a report: it is right; it is right with changes; it is not to be used. */
export type Decision = 'accept' | 'amend' | 'reject';

const AFTER: Readonly<Record<ReportStatus, Partial<Record<Decision, ReportStatus>>>> = {
  preliminary: { accept: 'final', amend: 'amended', reject: 'cancelled' },
  // Once it was final, what takes it back says so: R4 has `cancelled` for what was never final.
  final: { amend: 'amended', reject: 'entered-in-error' },
  amended: { amend: 'amended', reject: 'entered-in-error' },
  cancelled: {},
  'entered-in-error': {},
};

/** The status that a decision leads to; undefined where it can't be made of such a report. */
export const statusAfter = (status: ReportStatus, decision: Decision): ReportStatus | undefined => AFTER[status][decision];
