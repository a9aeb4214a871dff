/** What a reader takes from outside before it refuses. */
export interface ReaderLimits {
  /** Longest binary value that DICOM JSON holds inline, bytes; a longer one is named by BulkDataURI. */
  readonly bulkThresholdBytes: number;
  /** The same for text and numbers. */
  readonly inlineBytes: number;
  /** All of the header together: values, plus 64 bytes an element and 8 a value. */
  readonly headerBytes: number;
  readonly elements: number;
  /** Sequences within sequences. */
  readonly depth: number;
  /** Longest Extended Offset Table that is read, bytes (8 a frame). */
  readonly offsetTableBytes: number;
  /** A deflated data set, inflated, bytes. */
  readonly inflatedBytes: number;
  /** From `inflatedUnsuspectedBytes` on, how many times its deflated size a data set may have: no image deflates so well. */
  readonly inflationRatio: number;
  readonly inflatedUnsuspectedBytes: number;
}

const MIB = 1024 * 1024;

export const READER_LIMITS: ReaderLimits = {
  bulkThresholdBytes: 1024,
  inlineBytes: 64 * 1024,
  headerBytes: 64 * MIB,
  elements: 1_000_000,
  depth: 64,
  offsetTableBytes: 16 * MIB,
  inflatedBytes: 512 * MIB,
  inflationRatio: 200,
  inflatedUnsuspectedBytes: 64 * MIB,
};

/** What an element costs besides its value, in the account of memory. */
export const ELEMENT_COST_BYTES = 64;
/** What each value of an element costs besides: a kilobyte of backslashes is a thousand values. */
export const VALUE_COST_BYTES = 8;
