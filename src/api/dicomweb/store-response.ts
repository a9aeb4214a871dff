import type { RefusedInstance, StoredInstance, StoreOutcome } from '../../archive/ingest.js';
import type { DicomJson } from '../../dicom/dicom-json.js';

/** Failure Reason (0008,1197) of PS3.18 table I.2-2 and PS3.4 table B.2-1, by fault code. */
const FAILURE_REASON: Readonly<Record<string, number>> = {
  'instance-conflict': 0x0111, // Duplicate SOP Instance
  'study-mismatch': 0xa900, // Data Set does not match
  'not-storable': 0x0122, // SOP Class not supported
  'unsupported-transfer-syntax': 0xc122, // Referenced Transfer Syntax not supported
  'header-too-large': 0xa700, // Out of resources
  'out-of-space': 0xa700,
  'database-away': 0xa700,
  'storage-away': 0xa700,
  internal: 0x0110, // Processing failure
};
const CANNOT_UNDERSTAND = 0xc000;
/** Warning Reason (0008,1196): B007, Data Set does not match SOP Class. It is kept as received all the same. */
const ODD_ELEMENTS = 0xb007;

/** The answer to a store request: its data set and HTTP status (PS3.18 10.5.3, tables 10.5.3-1 and I.2-1). */
export function storeResponse(outcomes: readonly StoreOutcome[], base: string): { status: number; dataset: DicomJson } {
  const stored = outcomes.filter((one): one is StoredInstance => one.kind !== 'refused');
  const refused = outcomes.filter((one): one is RefusedInstance => one.kind === 'refused');
  const studies = new Set(stored.map(({ studyInstanceUID }) => studyInstanceUID));
  const dataset: DicomJson = {};
  if (studies.size === 1) dataset['00081190'] = { vr: 'UR', Value: [`${base}/dicom-web/studies/${stored[0].studyInstanceUID}`] };
  if (refused.length > 0) dataset['00081198'] = { vr: 'SQ', Value: refused.map(failedItem) };
  if (stored.length > 0) dataset['00081199'] = { vr: 'SQ', Value: stored.map((one) => referencedItem(one, base)) };
  return { status: refused.length === 0 ? 200 : stored.length > 0 ? 202 : 409, dataset };
}

function referencedItem(one: StoredInstance, base: string): DicomJson {
  const url = `${base}/dicom-web/studies/${one.studyInstanceUID}/series/${one.seriesInstanceUID}/instances/${one.sopInstanceUID}`;
  return {
    '00081150': { vr: 'UI', Value: [one.sopClassUID] },
    '00081155': { vr: 'UI', Value: [one.sopInstanceUID] },
    '00081190': { vr: 'UR', Value: [url] },
    ...(one.warnings.length > 0 ? { '00081196': { vr: 'US', Value: [ODD_ELEMENTS] } } : {}),
  };
}

function failedItem({ fault, sopClassUID, sopInstanceUID }: RefusedInstance): DicomJson {
  return {
    '00081150': { vr: 'UI', ...(sopClassUID === undefined ? {} : { Value: [sopClassUID] }) },
    '00081155': { vr: 'UI', ...(sopInstanceUID === undefined ? {} : { Value: [sopInstanceUID] }) },
    '00081197': { vr: 'US', Value: [FAILURE_REASON[fault.code] ?? CANNOT_UNDERSTAND] },
    // Error Comment: what was wrong and where, for the sender's log; 64 characters at most (LO).
    '00000902': { vr: 'LO', Value: [fault.message.slice(0, 64)] },
  };
}
