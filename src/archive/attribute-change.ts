import { isPrivate, isPrivateCreator } from '../dicom/data-dictionary.js';
import { dicomJsonText } from '../dicom/dicom-json-text.js';
import { items, tag, type DicomElement, type DicomJson, type Tag } from '../dicom/dicom-json.js';
import { READER_LIMITS } from '../dicom/reader-limits.js';
import { PrivateCreatorMissing, TooDeepToKeep } from './change-faults.js';

const MODIFIED_ATTRIBUTES_SEQUENCE = tag(0x0400, 0x0550);
const ORIGINAL_ATTRIBUTES_SEQUENCE = tag(0x0400, 0x0561);
/** The old values lie two sequences below the data set. */
const DEEPEST_KEPT = READER_LIMITS.depth - 2;

/** Attributes by tag: their new element, or null where they go. */
export type AttributeChange = Readonly<Record<string, DicomElement | null>>;

/** Reason for the Attribute Modification (0400,0565): brought in line with this site's records, or wrong before. */
export const CHANGE_REASONS = ['COERCE', 'CORRECT'] as const;
export type ChangeReason = (typeof CHANGE_REASONS)[number];

/** What was changed of a study or series, all changes in one, for its instances that come later. */
export interface KeptChange {
  readonly reason: ChangeReason;
  readonly attributes: AttributeChange;
}

/** The data set with the change. */
export function changed(dataset: DicomJson, change: AttributeChange): DicomJson {
  const result = { ...dataset };
  for (const [at, element] of Object.entries(change)) {
    if (element === null) delete result[at];
    else result[at] = element;
  }
  return result;
}

/** The data set with the change, and what it held before in its Original Attributes Sequence; undefined where it holds all of that already. */
export function withChange(dataset: DicomJson, change: AttributeChange, reason: ChangeReason, now: Date): DicomJson | undefined {
  const differing = Object.keys(change).filter((at) => textOf(dataset[at]) !== textOf(change[at] ?? undefined)) as Tag[]; // keys of a change are tags
  if (differing.length === 0) return undefined;
  const result = changed(dataset, change);
  requireCreators(result, differing);
  const original = originalAttributes(dataset, change, differing, reason, now);
  result[ORIGINAL_ATTRIBUTES_SEQUENCE] = { vr: 'SQ', Value: [...items(dataset, ORIGINAL_ATTRIBUTES_SEQUENCE), original] };
  return result;
}

/**
 * An item of the Original Attributes Sequence (PS3.3 C.12.1.1.9): old values, when, by whom and why they were changed. What
 * was not there before stands there empty. Where the old values came from, the server does not know.
 */
function originalAttributes(
  dataset: DicomJson,
  change: AttributeChange,
  differing: readonly Tag[],
  reason: ChangeReason,
  now: Date,
): DicomJson {
  const before = differing.map((at): [string, DicomElement] => [at, dataset[at] ?? { vr: change[at]?.vr ?? 'UN' }]);
  for (const [at, element] of before) if (depthOf(element) > DEEPEST_KEPT) throw new TooDeepToKeep(at as Tag);
  return {
    [MODIFIED_ATTRIBUTES_SEQUENCE]: { vr: 'SQ', Value: [Object.fromEntries(before)] },
    '04000562': { vr: 'DT', Value: [dateTime(now)] },
    '04000563': { vr: 'LO', Value: ['wetread'] },
    '04000564': { vr: 'LO' },
    '04000565': { vr: 'CS', Value: [reason] },
  };
}

/** A DT (PS3.5 6.2) in UTC: YYYYMMDDHHMMSS.FFFFFF&ZZXX. */
const dateTime = (now: Date): string => `${now.toISOString().replace(/[-:TZ]/g, '')}000+0000`;

const textOf = (element: DicomElement | undefined): string => (element === undefined ? '' : dicomJsonText({ element }));

/** Sequences within each other, from this element on. */
function depthOf({ vr, Value }: DicomElement): number {
  if (vr !== 'SQ') return 0;
  const elements = (Value ?? []).flatMap((item) => Object.values((item ?? {}) as DicomJson));
  return 1 + elements.reduce((deepest, element) => Math.max(deepest, depthOf(element)), 0);
}

/** Private elements stand in a block whose creator is named (PS3.5 7.8.1), and stay no longer than that. */
function requireCreators(dataset: DicomJson, differing: readonly Tag[]): void {
  const groups = new Set(differing.filter(isPrivate).map((at) => at.slice(0, 4)));
  for (const at of Object.keys(dataset)) {
    if (!groups.has(at.slice(0, 4)) || isPrivateCreator(at)) continue;
    const creator = `${at.slice(0, 4)}00${at.slice(4, 6)}`;
    const concerned = differing.includes(at as Tag) || differing.includes(creator as Tag);
    if (concerned && (at.startsWith('00', 4) || dataset[creator]?.Value === undefined)) throw new PrivateCreatorMissing(at as Tag);
  }
}
