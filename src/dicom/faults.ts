import { Fault } from '../faults.js';
import type { Tag } from './dicom-json.js';

/** Where in the bytes something was found. */
export interface Place {
  readonly tag?: Tag | undefined;
  /** Bytes from the start of the file; of a deflated data set, from the start of its inflated form. */
  readonly byteOffset?: number | undefined;
}

/** Something is wrong with DICOM that came from outside. */
export abstract class DicomFault extends Fault {
  readonly status: number = 400;
  readonly tag: Tag | undefined;
  readonly byteOffset: number | undefined;

  constructor(message: string, place: Place = {}) {
    super(message + wordsFor(place));
    this.tag = place.tag;
    this.byteOffset = place.byteOffset;
  }
}

function wordsFor({ tag, byteOffset }: Place): string {
  const element = tag === undefined ? '' : ` Element (${tag.slice(0, 4)},${tag.slice(4)}).`;
  return element + (byteOffset === undefined ? '' : ` Byte ${byteOffset}.`);
}

/** No 128-byte preamble followed by "DICM" (PS3.10 7.1). */
export class NotPart10 extends DicomFault {
  readonly code = 'not-part10';
  constructor() {
    super('This is not a DICOM file (PS3.10): the preamble and its prefix are missing.');
  }
}

/** The bytes end inside an element, a sequence or a fragment. */
export class Truncated extends DicomFault {
  readonly code = 'truncated';
  constructor(place: Place) {
    super('The file ends before its data set does.', place);
  }
}

/** A tag, VR, length or delimiter stands where PS3.5 section 7 does not allow it. */
export class MalformedElement extends DicomFault {
  readonly code = 'malformed-element';
  constructor(reason: string, place: Place) {
    super(`The data set cannot be read: ${reason}.`, place);
  }
}

/** An identifier that every composite instance has is absent or empty. */
export class MissingUid extends DicomFault {
  readonly code = 'missing-uid';
  constructor(tag: Tag) {
    super('An identifier that every instance must have is missing.', { tag });
  }
}

/** Text that is no UID (PS3.5 9.1). */
export class MalformedUid extends DicomFault {
  readonly code = 'malformed-uid';
  constructor(tag?: Tag) {
    super('A UID is 1 to 64 characters, digits and dots, with no empty component.', { tag });
  }
}

/** The File Meta Information names no transfer syntax: the data set could only be guessed at. */
export class MissingTransferSyntax extends DicomFault {
  readonly code = 'missing-transfer-syntax';
  constructor() {
    super('The File Meta Information has no Transfer Syntax UID.');
  }
}

/** A transfer syntax that PS3.6 does not know. */
export class UnsupportedTransferSyntax extends DicomFault {
  readonly code = 'unsupported-transfer-syntax';
  constructor() {
    super('The transfer syntax is not one that this server can read.');
  }
}

/** A DICOMDIR: a valid file (PS3.10), but no composite instance that could be stored. */
export class NotStorable extends DicomFault {
  readonly code = 'not-storable';
  constructor() {
    super('A Media Storage Directory is not an instance that can be stored.');
  }
}

/** More header than any instance has: the memory for it is bounded. */
export class HeaderTooLarge extends DicomFault {
  readonly code = 'header-too-large';
  constructor(place: Place) {
    super('The data set holds more than the server takes besides bulk data.', place);
  }
}

/** Sequences nested deeper than the bound. */
export class SequenceTooDeep extends DicomFault {
  readonly code = 'sequence-too-deep';
  constructor(place: Place) {
    super('Sequences are nested deeper than the server takes.', place);
  }
}

/** A deflated data set inflates to more than the bound, or is no deflate stream's plausible content. */
export class InflatedTooLarge extends DicomFault {
  readonly code = 'inflated-too-large';
  constructor() {
    super('The deflated data set is larger, once inflated, than the server takes.');
  }
}

/** The deflated data set is not a deflate stream (RFC 1951). */
export class MalformedDeflate extends DicomFault {
  readonly code = 'malformed-deflate';
  constructor() {
    super('The deflated data set cannot be inflated.');
  }
}

/** A value in DICOM JSON that its VR cannot hold, met when writing. */
export class UnwritableValue extends DicomFault {
  readonly code = 'unwritable-value';
  constructor(reason: string, tag: Tag) {
    super(`A value cannot be written: ${reason}.`, { tag });
  }
}

/** An element that came with another VR than PS3.6 gives its tag. */
export class WrongVr extends DicomFault {
  readonly code = 'wrong-vr';
  constructor(tag: Tag) {
    super('An element has another VR than PS3.6 gives it.', { tag });
  }
}

/** A public tag that PS3.6 does not have. */
export class UnknownAttribute extends DicomFault {
  readonly code = 'unknown-attribute';
  constructor(tag: Tag) {
    super('There is no such attribute in PS3.6.', { tag });
  }
}

/** Metadata in JSON (PS3.18 Annex F) or XML (PS3.19 A.1) that is not what its media type says. */
export class MalformedMetadata extends DicomFault {
  readonly code = 'malformed-metadata';
  constructor(
    reason: string,
    override readonly cause?: unknown,
  ) {
    super(`The metadata cannot be read: ${reason}.`);
  }
}
