import { items, type DicomElement, type DicomJson, type Tag } from './dicom-json.js';
import type { MetadataWarningCode } from './reading-notes.js';
import { writtenDecimal } from './value-bytes.js';

/** What the writer of a file changes of the values that metadata gives, at any depth. */
export function metadataWarnings(dataset: DicomJson): ReadonlySet<MetadataWarningCode> {
  return new Set(warningsOf(dataset));
}

function* warningsOf(dataset: DicomJson): Generator<MetadataWarningCode> {
  for (const [key, element] of Object.entries(dataset)) {
    const at = key as Tag; // DicomJson's keys are tags
    if (element.vr === 'SQ') for (const item of items(dataset, at)) yield* warningsOf(item);
    else if (isRounded(element, at)) yield 'decimal-string-rounded';
  }
}

const isRounded = ({ vr, Value: values = [] }: DicomElement, at: Tag): boolean =>
  vr === 'DS' && values.some((value) => (typeof value === 'number' || typeof value === 'string') && writtenDecimal(value, at).rounded);
