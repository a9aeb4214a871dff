/** How the elements of a data set stand in bytes (PS3.5 section 7.1 and 7.3). */
export interface Encoding {
  /** Each element names its VR. */
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export const IMPLICIT_LITTLE_ENDIAN: Encoding = { explicit: false, littleEndian: true };
export const EXPLICIT_LITTLE_ENDIAN: Encoding = { explicit: true, littleEndian: true };
export const EXPLICIT_BIG_ENDIAN: Encoding = { explicit: true, littleEndian: false };
