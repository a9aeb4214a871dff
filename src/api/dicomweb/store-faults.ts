import { Fault } from '../../faults.js';

/** The body is of no media type that instances come in (PS3.18 10.5.1). */
export class NotDicomBody extends Fault {
  readonly code = 'not-a-dicom-body';
  readonly status = 415;

  constructor() {
    super(
      'The body must be multipart/related with type="application/dicom", "application/dicom+json" or "application/dicom+xml", or one application/dicom instance.',
    );
  }
}

/** The body is compressed in a way this server does not undo (RFC 9110 8.4). */
export class EncodedBody extends Fault {
  readonly code = 'encoded-body';
  readonly status = 415;

  constructor() {
    super('The body may have one Content-Encoding: gzip, deflate, br or zstd.');
  }
}

/** The body is not what its Content-Encoding says, or ends too early. */
export class MalformedEncoding extends Fault {
  readonly code = 'malformed-encoding';
  readonly status = 400;

  constructor() {
    super('The body cannot be decompressed as its Content-Encoding says.');
  }
}

/** The request is larger than this server takes. What came before the limit is stored. */
export class StoreRequestTooLarge extends Fault {
  readonly code = 'store-request-too-large';
  readonly status = 413;

  constructor(limitMib: number) {
    super(`A store request may have ${limitMib} MiB at most.`);
  }
}

/** A compressed body grows as no images do: it is meant to fill the disk. */
export class AbsurdCompression extends Fault {
  readonly code = 'absurd-compression';
  readonly status = 413;

  constructor() {
    super('The compressed body holds far more than any images that are compressed so well.');
  }
}

/** A part is of another media type than the request announced for its parts. */
export class ForeignPart extends Fault {
  readonly code = 'foreign-part';
  readonly status = 400;

  constructor() {
    super('The media type of the part is not the one the request announced.');
  }
}

/** The metadata of one part, or of all instances that still wait for their bulk data, is more than is held in memory. */
export class MetadataTooLarge extends Fault {
  readonly code = 'metadata-too-large';
  readonly status = 413;

  constructor() {
    super('The metadata is larger than the server takes.');
  }
}

/** No part has the Content-Location that a BulkDataURI names. */
export class BulkDataMissing extends Fault {
  readonly code = 'bulk-data-missing';
  readonly status = 400;

  constructor(readonly tag: string) {
    super('Referenced bulk data is missing.');
  }
}

/** More than one part has the Content-Location of a value that is one part. */
export class BulkDataTwice extends Fault {
  readonly code = 'bulk-data-twice';
  readonly status = 400;

  constructor(readonly tag: string) {
    super('Bulk data came more than once.');
  }
}

/** A part of bulk data in big endian or deflated: octets are little endian, as they are (PS3.18 8.7.3.3.2). */
export class BulkDataNotNative extends Fault {
  readonly code = 'bulk-data-not-native';
  readonly status = 400;

  constructor(readonly tag: string) {
    super('Octets of bulk data must be native little endian.');
  }
}

/** A part of bulk data that no instance of the request refers to: it would be lost without a word. */
export class BulkDataUnreferenced extends Fault {
  readonly code = 'bulk-data-unreferenced';
  readonly status = 400;

  constructor() {
    super('Bulk data that no BulkDataURI names.');
  }
}
