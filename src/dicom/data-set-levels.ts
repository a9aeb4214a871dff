import type { CharacterSet } from './character-sets.js';
import type { DicomElement, DicomJson, Tag } from './dicom-json.js';
import type { Encoding } from './encoding.js';

/** An item, or the data set itself: where elements are read into. */
export interface ItemLevel {
  readonly kind: 'item';
  readonly dataset: DicomJson;
  /** Offset where it ends; Infinity where a delimiter (or, of the data set itself, the end of the bytes) says so. */
  readonly end: number;
  encoding: Encoding;
  /** The first element decides whether VRs are there: what was announced may be wrong. */
  detectEncoding: boolean;
  /** Specific Character Set and Pixel Representation hold from here down until an item has its own (PS3.5 7.5.3). */
  characterSet: CharacterSet;
  pixelRepresentation: number;
  lastTag: Tag | undefined;
}

/** A sequence: where items are read into. */
export interface SequenceLevel {
  readonly kind: 'sequence';
  readonly tag: Tag;
  readonly element: DicomElement;
  /** The item that the sequence stands in. */
  readonly within: ItemLevel;
  readonly end: number;
  readonly encoding: Encoding;
  /** A sequence behind VR UN: writers disagree on whether its elements have VRs. */
  readonly detectEncoding: boolean;
}

export type Level = ItemLevel | SequenceLevel;

/** The way down to an element of the last level: `00081140/1/00081155`; item numbers from 1 (PS3.5 7.5). */
export function pathOf(levels: readonly Level[], tag: Tag): string {
  const steps = levels.flatMap((level) => (level.kind === 'sequence' ? [level.tag, String(level.element.Value?.length)] : []));
  return [...steps, tag].join('/');
}
