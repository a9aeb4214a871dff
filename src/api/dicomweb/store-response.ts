import type { RefusedInstance, StoredInstance, StoreOutcome } from '../../archive/ingest.js';
import { items, tag, type DicomElement, type DicomJson } from '../../dicom/dicom-json.js';

/**
 * Failure Reason (0008,1197) by fault code: PS3.18 table I.2-2, within its ranges A7xx, A9xx and Cxxx values of our own, and
 * 0111 (Duplicate SOP Instance) of PS3.7 C.5.
 */
const FAILURE_REASON: Readonly<Record<string, number>> = {
  'instance-conflict': 0x0111, // Duplicate SOP Instance
  'study-mismatch': 0xa900, // Data Set does not match
  'not-storable': 0x0122, // SOP Class not supported
  'unsupported-transfer-syntax': 0xc122, // Referenced Transfer Syntax not supported
  'bulk-data-not-native': 0xc122,
  'header-too-large': 0xa700, // Out of resources
  'metadata-too-large': 0xa700,
  'sequence-too-deep': 0xa700,
  'inflated-too-large': 0xa700,
  'out-of-space': 0xa700,
  'database-away': 0xa700,
  'storage-away': 0xa700,
  truncated: 0xc001,
  'malformed-multipart': 0xc001,
  'missing-uid': 0xc002,
  'malformed-uid': 0xc002,
  'missing-transfer-syntax': 0xc003,
  'foreign-part': 0xc010,
  'malformed-metadata': 0xc011,
  'unwritable-value': 0xc012,
  'bulk-data-missing': 0xc013,
  'bulk-data-twice': 0xc014,
  'bulk-data-unreferenced': 0xc015,
  internal: 0x0110, // Processing failure
};
const CANNOT_UNDERSTAND = 0xc000;

/**
 * Warning Reason (0008,1196) of PS3.18 table I.2-1, of several the gravest. A file is kept byte by byte as received: what
 * is discarded or coerced is so in what is served as metadata, where it has no other meaning. Of one made of metadata, it
 * is so in the file.
 */
const ELEMENTS_DISCARDED = 0xb006;
const COERCED = 0xb000;
const NOT_AS_SOP_CLASS = 0xb007;
const DISCARDING: ReadonlySet<string> = new Set(['duplicate-element', 'trailing-garbage']);
const COERCING: ReadonlySet<string> = new Set([
  'decimal-string-rounded',
  'nul-in-text',
  'text-not-in-character-set',
  'character-set-unknown',
  'character-set-combination',
]);

/** On record, but nothing to warn of: UN is a VR that any element may come in (PS3.5 6.2.2), File Meta Information no part of the data set. */
const UNREMARKABLE: ReadonlySet<string> = new Set(['vr-un-resolved', 'meta-uid-differs']);

/** Nothing could be stored because none is what it says it is, a DICOM file or metadata: the request's syntax is bad, not its content (table 10.5.3-1). */
const BAD_SYNTAX: ReadonlySet<string> = new Set(['not-part10', 'malformed-metadata']);
const REFERENCED_SOPS = tag(0x0008, 0x1199);
const WARNING_REASON = tag(0x0008, 0x1196);
const LONGEST_COMMENT = 64; // LO

/** The answer to a store request: its data set and HTTP status (PS3.18 10.5.3, tables 10.5.3-1 and I.2-1). */
export function storeResponse(outcomes: readonly StoreOutcome[], base: string): { status: number; dataset: DicomJson } {
  const stored = outcomes.filter((one): one is StoredInstance => one.kind !== 'refused').map(withoutUnremarkable);
  const refused = outcomes.filter((one): one is RefusedInstance => one.kind === 'refused');
  const studies = new Set(stored.map(({ studyInstanceUID }) => studyInstanceUID));
  const study = studies.size === 1 ? { Value: [`${base}/dicom-web/studies/${stored[0].studyInstanceUID}`] } : {};
  const dataset: DicomJson = { '00081190': { vr: 'UR', ...study } }; // type 2: empty where there is not one study
  if (refused.length > 0) dataset['00081198'] = { vr: 'SQ', Value: refused.map(failedItem) };
  if (stored.length > 0) dataset[REFERENCED_SOPS] = { vr: 'SQ', Value: stored.map((one) => referencedItem(one, base)) };
  return { status: statusOf(stored, refused), dataset };
}

