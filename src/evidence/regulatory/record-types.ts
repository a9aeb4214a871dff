import { RecordTypeUnknown } from './faults.js';
import type { RecordType } from './record-type.js';
import { CLASSIFICATION_DECISION } from './types/classification-decision.js';
import { DEVICE } from './types/device.js';
import { INTENDED_USE } from './types/intended-use.js';
import { MODEL_CARD } from './types/model-card.js';
import { MODEL_VERSION } from './types/model-version.js';

/** What the regulatory file has records of. Another type is a file in types/ and a line here; its name stands in records for ever. */
const RECORD_TYPES = {
  device: DEVICE,
  'intended-use': INTENDED_USE,
  'model-version': MODEL_VERSION,
  'model-card': MODEL_CARD,
  'classification-decision': CLASSIFICATION_DECISION,
} as const satisfies Readonly<Record<string, RecordType>>;

export type RecordTypeName = keyof typeof RECORD_TYPES;
export const RECORD_TYPE_NAMES = Object.keys(RECORD_TYPES) as RecordTypeName[]; // its own keys

/** The one door: throws RecordTypeUnknown. */
export function recordTypeName(text: string): RecordTypeName {
  const found = RECORD_TYPE_NAMES.find((one) => one === text);
  if (found === undefined) throw new RecordTypeUnknown(RECORD_TYPE_NAMES);
  return found;
}

export const recordTypeOf = (name: RecordTypeName): RecordType => RECORD_TYPES[name];
