import type { DicomJson, Tag } from '../dicom/dicom-json.js';
import { dicomJsonText } from '../dicom/dicom-json-text.js';
import {
  CONTACT_NAME,
  CONTACT_URI,
  DISCONTINUATION_REASON,
  PERFORMERS,
  PROGRESS,
  READINESS,
  REASON_FOR_CANCELLATION,
  REQUESTING_AE,
  STATE,
  STATIONS,
  UPS_PUSH,
} from './workitem-attributes.js';

/** Event Type IDs (PS3.4 Table CC.2.4-1). */
const STATE_REPORT = 1;
const CANCEL_REQUESTED = 2;
const PROGRESS_REPORT = 3;
const ASSIGNED = 5;

/** Message IDs of one server are not the same twice in a row (PS3.7 E.1); beyond that nothing is asked of them. */
let lastMessage = 0;

/** An event report as a WebSocket carries it (PS3.18 8.10.5; PS3.7 10.1.1): the command's attributes and the event's, in one data set. */
function report(workitemUID: string, eventType: number, information: DicomJson): string {
  lastMessage = (lastMessage % 65_535) + 1;
  return dicomJsonText({
    '00000002': { vr: 'UI', Value: [UPS_PUSH] },
    '00000110': { vr: 'US', Value: [lastMessage] },
    '00001000': { vr: 'UI', Value: [workitemUID] },
    '00001002': { vr: 'US', Value: [eventType] },
    ...information,
  });
}

const chosen = (dataset: DicomJson, ...tags: readonly Tag[]): DicomJson =>
  Object.fromEntries(tags.filter((tag) => dataset[tag] !== undefined).map((tag) => [tag, dataset[tag]]));

export const stateReport = (workitemUID: string, attributes: DicomJson): string =>
  report(workitemUID, STATE_REPORT, chosen(attributes, STATE, READINESS));

export const cancelRequested = (workitemUID: string, requester: string | undefined, request: DicomJson): string =>
  report(workitemUID, CANCEL_REQUESTED, {
    [REQUESTING_AE]: { vr: 'AE', ...(requester === undefined ? {} : { Value: [requester] }) },
    ...chosen(request, REASON_FOR_CANCELLATION, DISCONTINUATION_REASON, CONTACT_URI, CONTACT_NAME),
  });

const assigned = (workitemUID: string, attributes: DicomJson): string =>
  report(workitemUID, ASSIGNED, chosen(attributes, STATIONS, PERFORMERS));

const isAssigned = (attributes: DicomJson): boolean => [STATIONS, PERFORMERS].some((tag) => (attributes[tag]?.Value ?? []).length > 0);

/** What a new workitem is worth telling. */
export const creationReports = (workitemUID: string, attributes: DicomJson): string[] => [
  stateReport(workitemUID, attributes),
  ...(isAssigned(attributes) ? [assigned(workitemUID, attributes)] : []),
];

/** What a change of a workitem is worth telling (PS3.4 CC.2.4.3): state or readiness, progress, who is to perform it. */
export function changeReports(workitemUID: string, before: DicomJson, after: DicomJson): string[] {
  const changed = (...tags: readonly Tag[]): boolean =>
    tags.some((tag) => dicomJsonText(chosen(before, tag)) !== dicomJsonText(chosen(after, tag)));
  return [
    ...(changed(STATE, READINESS) ? [stateReport(workitemUID, after)] : []),
    ...(changed(PROGRESS) ? [report(workitemUID, PROGRESS_REPORT, chosen(after, PROGRESS))] : []),
    ...(changed(STATIONS, PERFORMERS) ? [assigned(workitemUID, after)] : []),
  ];
}