/** What is stored without a word to say of it leaves the answer, for who prefers a minimal one (RFC 7240 4.2). */
export function leaveOutUnremarkable(dataset: DicomJson): void {
  const warned = items(dataset, REFERENCED_SOPS).filter((item) => item[WARNING_REASON] !== undefined);
  if (warned.length > 0) dataset[REFERENCED_SOPS] = { vr: 'SQ', Value: warned };
  else delete dataset[REFERENCED_SOPS];
}

const withoutUnremarkable = (one: StoredInstance): StoredInstance => ({
  ...one,
  warnings: one.warnings.filter((code) => !UNREMARKABLE.has(code)),
});

/** Table 10.5.3-1: 202 where "warnings or failures exist"; a warning is always one of an instance that is stored (I.1). */
function statusOf(stored: readonly StoredInstance[], refused: readonly RefusedInstance[]): number {
  if (stored.length === 0) return refused.every(({ fault }) => BAD_SYNTAX.has(fault.code)) ? 400 : 409;
  return refused.length > 0 || stored.some(({ warnings }) => warnings.length > 0) ? 202 : 200;
}

function referencedItem(one: StoredInstance, base: string): DicomJson {
  const url = `${base}/dicom-web/studies/${one.studyInstanceUID}/series/${one.seriesInstanceUID}/instances/${one.sopInstanceUID}`;
  return {
    '00081150': { vr: 'UI', Value: [one.sopClassUID] },
    '00081155': { vr: 'UI', Value: [one.sopInstanceUID] },
    '00081190': { vr: 'UR', Value: [url] },
    ...(one.warnings.length > 0
      ? { [WARNING_REASON]: { vr: 'US', Value: [warningReason(one.warnings)] }, '00000902': comment(one.warnings.join(', ')) }
      : {}),
  };
}

function warningReason(codes: readonly string[]): number {
  if (codes.some((code) => DISCARDING.has(code))) return ELEMENTS_DISCARDED;
  return codes.some((code) => COERCING.has(code)) ? COERCED : NOT_AS_SOP_CLASS;
}

function failedItem({ fault, sopClassUID, sopInstanceUID }: RefusedInstance): DicomJson {
  const { tag } = fault as { tag?: string }; // of faults in an element
  return {
    '00081150': { vr: 'UI', ...(sopClassUID === undefined ? {} : { Value: [sopClassUID] }) },
    '00081155': { vr: 'UI', ...(sopInstanceUID === undefined ? {} : { Value: [sopInstanceUID] }) },
    '00081197': { vr: 'US', Value: [FAILURE_REASON[fault.code] ?? CANNOT_UNDERSTAND] },
    ...(tag === undefined ? {} : { '00000901': { vr: 'AT', Value: [tag] } }), // Offending Element (PS3.7 C.4)
    '00000902': comment(tag === undefined ? fault.message : `(${tag.slice(0, 4)},${tag.slice(4)}) ${fault.message}`),
  };
}

/** Error Comment: what was wrong, for the sender's log; as many whole words as an LO holds. */
function comment(text: string): DicomElement {
  if (text.length <= LONGEST_COMMENT) return { vr: 'LO', Value: [text] };
  const words = text
    .slice(0, LONGEST_COMMENT + 1)
    .split(' ')
    .slice(0, -1)
    .join(' ');
  return { vr: 'LO', Value: [words.replace(/[,:;]$/, '') || text.slice(0, LONGEST_COMMENT)] };
}
