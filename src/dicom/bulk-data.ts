import type { Tag } from './dicom-json.js';

/** Where a value lies that DICOM JSON names by URI only. */
export interface BulkData {
  /** Tags and item numbers (from 1) down to the element: `00081140/1/00081155`. Its BulkDataURI is `bulkdata/` + path. */
  readonly path: string;
  readonly vr: string;
  /** Bytes from the start of the file; of a deflated data set, from the start of its inflated form. */
  readonly offset: number;
  /** Bytes; of encapsulated Pixel Data, its items from the Basic Offset Table on, without the final delimiter. */
  readonly length: number;
}

export const bulkDataUri = (path: string): string => `bulkdata/${path}`;

export const PIXEL_DATA = '7FE00010' as Tag;
export const FLOAT_PIXEL_DATA = '7FE00008' as Tag;
export const DOUBLE_FLOAT_PIXEL_DATA = '7FE00009' as Tag;

/** The three elements that hold an image (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25). */
export const isPixelData = (tag: Tag): boolean => tag === PIXEL_DATA || tag === FLOAT_PIXEL_DATA || tag === DOUBLE_FLOAT_PIXEL_DATA;
