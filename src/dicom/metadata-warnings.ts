import { requireForms } from './conforming-values.js';
import { allowedVrs } from './data-dictionary.js';
import { items, tag, type DicomElement, type DicomJson, type DicomValue, type Tag } from './dicom-json.js';
import { UnwritableValue } from './faults.js';
import type { MetadataWarningCode } from './reading-notes.js';
import { writtenDecimal } from './value-bytes.js';

const SPECIFIC_CHARACTER_SET = tag(0x0008, 0x0005);

/**
 * What is to be said of metadata that a file is made of, at any depth: values that are not written as given, and what is
 * written though it is against PS3.5 Table 6.2-1 or has another VR than PS3.6 gives it. A change is refused for the latter
 * (`checkedElement`); an archive keeps what it gets.
 */
export function metadataWarnings(dataset: DicomJson): ReadonlySet<MetadataWarningCode> {
  return new Set(warningsOf(dataset));
}

function* warningsOf(dataset: DicomJson): Generator<MetadataWarningCode> {
  for (const [key, element] of Object.entries(dataset)) {
    const at = key as Tag; // DicomJson's keys are tags
    if (at === SPECIFIC_CHARACTER_SET) continue; // the writer's own
    if (element.vr !== 'UN' && allowedVrs(at)?.includes(element.vr) === false) yield 'wrong-vr'; // UN: PS3.5 6.2.2
    if (element.vr === 'SQ') for (const item of items(dataset, at)) yield* warningsOf(item);
    else yield* warningsOfValues(element, at);
  }
}

function* warningsOfValues(element: DicomElement, at: Tag): Generator<MetadataWarningCode> {
  const decimals = element.vr === 'DS' ? (element.Value ?? []).filter(isDecimal).map((value) => writtenDecimal(value, at)) : [];
  if (decimals.some(({ rounded }) => rounded)) yield 'decimal-string-rounded';
  const written = element.vr === 'DS' ? { vr: 'DS', Value: decimals.map(({ text }) => text) } : element;
  if (!hasItsForm(written, at)) yield 'value-not-of-its-vr';
}

const isDecimal = (value: DicomValue): value is number | string => typeof value === 'number' || typeof value === 'string';

function hasItsForm(element: DicomElement, at: Tag): boolean {
  try {
    requireForms(element, at);
    return true;
  } catch (fault) {
    if (fault instanceof UnwritableValue) return false;
    throw fault;
  }
}
